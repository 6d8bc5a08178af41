/** Names that are written by mistake so often, and unlike enough, that nearness does not find them. */
const ALIASES: Readonly<Record<string, string>> = {
  OTEL_ENDPOINT: "OTEL_EXPORTER_OTLP_ENDPOINT",
  OTEL_EXPORTER_ENDPOINT: "OTEL_EXPORTER_OTLP_ENDPOINT",
  OTEL_OTLP_ENDPOINT: "OTEL_EXPORTER_OTLP_ENDPOINT",
  OTEL_EXPORTER_HEADERS: "OTEL_EXPORTER_OTLP_HEADERS",
  OTEL_EXPORTER: "OTEL_TRACES_EXPORTER",
  OTEL_SAMPLER: "OTEL_TRACES_SAMPLER",
  OTEL_TRACES_SAMPLER_RATIO: "OTEL_TRACES_SAMPLER_ARG",
  OTEL_DISABLED: "OTEL_SDK_DISABLED",
  OTEL_SERVICE: "OTEL_SERVICE_NAME",
  OTEL_METRICS_EXPORT_INTERVAL: "OTEL_METRIC_EXPORT_INTERVAL",
  OTEL_METRICS_EXPORT_TIMEOUT: "OTEL_METRIC_EXPORT_TIMEOUT",
};

/** More letters than this apart, two names have nothing to do with each other. */
const FARTHEST = 2;

/**
 * The name that was meant, if one is near.
 *
 * @param name What was written.
 * @param known The names that there are.
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const alias = ALIASES[name];
  if (alias !== undefined) return alias;
  const ranked = known.map((candidate) => ({ candidate, far: distance(name, candidate) }))
    .filter(({ far }) => far <= FARTHEST)
    .sort((a, b) => a.far - b.far);
  return ranked[0]?.candidate;
}

/**
 * How a name is written wrong most of the time: a letter left out, two changed over, one too many an `S`. For
 * looking such names up where the environment may not be listed.
 *
 * @param name A name that there is.
 * @returns What was written, and what was meant.
 */
export function misspellings(known: readonly string[]): Map<string, string> {
  const found = new Map(Object.entries(ALIASES));
  for (const name of known) {
    for (let at = "OTEL_".length; at < name.length; at++) {
      const [before, letter, after] = [name.slice(0, at), name.charAt(at), name.slice(at + 1)];
      found.set(before + after, name);
      found.set(before + after.charAt(0) + letter + after.slice(1), name);
    }
    for (const { index } of name.matchAll(/(?<=_.*)_|$/g)) {
      found.set(`${name.slice(0, index)}S${name.slice(index)}`, name);
    }
  }
  for (const name of known) found.delete(name);
  return found;
}

/** How many letters are to be put in, left out, replaced or changed over to make one word of another. */
function distance(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > FARTHEST) return FARTHEST + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row++) {
    const current = [row];
    for (let column = 1; column <= other.length; column++) {
      const same = one[row - 1] === other[column - 1];
      let cost = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      if (
        row > 1 && column > 1 && one[row - 1] === other[column - 2] &&
        one[row - 2] === other[column - 1]
      ) {
        cost = Math.min(cost, (beforeLast[column - 2] ?? 0) + 1);
      }
      current.push(cost);
    }
    [beforeLast, last] = [last, current];
  }
  return last[other.length] ?? 0;
}
