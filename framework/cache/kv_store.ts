import { KvKeys } from "./kv_keys.ts";
import {
  decodeEntry,
  encodeValue,
  INLINE_BYTES,
  isRecord,
  type KvParts,
  newRecord,
  PART_BYTES,
} from "./kv_record.ts";
import type { CacheEntry, CacheStore } from "./store.ts";

/** How a {@linkcode KvStore} keeps its entries. */
export interface KvStoreOptions {
  /** What stands before every key: `["cache"]` unless told. Each cache of a KV needs its own. */
  readonly prefix?: Deno.KvKey;
  /** The most bytes of one value, serialized; 4 MiB unless told, and 16 MiB at most. */
  readonly maxValueBytes?: number;
}

const DEFAULT_MAX_VALUE_BYTES = 4 * 1024 * 1024;
/** The commit that replaces a value deletes its parts, and takes 81,920 bytes of keys. */
const HIGHEST_MAX_VALUE_BYTES = 16 * 1024 * 1024;
/** KV reads at most ten keys at once. */
const READ_BATCH = 10;
/** One commit takes 819,200 bytes. */
const WRITE_BATCH = 12;
/** One commit takes 81,920 bytes of keys. */
const DELETE_BATCH = 300;
/** What lasts longer than this (some 300 years) has no end: KV refuses times that are too large. */
const FOREVER_MILLIS = 1e13;

/**
 * Entries in Deno KV: they outlive the process and are shared between processes. A value of more
 * than KV's 64 KiB lies in several keys; a reader sees one whole write or none.
 *
 * Values are copied by structured clone: maps, dates and bytes arrive as they were, functions are
 * refused.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Cache, KvStore, MemoryStore } from "@echelon/framework/cache";
 *
 * using kv = await Deno.openKv(":memory:");
 * const cache = new Cache({
 *   name: "products",
 *   stores: [new MemoryStore(), new KvStore(kv, { prefix: ["cache", "products"] })],
 * });
 * await cache.set("p1", { title: "Tea", added: new Date(0) }, { ttl: 60 });
 * assert((await cache.get<{ title: string }>("p1"))?.title === "Tea");
 * ```
 */
export class KvStore implements CacheStore {
  /** `kv`. */
  readonly source = "kv";
  readonly #kv: Deno.Kv;
  readonly #keys: KvKeys;
  readonly #maxValueBytes: number;

  /**
   * @param kv Where to keep the entries. It stays open: who opened it closes it.
   * @param options Every one may be left out.
   * @throws {TypeError} When the prefix is empty.
   * @throws {RangeError} When the prefix is longer than 100 bytes, or `maxValueBytes` is not above 0 and at most 16 MiB.
   */
  constructor(kv: Deno.Kv, options: KvStoreOptions = {}) {
    const { prefix = ["cache"], maxValueBytes = DEFAULT_MAX_VALUE_BYTES } = options;
    if (!(maxValueBytes > 0 && maxValueBytes <= HIGHEST_MAX_VALUE_BYTES)) {
      throw new RangeError(
        `Cannot make a KV store with maxValueBytes ${maxValueBytes}: expected 1 to ${HIGHEST_MAX_VALUE_BYTES}`,
      );
    }
    this.#kv = kv;
    this.#keys = new KvKeys(prefix);
    this.#maxValueBytes = maxValueBytes;
  }

  /** The entry under a key; one that was replaced while it was read counts as none. */
  async get(key: string): Promise<CacheEntry | undefined> {
    const { value: record } = await this.#kv.get(this.#keys.record(key));
    if (!isRecord(record)) return undefined;
    const bytes = record.body instanceof Uint8Array
      ? record.body
      : await this.#readParts(record.body);
    return bytes === undefined ? undefined : decodeEntry(record, bytes);
  }

  /**
   * Keeps an entry, its tags and its parts.
   *
   * @throws {CacheValueError} When the value is larger than `maxValueBytes`, or holds a function or
   *   another thing that structured clone refuses.
   */
  async set(key: string, entry: CacheEntry): Promise<void> {
    const bytes = encodeValue(entry.value, this.#maxValueBytes);
    const expiry = expiryOf(entry);
    const body = bytes.byteLength <= INLINE_BYTES ? bytes : await this.#writeParts(bytes, expiry);
    const record = newRecord(entry, body);
    const recordKey = this.#keys.record(key);
    while (true) {
      const before = await this.#kv.get(recordKey);
      const commit = this.#kv.atomic().check(before);
      this.#deleteBelongings(commit, recordKey, before.value);
      commit.set(recordKey, record, expiry);
      for (const tag of entry.tags) {
        commit.set(this.#keys.tagged(tag, recordKey), null, expiry);
      }
      if ((await commit.commit()).ok) return;
    }
  }

  /** Removes an entry; whether there was one. */
  async delete(key: string): Promise<boolean> {
    return await this.#remove(this.#keys.record(key));
  }

  /** Removes every entry that has this tag, a few at a time. */
  async deleteTag(tag: string): Promise<void> {
    const removals: Promise<boolean>[] = [];
    for await (const { key } of this.#kv.list({ prefix: this.#keys.tag(tag) })) {
      removals.push(this.#remove(this.#keys.recordOf(key)));
      if (removals.length === READ_BATCH) await Promise.all(removals.splice(0));
    }
    await Promise.all(removals);
  }

  /** Removes every entry, in several commits: one that is written meanwhile may stay. */
  async clear(): Promise<void> {
    let batch: Deno.KvKey[] = [];
    for await (const { key } of this.#kv.list({ prefix: this.#keys.prefix })) {
      batch.push(key);
      if (batch.length === DELETE_BATCH) {
        await this.#deleteAll(batch);
        batch = [];
      }
    }
    await this.#deleteAll(batch);
  }

  async #remove(recordKey: Deno.KvKey): Promise<boolean> {
    while (true) {
      const before = await this.#kv.get(recordKey);
      if (before.versionstamp === null) return false;
      const commit = this.#kv.atomic().check(before);
      this.#deleteBelongings(commit, recordKey, before.value);
      commit.delete(recordKey);
      if ((await commit.commit()).ok) return true;
    }
  }

  /** What belongs to a record goes in the same commit as the record. */
  #deleteBelongings(
    commit: Deno.AtomicOperation,
    recordKey: Deno.KvKey,
    record: unknown,
  ): void {
    if (!isRecord(record)) return;
    for (const tag of record.tags) commit.delete(this.#keys.tagged(tag, recordKey));
    if (record.body instanceof Uint8Array) return;
    for (const partKey of this.#partKeys(record.body)) commit.delete(partKey);
  }

  async #writeParts(bytes: Uint8Array, expiry: { expireIn?: number }): Promise<KvParts> {
    const parts: KvParts = {
      id: crypto.randomUUID(),
      count: Math.ceil(bytes.byteLength / PART_BYTES),
    };
    const keys = this.#partKeys(parts);
    for (let start = 0; start < keys.length; start += WRITE_BATCH) {
      const commit = this.#kv.atomic();
      for (const [offset, key] of keys.slice(start, start + WRITE_BATCH).entries()) {
        const from = (start + offset) * PART_BYTES;
        commit.set(key, bytes.slice(from, from + PART_BYTES), expiry);
      }
      await commit.commit();
    }
    return parts;
  }

  async #readParts(parts: KvParts): Promise<Uint8Array | undefined> {
    const keys = this.#partKeys(parts);
    const found: Uint8Array<ArrayBuffer>[] = [];
    for (let start = 0; start < keys.length; start += READ_BATCH) {
      const batch: readonly Deno.KvEntryMaybe<unknown>[] = await this.#kv.getMany(
        keys.slice(start, start + READ_BATCH),
      );
      for (const { value } of batch) {
        if (!(value instanceof Uint8Array)) return undefined;
        found.push(value as Uint8Array<ArrayBuffer>);
      }
    }
    return new Uint8Array(await new Blob(found).arrayBuffer());
  }

  #partKeys({ id, count }: KvParts): Deno.KvKey[] {
    return Array.from({ length: count }, (_, index) => this.#keys.part(id, index));
  }

  async #deleteAll(keys: readonly Deno.KvKey[]): Promise<void> {
    if (keys.length === 0) return;
    const commit = this.#kv.atomic();
    for (const key of keys) commit.delete(key);
    await commit.commit();
  }
}

function expiryOf(entry: CacheEntry): { expireIn?: number } {
  const millis = entry.expiresAt - entry.storedAt;
  return millis > FOREVER_MILLIS ? {} : { expireIn: Math.ceil(millis) };
}
