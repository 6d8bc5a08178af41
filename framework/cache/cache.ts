import { createLogger } from "../telemetry/logger.ts";
import { Background } from "./background.ts";
import { type Found, Levels } from "./levels.ts";
import { MemoryStore } from "./memory_store.ts";
import type { CacheOptions } from "./options.ts";
import { type Flight, SingleFlight } from "./single_flight.ts";
import type { CacheEntry } from "./store.ts";
import { StoreFailures } from "./store_failures.ts";
import { CacheTelemetry, observeSize } from "./telemetry.ts";
import {
  type CacheClock,
  type CacheLoadOptions,
  type CacheSetOptions,
  type CacheTerms,
  checkJitter,
  checkKey,
  checkTag,
  checkTtl,
  checkValue,
  loadedEntry,
  newEntry,
  readTerms,
} from "./terms.ts";

const DEFAULT_TTL = 300;

/**
 * Keeps what is costly to find out, in one store or in two. Look-ups and writes are spans, hits and
 * misses are counted, wherever an OpenTelemetry SDK is registered.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Cache } from "@echelon/framework/cache";
 *
 * const cache = new Cache({ name: "prices" });
 * let asked = 0;
 * const price = () => cache.getOrSet("tea", () => Promise.resolve(++asked), { ttl: 60 });
 *
 * const prices = await Promise.all([price(), price(), price()]);
 * assert(prices.join() === "1,1,1");
 * ```
 */
export class Cache {
  /** Tells caches apart in metrics and logs. */
  readonly name: string;
  readonly #defaults: { readonly ttl: number; readonly jitter: number };
  readonly #clock: CacheClock;
  readonly #failures: StoreFailures;
  readonly #levels: Levels;
  readonly #telemetry: CacheTelemetry;
  readonly #flights = new SingleFlight<Found | undefined, unknown>();
  readonly #background: Background;
  #invalidations = 0;

  /**
   * @param options Every one may be left out.
   * @throws {RangeError} When a time or share is out of its range.
   */
  constructor(options: CacheOptions = {}) {
    const { name = "default", ttl = DEFAULT_TTL, jitter = 0, nearTtl = Infinity } = options;
    checkTtl("ttl", ttl);
    checkTtl("nearTtl", nearTtl);
    checkJitter(jitter);
    this.name = name;
    this.#defaults = { ttl, jitter };
    this.#clock = { now: options.now ?? Date.now, random: options.random ?? Math.random };
    const logger = options.logger ?? createLogger({ name: "echelon.cache" });
    this.#failures = new StoreFailures(
      options.onStoreError ?? "degrade",
      logger.child({ cache: name }),
    );
    const stores = options.stores ?? [new MemoryStore()];
    for (const store of stores) if (store instanceof MemoryStore) observeSize(name, store);
    this.#levels = new Levels({
      stores,
      now: this.#clock.now,
      nearMillis: nearTtl * 1000,
      failures: this.#failures,
    });
    const { keys = "plain", emit } = options;
    this.#telemetry = new CacheTelemetry({ name, keys, emit });
    this.#background = new Background(this.#telemetry, this.#failures);
  }

  /** The time that the cache goes by, in milliseconds since the epoch. */
  now(): number {
    return this.#clock.now();
  }

  /**
   * How often `invalidateTag` and `clear` were called: who computed a value across such a call must
   * not `set` it.
   */
  get invalidations(): number {
    return this.#invalidations;
  }

  /**
   * The fresh value under a key, or `undefined`. It is shared with everyone who asks: do not change
   * it.
   *
   * @throws {TypeError} When the key is empty or not well-formed text.
   */
  async get<T = unknown>(key: string): Promise<T | undefined> {
    checkKey(key);
    const found = await this.#telemetry.lookUp(key, () => this.#levels.findFresh(key));
    // What a key holds is for those to know who share it.
    return found?.entry.value as T | undefined;
  }

  /**
   * Keeps a value in every store.
   *
   * @throws {CacheValueError} When the value is larger than the last store takes, or cannot be
   *   copied into it. What was there before is gone then.
   * @throws {TypeError} When the key or a tag is not well-formed text, or the value cannot be kept:
   *   `undefined`, a promise, a `Response`.
   * @throws {RangeError} When a time or share is out of its range.
   */
  async set(key: string, value: unknown, options: CacheSetOptions = {}): Promise<void> {
    checkKey(key);
    if (value === undefined) {
      throw new TypeError("Cannot cache undefined: delete the key, or keep null");
    }
    checkValue(value);
    const entry = newEntry(value, readTerms(options, this.#defaults), this.#clock);
    this.#overtake(key);
    await this.#telemetry.write(key, entry, () => this.#levels.set(key, entry));
  }

  /**
   * Removes a value from every store; whether there was one. What is being loaded for it meanwhile is
   * not kept. It rejects where a store fails: the value may be served again.
   */
  async delete(key: string): Promise<boolean> {
    checkKey(key);
    this.#overtake(key);
    return await this.#telemetry.remove(key, () => this.#levels.delete(key));
  }

  /** Removes every value that was kept with this tag; otherwise like `delete`. */
  async invalidateTag(tag: string): Promise<void> {
    checkTag(tag);
    this.#invalidations += 1;
    this.#flights.overtakeAll(tag);
    this.#background.overtakeAll(tag);
    await this.#telemetry.removeTag(tag, () => this.#levels.deleteTag(tag));
  }

  /** Removes every value; otherwise like `delete`. */
  async clear(): Promise<void> {
    this.#invalidations += 1;
    this.#flights.overtakeAll();
    this.#background.overtakeAll();
    await this.#telemetry.clear(() => this.#levels.clear());
  }

  /**
   * The value under a key, or what `loader` finds out, which is then kept. Whoever asks while it is
   * being loaded waits for the same load: one at a time for each key in this process. What the
   * loader throws is not kept, and reaches everyone who waited.
   *
   * A value that is stale within `staleWhileRevalidate` is returned at once, and one load begins in
   * the background.
   *
   * @param key What to look under.
   * @param loader Finds the value out.
   * @param options For how long to keep it; those of whoever began the load count.
   *
   * @example
   * ```ts
   * import assert from "node:assert/strict";
   * import { Cache } from "@echelon/framework/cache";
   *
   * const cache = new Cache();
   * const user = await cache.getOrSet("user:7", () => Promise.resolve({ name: "Ada" }), {
   *   ttl: 60,
   *   staleWhileRevalidate: 300,
   *   jitter: 0.1,
   *   negativeTtl: 5,
   *   tags: ["users"],
   * });
   * assert(user.name === "Ada");
   * await cache.invalidateTag("users");
   * ```
   */
  async getOrSet<T>(
    key: string,
    loader: () => T | Promise<T>,
    options: CacheLoadOptions = {},
  ): Promise<T> {
    checkKey(key);
    const terms = readTerms(options, this.#defaults);
    const joined = this.#flights.get(key);
    if (joined !== undefined) {
      await this.#telemetry.lookUp(key, () => joined.found);
      return await joined.value as T;
    }
    const refreshing = this.#background.get(key);
    const found = this.#telemetry.lookUp(key, () => this.#levels.find(key));
    if (found !== undefined && !(found instanceof Promise) && !found.stale) {
      return found.entry.value as T;
    }
    const flight = this.#flights.begin(key, {
      found: Promise.resolve(found),
      tags: terms.tags,
      proceed: (found, flight) => {
        if (found === undefined) {
          // It began before this look-up and knows at least as much.
          const fromRefresh = refreshing !== undefined && !refreshing.overtaken;
          return fromRefresh ? refreshing.value : this.#load(key, loader, { terms, flight });
        }
        if (found.stale) this.#refresh(key, loader, terms);
        return found.entry.value;
      },
    });
    return await flight.value as T;
  }

  /**
   * Runs work for a key in the background, in a trace of its own with a link to this one; one at a
   * time for each key. What it throws is recorded there, and logged.
   */
  refreshInBackground(key: string, work: () => Promise<unknown>): void {
    this.#background.begin(key, [], work);
  }

  /** Resolves when nothing runs in the background: before an exit, or in a test. */
  async settled(): Promise<void> {
    await this.#background.settled();
  }

  #refresh(key: string, loader: () => unknown, terms: CacheTerms): void {
    this.#background.begin(key, terms.tags, async (flight) => {
      const value = await this.#load(key, loader, { terms, flight });
      const gone = loadedEntry(value, terms, this.#clock) === undefined;
      if (gone && !flight.overtaken) await this.delete(key);
      return value;
    });
  }

  async #load(
    key: string,
    loader: () => unknown,
    { terms, flight }: { terms: CacheTerms; flight: Flight<unknown, unknown> },
  ): Promise<unknown> {
    const value = await loader();
    checkValue(value);
    const entry = loadedEntry(value, terms, this.#clock);
    if (entry === undefined || flight.overtaken) return value;
    await this.#telemetry.write(key, entry, () => this.#keepLoaded(key, entry));
    // Overtaken while it was being written: the removal may have come first.
    if (flight.overtaken) await this.#levels.delete(key);
    return value;
  }

  /** Whoever asked has the value, whether or not it can be kept. */
  async #keepLoaded(key: string, entry: CacheEntry): Promise<void> {
    try {
      await this.#levels.set(key, entry);
    } catch (error) {
      this.#failures.failed("value", error);
    }
  }

  #overtake(key: string): void {
    this.#flights.overtake(key);
    this.#background.overtake(key);
  }
}
