import { assertInteger } from "./option_checks.ts";

/** How a key stands in its present window. */
export interface RateLimitCount {
  /** Its requests in this window, the one just counted too. */
  readonly hits: number;
  /** How long the window still lasts, in milliseconds. */
  readonly resetMillis: number;
}

/** Where requests are counted. Several processes share one limit by sharing a store. */
export interface RateLimitStore {
  /**
   * Counts one request of a key, in one step that no other request can come between. A key's window
   * begins with its first request.
   *
   * @param key Whose request.
   * @param windowMillis How long a window lasts that begins now.
   */
  hit(key: string, windowMillis: number): RateLimitCount | Promise<RateLimitCount>;
}

/** How a store in memory is set up. */
export interface MemoryRateLimitStoreOptions {
  /** How many keys are kept at most, 100,000 unless told; past it the oldest is forgotten. */
  readonly maxKeys?: number;
  /** A clock in milliseconds that never goes back; the process's own unless told. */
  readonly now?: () => number;
}

/** Counts requests in the process's own memory, which stays bounded. */
export class MemoryRateLimitStore implements RateLimitStore {
  // In the order in which the windows began: the first ones are the first to be over.
  readonly #windows = new Map<string, { hits: number; readonly endsAt: number }>();
  readonly #maxKeys: number;
  readonly #now: () => number;

  /**
   * @param options Every one may be left out.
   * @throws {RangeError} When `maxKeys` is no whole number from 1 on.
   */
  constructor(options: MemoryRateLimitStoreOptions = {}) {
    this.#maxKeys = options.maxKeys ?? 100_000;
    this.#now = options.now ?? (() => performance.now());
    assertInteger("number of keys of a rate limit", this.#maxKeys, { from: 1 });
  }

  /** How many keys are kept now. */
  get size(): number {
    return this.#windows.size;
  }

  /** Counts one request. */
  hit(key: string, windowMillis: number): RateLimitCount {
    const now = this.#now();
    let window = this.#windows.get(key);
    if (window === undefined || window.endsAt <= now) {
      this.#windows.delete(key);
      this.#makeRoom(now);
      window = { hits: 0, endsAt: now + windowMillis };
      this.#windows.set(key, window);
    }
    window.hits += 1;
    return { hits: window.hits, resetMillis: window.endsAt - now };
  }

  #makeRoom(now: number): void {
    for (const [key, { endsAt }] of this.#windows) {
      if (endsAt > now && this.#windows.size < this.#maxKeys) return;
      this.#windows.delete(key);
    }
  }
}
