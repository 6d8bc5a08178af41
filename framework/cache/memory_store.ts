import { estimateBytes } from "./memory_size.ts";
import { type CacheEntry, type CacheStore, CacheValueError } from "./store.ts";

/** The bounds of a {@linkcode MemoryStore}. */
export interface MemoryStoreOptions {
  /** The most entries; 10,000 unless told. */
  readonly maxEntries?: number;
  /** The most bytes, by estimate; 64 MiB unless told. */
  readonly maxBytes?: number;
  /** How many bytes a value takes; estimated unless told. */
  readonly sizeOf?: (value: unknown) => number;
}

interface Kept {
  readonly entry: CacheEntry;
  readonly bytes: number;
}

const DEFAULT_MAX_ENTRIES = 10_000;
const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;

/**
 * Entries in this process's memory, bounded by count and by bytes: past a bound, the ones that were
 * not asked for the longest go first.
 *
 * A value is kept as it is, not as a copy: who gets it must not change it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Cache, MemoryStore } from "@echelon/framework/cache";
 *
 * const store = new MemoryStore({ maxEntries: 2 });
 * const cache = new Cache({ stores: [store] });
 * for (const key of ["a", "b", "c"]) await cache.set(key, key.toUpperCase());
 * assert(await cache.get("a") === undefined && await cache.get("c") === "C");
 * assert(store.size === 2);
 * ```
 */
export class MemoryStore implements CacheStore {
  /** `memory`. */
  readonly source = "memory";
  readonly #maxEntries: number;
  readonly #maxBytes: number;
  readonly #sizeOf: (value: unknown) => number;
  /** In the order in which they were last asked for: a `Map` keeps the order of insertion. */
  readonly #kept = new Map<string, Kept>();
  readonly #keysByTag = new Map<string, Set<string>>();
  #bytes = 0;

  /** @throws {RangeError} When a bound is not above 0. */
  constructor(options: MemoryStoreOptions = {}) {
    const { maxEntries = DEFAULT_MAX_ENTRIES, maxBytes = DEFAULT_MAX_BYTES } = options;
    for (const [name, bound] of Object.entries({ maxEntries, maxBytes })) {
      if (bound > 0) continue;
      throw new RangeError(
        `Cannot make a memory store with ${name} ${bound}: expected a number above 0`,
      );
    }
    this.#maxEntries = maxEntries;
    this.#maxBytes = maxBytes;
    this.#sizeOf = options.sizeOf ?? estimateBytes;
  }

  /** How many entries there are. */
  get size(): number {
    return this.#kept.size;
  }

  /** How many bytes they take, by estimate. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The entry under a key, which becomes the one asked for last. */
  get(key: string): CacheEntry | undefined {
    const kept = this.#kept.get(key);
    if (kept === undefined) return undefined;
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    return kept.entry;
  }

  /** @throws {CacheValueError} When the value alone is larger than the store. */
  set(key: string, entry: CacheEntry): void {
    const bytes = this.#sizeOf(entry.value) + key.length * 2;
    if (!(bytes <= this.#maxBytes)) {
      throw new CacheValueError(
        "too large",
        `Cannot keep a value of ${bytes} bytes in memory: the store holds at most ${this.#maxBytes}`,
      );
    }
    this.delete(key);
    this.#kept.set(key, { entry, bytes });
    this.#bytes += bytes;
    for (const tag of entry.tags) {
      const keys = this.#keysByTag.get(tag);
      if (keys === undefined) this.#keysByTag.set(tag, new Set([key]));
      else keys.add(key);
    }
    this.#evict();
  }

  /** Removes an entry; whether there was one. */
  delete(key: string): boolean {
    const kept = this.#kept.get(key);
    if (kept === undefined) return false;
    this.#kept.delete(key);
    this.#bytes -= kept.bytes;
    for (const tag of kept.entry.tags) {
      const keys = this.#keysByTag.get(tag);
      keys?.delete(key);
      if (keys?.size === 0) this.#keysByTag.delete(tag);
    }
    return true;
  }

  /** Removes every entry that has this tag. */
  deleteTag(tag: string): void {
    for (const key of [...this.#keysByTag.get(tag) ?? []]) this.delete(key);
  }

  /** Removes every entry. */
  clear(): void {
    this.#kept.clear();
    this.#keysByTag.clear();
    this.#bytes = 0;
  }

  #evict(): void {
    for (const key of this.#kept.keys()) {
      if (this.#kept.size <= this.#maxEntries && this.#bytes <= this.#maxBytes) return;
      this.delete(key);
    }
  }
}
