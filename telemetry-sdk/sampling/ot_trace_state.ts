import { createTraceState, type TraceState } from "@opentelemetry/api";

/** OpenTelemetry's own member of `tracestate`. */
const MEMBER = "ot";

/** The longest value of one member, of the whole, and the most members, by W3C Trace Context. */
const MAX_VALUE_CHARS = 256;
const MAX_CHARS = 512;
const MAX_MEMBERS = 32;

/** A threshold or a randomness has 56 bits. */
const DIGITS = 14;
const POPULATION = 2 ** 56;

/** The threshold that rejects nothing, as `th` writes it. */
export const NOTHING_REJECTED = "0";

/**
 * The randomness of a trace: `rv` where it is given, else the last 56 bits of the trace id.
 *
 * @returns 14 hexadecimal digits, which compare as text as their numbers do.
 * @see https://opentelemetry.io/docs/specs/otel/trace/tracestate-probability-sampling/
 */
export function randomnessOf(traceId: string, traceState: TraceState | undefined): string {
  const explicit = subKey(traceState?.get(MEMBER), "rv");
  return explicit !== undefined && /^[0-9a-f]{14}$/.test(explicit)
    ? explicit
    : traceId.slice(-DIGITS);
}

/**
 * The rejection threshold by which a trace was sampled.
 *
 * @returns 14 hexadecimal digits; `undefined` where there is none, or none that can be read.
 */
export function thresholdOf(traceState: TraceState | undefined): string | undefined {
  const threshold = subKey(traceState?.get(MEMBER), "th");
  return threshold !== undefined && /^[0-9a-f]{1,14}$/i.test(threshold)
    ? threshold.toLowerCase().padEnd(DIGITS, "0")
    : undefined;
}

/** Whether a trace of this randomness is among those that the threshold lets through. */
export function passes(randomness: string, threshold: string): boolean {
  return randomness >= threshold;
}

/**
 * Writes or erases the threshold. The other sub-keys and the other members stay as they are. Where
 * it would not fit within the limits it is not written: a span without one says that its count is
 * not known, a member that somebody else lost would say nothing at all.
 *
 * @param traceState What the span would otherwise carry.
 * @param threshold As `th` writes it; nothing erases it.
 * @returns The same object where nothing changed.
 */
export function withThreshold(
  traceState: TraceState | undefined,
  threshold: string | undefined,
): TraceState | undefined {
  const current = traceState?.get(MEMBER);
  const others = withoutSubKey(current, "th");
  if (threshold !== undefined) {
    const value = others === "" ? `th:${threshold}` : `${others};th:${threshold}`;
    if (value === current) return traceState;
    const written = write(traceState, value);
    if (written !== undefined) return written;
  }
  if (traceState === undefined || current === undefined || others === current) return traceState;
  return others === "" ? traceState.unset(MEMBER) : traceState.set(MEMBER, others);
}

/**
 * How many spans a sampled span stands for.
 *
 * @param traceState The span's; `span.spanContext().traceState`.
 * @returns 1 / probability, or `undefined` where the probability is not known.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createTraceState } from "@opentelemetry/api";
 * import { adjustedCount } from "@echelon/telemetry-sdk";
 *
 * assert.equal(adjustedCount(createTraceState("ot=th:c")), 4);
 * assert.equal(adjustedCount(undefined), undefined);
 * ```
 */
export function adjustedCount(traceState: TraceState | undefined): number | undefined {
  const threshold = thresholdOf(traceState);
  if (threshold === undefined) return undefined;
  return POPULATION / (POPULATION - Number.parseInt(threshold, 16));
}

function write(traceState: TraceState | undefined, value: string): TraceState | undefined {
  if (value.length > MAX_VALUE_CHARS) return undefined;
  if (traceState === undefined) return createTraceState(`${MEMBER}=${value}`);
  const written = traceState.set(MEMBER, value);
  // Some implementations refuse what is too long without a word, others take anything.
  if (written.get(MEMBER) !== value) return undefined;
  const text = written.serialize();
  return text.length <= MAX_CHARS && text.split(",").length <= MAX_MEMBERS ? written : undefined;
}

function subKey(member: string | undefined, key: string): string | undefined {
  return member?.split(";").find((entry) => entry.startsWith(`${key}:`))?.slice(key.length + 1);
}

function withoutSubKey(member: string | undefined, key: string): string {
  if (member === undefined || !member.includes(`${key}:`)) return member ?? "";
  return member.split(";").filter((entry) => !entry.startsWith(`${key}:`)).join(";");
}
