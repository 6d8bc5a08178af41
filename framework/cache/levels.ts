import { type CacheEntry, type CacheStore, CacheValueError } from "./store.ts";
import type { StoreFailures } from "./store_failures.ts";

/** One store, or a near one before a far one: memory before KV. */
export type CacheStores = readonly [CacheStore] | readonly [near: CacheStore, far: CacheStore];

/** An entry that was found and has not expired. */
export interface Found {
  readonly entry: CacheEntry;
  /** Which store had it. */
  readonly source: string;
  /** Whether it is past its ttl, and may be served only while it is refreshed. */
  readonly stale: boolean;
}

/** How levels are set up. */
export interface LevelsInit {
  readonly stores: CacheStores;
  readonly now: () => number;
  /** The most milliseconds that the near store keeps what the far one has. */
  readonly nearMillis: number;
  readonly failures: StoreFailures;
}

/** The stores of a cache as one, without any telemetry of their own. */
export class Levels {
  readonly #near: CacheStore;
  readonly #far: CacheStore | undefined;
  readonly #now: () => number;
  readonly #nearMillis: number;
  readonly #failures: StoreFailures;
  /** Which read of the far store may fill the near one: none that a write has overtaken. */
  readonly #reads = new Map<string, symbol>();

  constructor(init: LevelsInit) {
    [this.#near, this.#far] = init.stores;
    this.#now = init.now;
    this.#nearMillis = init.nearMillis;
    this.#failures = init.failures;
  }

  /** What is found under a key, fresh or stale; at once where the near store answers at once. */
  find(key: string): Found | undefined | Promise<Found | undefined> {
    const entry = this.#read(this.#near, key);
    return entry instanceof Promise
      ? entry.then((entry) => this.#go(key, entry))
      : this.#go(key, entry);
  }

  /** What is found under a key, if it is fresh. */
  findFresh(key: string): Found | undefined | Promise<Found | undefined> {
    const found = this.find(key);
    return found instanceof Promise ? found.then(onlyFresh) : onlyFresh(found);
  }

  /**
   * Keeps an entry in every store, the far one first: what it refuses is not kept at all.
   *
   * @throws {CacheValueError} When the last store can never keep this value. The one before is gone
   *   then, so that nobody takes it for the new one.
   */
  async set(key: string, entry: CacheEntry): Promise<void> {
    if (this.#far !== undefined) await this.#write(this.#far, key, entry);
    this.#reads.delete(key);
    await this.#fill(key, entry);
  }

  /** Removes an entry from every store; whether there was one. */
  async delete(key: string): Promise<boolean> {
    const removed = await this.#everywhere((store) => store.delete(key), () => {
      this.#reads.delete(key);
    });
    return removed.includes(true);
  }

  /** Removes what has a tag from every store. */
  async deleteTag(tag: string): Promise<void> {
    await this.#everywhere((store) => store.deleteTag(tag), () => this.#reads.clear());
  }

  /** Empties every store. */
  async clear(): Promise<void> {
    await this.#everywhere((store) => store.clear(), () => this.#reads.clear());
  }

  #go(key: string, entry: CacheEntry | undefined): Found | undefined | Promise<Found | undefined> {
    const near = this.#judge(entry, this.#near);
    const decided = this.#far === undefined || near?.stale === false;
    return decided ? near : this.#findFar(this.#far, key, near);
  }

  /** The far store may know a newer entry than a near one that is stale. */
  async #findFar(
    far: CacheStore,
    key: string,
    near: Found | undefined,
  ): Promise<Found | undefined> {
    const ticket = Symbol();
    this.#reads.set(key, ticket);
    let found: Found | undefined;
    let current = false;
    try {
      found = this.#judge(await this.#read(far, key), far);
    } finally {
      current = this.#reads.get(key) === ticket;
      if (current) this.#reads.delete(key);
    }
    if (current && found !== undefined) await this.#fill(key, found.entry);
    return found ?? near;
  }

  #judge(entry: CacheEntry | undefined, store: CacheStore): Found | undefined {
    if (entry === undefined) return undefined;
    const now = this.#now();
    if (now >= entry.expiresAt) return undefined;
    return { entry, source: store.source, stale: now >= entry.freshUntil };
  }

  #read(
    store: CacheStore,
    key: string,
  ): CacheEntry | undefined | Promise<CacheEntry | undefined> {
    try {
      const entry = store.get(key);
      return entry instanceof Promise ? this.#settle(store, entry) : entry;
    } catch (error) {
      this.#failures.failed(store.source, error);
      return undefined;
    }
  }

  async #settle(
    store: CacheStore,
    reading: Promise<CacheEntry | undefined>,
  ): Promise<CacheEntry | undefined> {
    try {
      const entry = await reading;
      this.#failures.worked(store.source);
      return entry;
    } catch (error) {
      this.#failures.failed(store.source, error);
      return undefined;
    }
  }

  async #write(store: CacheStore, key: string, entry: CacheEntry): Promise<void> {
    try {
      await store.set(key, entry);
      this.#failures.worked(store.source);
    } catch (error) {
      if (!(error instanceof CacheValueError)) return this.#failures.failed(store.source, error);
      await this.delete(key);
      throw error;
    }
  }

  /** Keeps an entry in the near store; with a far one behind it, what does not fit is no error. */
  async #fill(key: string, entry: CacheEntry): Promise<void> {
    if (this.#far === undefined) return this.#write(this.#near, key, entry);
    const until = this.#now() + this.#nearMillis;
    const { freshUntil, expiresAt } = entry;
    const near = until >= expiresAt
      ? entry
      : { ...entry, freshUntil: Math.min(freshUntil, until), expiresAt: until };
    try {
      await this.#near.set(key, near);
    } catch (error) {
      await this.#near.delete(key);
      if (!(error instanceof CacheValueError)) this.#failures.failed(this.#near.source, error);
    }
  }

  /**
   * Removes something from every store, and tries each even when another fails. It never degrades:
   * what was to be forgotten would be served again. A read that began before does not bring it back.
   */
  async #everywhere<T>(
    remove: (store: CacheStore) => T | Promise<T>,
    overtakeReads: () => void,
  ): Promise<T[]> {
    const results: T[] = [];
    const errors: unknown[] = [];
    for (const store of [this.#far, this.#near]) {
      if (store === undefined) continue;
      try {
        results.push(await remove(store));
      } catch (error) {
        errors.push(error);
      }
      overtakeReads();
    }
    if (errors.length > 0) throw errors[0];
    return results;
  }
}

function onlyFresh(found: Found | undefined): Found | undefined {
  return found?.stale ? undefined : found;
}
