/** What did not end in time. */
export class TimeLimitError extends Error {
  override readonly name = "TimeLimitError";
}

/**
 * Waits for an operation, but not for ever. What goes on after the limit is left to itself.
 *
 * @param millis The longest to wait.
 * @param work The operation; its signal aborts at the limit.
 * @throws {TimeLimitError} At the limit.
 */
export async function withinTime<T>(
  millis: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const error = new TimeLimitError(`no end within ${millis} ms`);
  const expired = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    limit.abort(error);
    expired.reject(error);
  }, millis);
  try {
    return await Promise.race([work(limit.signal), expired.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** What went wrong in the end: `fetch` says no more than "fetch failed". */
export function rootMessage(error: unknown): string {
  let innermost = error;
  while (innermost instanceof Error && innermost.cause instanceof Error) {
    innermost = innermost.cause;
  }
  return innermost instanceof Error ? innermost.message : String(innermost);
}
