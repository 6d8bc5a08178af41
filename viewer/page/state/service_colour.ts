/** How many colours the style sheets know, as classes `service-0` and on. */
export const SERVICE_COLOURS = 8;

const given = new Map<string, number>();

/**
 * The class of a service's colour, the same wherever it is shown. Two services share one only when
 * there are more services than colours, and a name always stands beside the colour.
 */
export function serviceClass(service: string): string {
  return `service-${colourOf(service)}`;
}

function colourOf(service: string): number {
  const known = given.get(service);
  if (known !== undefined) return known;
  const taken = new Set(given.values());
  let colour = hash(service) % SERVICE_COLOURS;
  for (let tries = 0; taken.has(colour) && tries < SERVICE_COLOURS; tries++) {
    colour = (colour + 1) % SERVICE_COLOURS;
  }
  // A stream of made-up names must not grow this for ever.
  if (given.size < 1000) given.set(service, colour);
  return colour;
}

/** Any would do; with this one the services of the example have the plainest colours. */
const SEED = 65179;

function hash(text: string): number {
  let value = SEED;
  for (let i = 0; i < Math.min(text.length, 200); i++) {
    value = Math.imul(value ^ text.charCodeAt(i), 16_777_619);
  }
  return value >>> 15;
}
