import { setTimeout } from "node:timers/promises";

/** How often a write that met another is tried, and how long it waits in between. */
export interface RetryOptions {
  /** How often it is tried in all; 30 unless told. */
  readonly attempts?: number;
  /** The longest wait before the second attempt; it doubles with each. 2 ms unless told. */
  readonly baseMillis?: number;
  /** The longest wait of all; 200 ms unless told. */
  readonly maxMillis?: number;
}

/** What an attempt returns that lost a version check, and may win the next time. */
export const CONFLICT: unique symbol = Symbol("conflict");

/**
 * Tries until an attempt does not meet another writer.
 *
 * @param attempt One attempt, which reads anew what it builds on.
 * @param options How often, and the waits.
 * @returns What the attempt returned, or `CONFLICT` where each of them met another writer.
 */
export async function retryConflicts<T>(
  attempt: () => Promise<T | typeof CONFLICT>,
  options: Required<RetryOptions>,
): Promise<T | typeof CONFLICT> {
  for (let tried = 1;; tried++) {
    const result = await attempt();
    if (result !== CONFLICT || tried >= options.attempts) return result;
    await setTimeout(jitteredMillis(tried, options));
  }
}

/**
 * How long to wait after so many attempts: random up to a limit that doubles ("full jitter"), because
 * contenders that waited equally long would meet again.
 */
export function jitteredMillis(
  tried: number,
  { baseMillis, maxMillis }: Pick<Required<RetryOptions>, "baseMillis" | "maxMillis">,
): number {
  return Math.random() * Math.min(maxMillis, baseMillis * 2 ** (tried - 1));
}

/**
 * The retry options with their defaults.
 *
 * @throws {RangeError} When one is not a number that makes sense.
 */
export function resolveRetry(options: RetryOptions = {}): Required<RetryOptions> {
  const { attempts = 30, baseMillis = 2, maxMillis = 200 } = options;
  if (!Number.isInteger(attempts) || attempts < 1) {
    throw new RangeError(`"retry.attempts" is ${attempts}: expected a positive integer`);
  }
  for (const [name, value] of [["baseMillis", baseMillis], ["maxMillis", maxMillis]] as const) {
    if (!(value >= 0 && value < Infinity)) {
      throw new RangeError(`"retry.${name}" is ${value}: expected milliseconds, zero or more`);
    }
  }
  return { attempts, baseMillis, maxMillis };
}
