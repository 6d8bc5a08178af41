const FIRST_BACKOFF_MILLIS = 1000;
const LONGEST_BACKOFF_MILLIS = 8000;
/** What an attempt needs to have a chance; a longer Retry-After is shortened to leave this much. */
const LAST_ATTEMPT_MILLIS = 1000;

/** What is known when an attempt failed in a way that may pass. */
export interface RetrySituation {
  /** How many attempts have failed. */
  readonly attempts: number;
  /** What is left until the deadline. */
  readonly remainingMillis: number;
  /** What the receiver asked for, if it did. */
  readonly retryAfterMillis?: number | undefined;
  /** A number from 0 to 1. */
  readonly random: number;
}

/**
 * How long to wait before the next attempt.
 *
 * @returns The delay in milliseconds, or `undefined` when no attempt fits before the deadline.
 */
export function retryDelay(
  { attempts, remainingMillis, retryAfterMillis = 0, random }: RetrySituation,
):
  | number
  | undefined {
  const ceiling = Math.min(FIRST_BACKOFF_MILLIS * 2 ** (attempts - 1), LONGEST_BACKOFF_MILLIS);
  // Half fixed, half random: many senders that failed together must not come back together.
  const backoff = ceiling * (0.5 + random / 2);
  const latest = remainingMillis - LAST_ATTEMPT_MILLIS;
  const asked = Math.min(retryAfterMillis, latest);
  const delay = Math.max(backoff, asked);
  return delay <= latest ? delay : undefined;
}

/**
 * Reads a `Retry-After` header: seconds, or a date.
 *
 * @param value The header's value.
 * @param now The present, in milliseconds since the epoch.
 * @returns A positive number of milliseconds; `undefined` for what is absent, past or malformed, so that the
 * sender's own backoff counts. A zero must not lead to retries without a pause.
 */
export function parseRetryAfter(value: string | null, now: number): number | undefined {
  if (value === null) return undefined;
  const text = value.trim();
  const millis = /^\d+$/.test(text)
    ? Number(text) * 1000
    : /[a-z]/i.test(text)
    ? Date.parse(text) - now
    : NaN;
  return millis > 0 ? millis : undefined;
}
