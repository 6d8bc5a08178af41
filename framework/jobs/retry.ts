/** How often and how soon a failed job is tried again. */
export interface RetryOptions {
  /** How many attempts a job gets in all; 5 unless told, 1 for no retry. */
  readonly attempts?: number;
  /** The longest wait before the second attempt, in milliseconds; it doubles with each: 1,000. */
  readonly baseMillis?: number;
  /** What no wait exceeds, in milliseconds: 15 minutes. */
  readonly maxMillis?: number;
}

/** {@linkcode RetryOptions} with every value known and checked. */
export type RetryPolicy = Required<RetryOptions>;

const DEFAULTS: RetryPolicy = { attempts: 5, baseMillis: 1_000, maxMillis: 15 * 60_000 };

/**
 * Completes and checks a retry policy.
 *
 * @param options What differs from the defaults.
 * @throws {RangeError} When there would be no attempt, or a wait is negative or not finite.
 */
export function retryPolicy(options: RetryOptions = {}): RetryPolicy {
  const policy = { ...DEFAULTS, ...options };
  if (!Number.isSafeInteger(policy.attempts) || policy.attempts < 1) {
    throw new RangeError(
      `Cannot try a job ${policy.attempts} times: "attempts" is an integer from 1`,
    );
  }
  for (const name of ["baseMillis", "maxMillis"] as const) {
    if (!Number.isFinite(policy[name]) || policy[name] < 0) {
      throw new RangeError(
        `Cannot wait ${policy[name]} ms before a retry: "${name}" is a finite number from 0`,
      );
    }
  }
  return policy;
}

/**
 * How long to wait before the next attempt: anything from nothing to a bound that doubles with each
 * attempt ("full jitter"), so that jobs that failed together do not come back together.
 *
 * @param policy The job's policy.
 * @param attempt The attempt that failed, from 1.
 * @param random Gives a number from 0 to below 1; for tests.
 * @returns Milliseconds.
 */
export function retryDelay(
  policy: RetryPolicy,
  attempt: number,
  random: () => number = Math.random,
): number {
  // Past 2 ** 1023 the bound is Infinity, and Infinity × 0 is NaN: the minimum comes first.
  const bound = Math.min(policy.maxMillis, policy.baseMillis * 2 ** Math.min(attempt - 1, 1_000));
  return Math.floor(random() * bound);
}
