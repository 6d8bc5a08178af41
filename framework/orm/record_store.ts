import type { Entity, ModelDefinition } from "./definition.ts";
import { indexEntries, type IndexEntry, sameKey } from "./indexes.ts";
import { type TracedKv, traceKv } from "./kv.ts";
import { KV_LIMITS } from "./kv_limits.ts";
import { currentData, type LoadedRecord, type StoredRecord, toEntity } from "./stored_record.ts";

/** Adding it takes one from a counter: KV's sums wrap at 64 bits. */
const MINUS_ONE = 2n ** 64n - 1n;

/** A key that only one record may have. */
export interface Claim {
  /** The unique index, or `id`. */
  readonly index: string;
  /** The key below the model's own. */
  readonly key: Deno.KvKey;
}

/** A write that was put into a transaction. */
export interface StagedWrite<Data extends object> {
  readonly entity: Entity<Data>;
  readonly claims: readonly Claim[];
}

/**
 * Where a model's records are: which keys they have, and which mutations a write is. It decides
 * nothing: hooks, validation and retries are the model's.
 */
export class RecordStore<Input, Data extends object, Index extends string> {
  readonly definition: ModelDefinition<Input, Data, Index>;
  readonly kv: TracedKv;

  /**
   * @param kv Where the records are kept.
   * @param definition What they are.
   */
  constructor(kv: Deno.Kv, definition: ModelDefinition<Input, Data, Index>) {
    this.definition = definition;
    this.kv = traceKv(kv, { collection: definition.name });
  }

  /** The key of something of the model's, by what stands below its own key. */
  key(below: Deno.KvKey): Deno.KvKey {
    return [...this.definition.root, ...below];
  }

  /** The key of a record. */
  recordKey(id: string): Deno.KvKey {
    return this.key(["record", id]);
  }

  /** Reads a record. */
  async read(id: string): Promise<LoadedRecord<Data> | null> {
    return await this.load(await this.kv.get<StoredRecord>(this.recordKey(id)));
  }

  /** Reads records in the order of their ids; `null` where there is none. */
  async readMany(ids: readonly string[]): Promise<(LoadedRecord<Data> | null)[]> {
    const batches: Promise<Deno.KvEntryMaybe<StoredRecord>[]>[] = [];
    for (let i = 0; i < ids.length; i += KV_LIMITS.getManyKeys) {
      const keys = ids.slice(i, i + KV_LIMITS.getManyKeys).map((id) => this.recordKey(id));
      batches.push(this.kv.getMany<StoredRecord[]>(keys));
    }
    const entries = (await Promise.all(batches)).flat();
    return await Promise.all(entries.map((entry) => this.load(entry)));
  }

  /** A record of what KV holds, brought to the model's version. */
  async load(entry: Deno.KvEntryMaybe<StoredRecord>): Promise<LoadedRecord<Data> | null> {
    if (entry.versionstamp === null) return null;
    const { value: stored, versionstamp } = entry;
    const data = await currentData(this.definition, stored);
    return { entity: toEntity(data, stored), stored, versionstamp };
  }

  /** Puts a new record into a transaction. */
  stageCreate(
    atomic: Deno.AtomicOperation,
    data: Data,
    fields: Pick<StoredRecord, "id" | "createdAt" | "updatedAt">,
  ): StagedWrite<Data> {
    const entity = toEntity(data, fields);
    const key = this.recordKey(entity.id);
    const entries = this.#entries(entity);
    atomic.check({ key, versionstamp: null }).set(key, this.#stored(entity, data, entries));
    this.#claim(atomic, entity.id, entries, []);
    atomic.sum(this.key(["count"]), 1n);
    const own: Claim = { index: "id", key: ["record", entity.id] };
    return { entity, claims: [own, ...entries.filter(({ unique }) => unique)] };
  }

  /** Puts the next form of a record into a transaction that holds only if nobody changed it. */
  stageUpdate(
    atomic: Deno.AtomicOperation,
    current: LoadedRecord<Data>,
    data: Data,
    updatedAt: Date = new Date(),
  ): StagedWrite<Data> {
    const { stored, versionstamp } = current;
    const entity = toEntity(data, { ...stored, updatedAt });
    const key = this.recordKey(entity.id);
    const entries = this.#entries(entity);
    atomic.check({ key, versionstamp }).set(key, this.#stored(entity, data, entries));
    for (const old of stored.indexKeys) {
      if (!entries.some((entry) => sameKey(entry.key, old))) atomic.delete(this.key(old));
    }
    this.#claim(atomic, entity.id, entries, stored.indexKeys);
    return { entity, claims: entries.filter(({ unique }) => unique) };
  }

  /** Puts the deletion of a record into a transaction that holds only if nobody changed it. */
  stageDelete(
    atomic: Deno.AtomicOperation,
    { entity, stored, versionstamp }: LoadedRecord<Data>,
  ): StagedWrite<Data> {
    const key = this.recordKey(stored.id);
    atomic.check({ key, versionstamp }).delete(key);
    for (const old of stored.indexKeys) atomic.delete(this.key(old));
    atomic.sum(this.key(["count"]), MINUS_ONE);
    return { entity, claims: [] };
  }

  /** Which of the keys that a lost write claimed is another record's, if any is. */
  async taken(claims: readonly Claim[], id: string): Promise<Claim | undefined> {
    for (const claim of claims) {
      const { value } = await this.kv.get(this.key(claim.key));
      if (value !== null && value !== id) return claim;
    }
    return undefined;
  }

  /** Whether a record's stored form is not what this definition would write. */
  isStale({ entity, stored }: LoadedRecord<Data>): boolean {
    if (stored.version !== this.definition.version) return true;
    const entries = this.#entries(entity);
    return entries.length !== stored.indexKeys.length ||
      !entries.every(({ key }) => stored.indexKeys.some((old) => sameKey(key, old)));
  }

  #entries(entity: Entity<Data>): IndexEntry[] {
    return indexEntries(this.definition.name, this.definition.indexes, entity);
  }

  #stored(entity: Entity<Data>, data: Data, entries: readonly IndexEntry[]): StoredRecord {
    const { id, createdAt, updatedAt } = entity;
    const { version } = this.definition;
    return { version, id, createdAt, updatedAt, indexKeys: entries.map(({ key }) => key), data };
  }

  #claim(
    atomic: Deno.AtomicOperation,
    id: string,
    entries: readonly IndexEntry[],
    held: readonly Deno.KvKey[],
  ): void {
    for (const { key, unique } of entries) {
      if (held.some((old) => sameKey(old, key))) continue;
      const full = this.key(key);
      if (unique) atomic.check({ key: full, versionstamp: null });
      atomic.set(full, id);
    }
  }
}
