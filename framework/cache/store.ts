/** A value as a store keeps it. Times are in milliseconds since the epoch; `Infinity` is no end. */
export interface CacheEntry {
  /** What was cached; `null` and `undefined` too, where negative results are. */
  readonly value: unknown;
  /** When it was stored. */
  readonly storedAt: number;
  /** Until when it is fresh. */
  readonly freshUntil: number;
  /** Until when it may be served stale while it is refreshed; `freshUntil` or later. */
  readonly expiresAt: number;
  /** What it can be invalidated by. */
  readonly tags: readonly string[];
}

/**
 * Where a cache keeps its entries. A store need not look at the times of an entry: the cache checks
 * them itself on every read, since what stores do about expiry is rarely exact. It may use
 * `expiresAt` to let go of an entry.
 *
 * A store that answers at once returns the value itself, not a promise, and saves the caller a turn.
 * Failures are thrown, or rejected with; the cache decides what becomes of them.
 */
export interface CacheStore {
  /** What telemetry calls it, in `cache.source`: few values, such as `memory` or `kv`. */
  readonly source: string;
  /** The entry under a key, expired or not, or `undefined`. */
  get(key: string): CacheEntry | undefined | Promise<CacheEntry | undefined>;
  /**
   * Keeps an entry, and its tags, in place of the one before.
   *
   * @throws {CacheValueError} When this value can never be kept here.
   */
  set(key: string, entry: CacheEntry): void | Promise<void>;
  /** Removes an entry; whether there was one. */
  delete(key: string): boolean | Promise<boolean>;
  /** Removes every entry that has this tag. */
  deleteTag(tag: string): void | Promise<void>;
  /** Removes every entry. */
  clear(): void | Promise<void>;
}

/** Why a store refuses a value: it is larger than the store takes, or cannot be copied into it. */
export type CacheValueFault = "too large" | "not serializable";

/**
 * A value that a store can never keep. The message holds no key, so that it can be logged where
 * keys are private.
 */
export class CacheValueError extends Error {
  override readonly name: string = "CacheValueError";
  /** What is wrong with the value. */
  readonly fault: CacheValueFault;

  /**
   * @param fault What is wrong with the value.
   * @param message What was wrong, where, and what would be right.
   * @param options The error underneath, where there is one.
   */
  constructor(fault: CacheValueFault, message: string, options: ErrorOptions = {}) {
    super(message, options);
    this.fault = fault;
  }
}
