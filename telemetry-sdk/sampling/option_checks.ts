import type { Sampler } from "@opentelemetry/sdk-trace-base";

/** How a value is shown in an error: in quotes, short, whatever it is. */
export function shown(value: unknown): string {
  const text = typeof value === "string" ? value : Deno.inspect(value, { depth: 1 });
  return `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"`;
}

/**
 * A share, from 0 to 1.
 *
 * @throws {RangeError} When it is anything else.
 */
export function checkedRatio(name: string, value: unknown): number {
  if (typeof value === "number" && value >= 0 && value <= 1) return value;
  throw new RangeError(`Bad "${name}" ${shown(value)}: expected a number from 0 to 1`);
}

/**
 * A finite number, not below `min`.
 *
 * @throws {RangeError} When it is anything else.
 */
export function checkedNumber(name: string, value: unknown, min: number): number {
  if (typeof value === "number" && Number.isFinite(value) && value >= min) return value;
  throw new RangeError(`Bad "${name}" ${shown(value)}: expected a finite number from ${min}`);
}

/**
 * A sampler, as far as that can be told from outside.
 *
 * @throws {TypeError} When it is anything else.
 */
export function checkedSampler(name: string, value: unknown): Sampler {
  if (isSampler(value)) return value;
  throw new TypeError(
    `Bad "${name}" ${shown(value)}: expected a sampler, an object with "shouldSample"`,
  );
}

function isSampler(value: unknown): value is Sampler {
  return typeof value === "object" && value !== null && "shouldSample" in value &&
    typeof value.shouldSample === "function";
}

/**
 * Refuses what is no object, and keys that mean nothing: a mistyped one would be left out silently.
 *
 * @throws {TypeError} When it is no object, or has a key that is not known.
 */
export function checkKeys(name: string, value: unknown, known: readonly string[]): void {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new TypeError(`Bad "${name}" ${shown(value)}: expected an object`);
  }
  const strange = Object.keys(value).find((key) => !known.includes(key));
  if (strange !== undefined) {
    throw new TypeError(
      `Unknown key "${name}.${strange}": expected one of ${known.join(", ")}`,
    );
  }
}
