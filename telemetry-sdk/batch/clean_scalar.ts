import type { HrTime } from "@opentelemetry/api";

/** Whether a time is one that fits the 64 bits of nanoseconds. */
export function isTime([seconds, nanoseconds]: HrTime): boolean {
  return Number.isInteger(seconds) && seconds >= 0 && seconds < 18_446_744_073 &&
    Number.isInteger(nanoseconds) && nanoseconds >= 0 && nanoseconds < 1_000_000_000;
}

/** A text that can be encoded, whatever it is made from. */
export function cleanText(text: unknown): string {
  return typeof text === "string" ? text.toWellFormed() : String(text);
}

/**
 * Whether OTLP can hold a number as one: JSON knows neither NaN nor Infinity, and integers are read as 64 bits.
 */
export function isPlainNumber(value: number): boolean {
  return Number.isSafeInteger(value) || (Number.isFinite(value) && !Number.isInteger(value));
}
