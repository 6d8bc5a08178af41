/** What a limit of Deno KV was exceeded by. */
export interface KvLimitOptions {
  /** The largest value that KV takes. */
  readonly limit: number;
  /** What was given, where it is known. */
  readonly actual?: number | undefined;
  /** KV's own error, where KV found it. */
  readonly cause?: unknown;
}

/**
 * Something is larger than Deno KV takes: a key, a value, a transaction, a batch. Nothing was
 * written. The message names the model or the key's first part, never the rest of a key.
 */
export class KvLimitError extends RangeError {
  override readonly name = "KvLimitError";
  /** The largest value that KV takes. */
  readonly limit: number;
  /** What was given, where it is known; values are measured to within a few bytes. */
  readonly actual: number | undefined;

  /**
   * @param message What is too large, where, and what would be right.
   * @param options The limit, and by what it was exceeded.
   */
  constructor(message: string, options: KvLimitOptions) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.limit = options.limit;
    this.actual = options.actual;
  }
}

/** A key that is none: not an array, empty, or with a part of a type that KV cannot order. */
export class KvKeyError extends TypeError {
  override readonly name = "KvKeyError";
}

/**
 * A queue was asked of a KV that has none: one opened by a remote URL serves state only, and the
 * runtime would wait for its messages for ever.
 */
export class KvQueueError extends Error {
  override readonly name = "KvQueueError";

  /** @param operation What was asked for: `enqueue` or `listenQueue`. */
  constructor(operation: string) {
    super(
      `Cannot call "${operation}" on a KV opened by a remote URL: it serves no queues. ` +
        "Open a local KV for the queue, or keep the work in a job store of another kind",
    );
  }
}
