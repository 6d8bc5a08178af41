import { TracedAtomicOperation } from "./kv_atomic.ts";
import { KvQueueError } from "./kv_errors.ts";
import { KV_LIMITS, refusedKey, refusedSelector, refusedValue, tooMany } from "./kv_limits.ts";
import { TracedKvListIterator } from "./kv_list.ts";
import { tracedWatch } from "./kv_watch.ts";
import { writeToKv } from "./kv_write.ts";
import {
  type DbScope,
  isObserved,
  type OrmEmit,
  runFromRoot,
  setBatchSize,
  setFound,
  setReturnedRows,
  withDbSpan,
} from "./telemetry.ts";

type ReadOptions = { consistency?: Deno.KvConsistencyLevel };
type EnqueueOptions = NonNullable<Parameters<Deno.Kv["enqueue"]>[1]>;
type QueueHandler = Parameters<Deno.Kv["listenQueue"]>[0];
type Keys<T extends readonly unknown[]> = readonly [...{ [K in keyof T]: Deno.KvKey }];
type Entries<T extends readonly unknown[]> = { [K in keyof T]: Deno.KvEntryMaybe<T[K]> };

/** How a KV is traced. */
export interface TraceKvOptions {
  /** `db.namespace`: the database's name. What {@linkcode openKv} finds out, else `default`. */
  readonly namespace?: string;
  /** `db.collection.name`: what is kept here, such as a model's name. */
  readonly collection?: string;
  /** Whether the KV was opened by a remote URL, which serves no queues. */
  readonly remote?: boolean;
  /** Is told of every operation on a collection: a debugger's `emit`; nobody unless told. */
  readonly emit?: OrmEmit;
}

/**
 * A `Deno.Kv` that explains itself: each operation is a span and a metric once an SDK is
 * registered, and what KV would refuse is refused with a named error. In everything else it is the
 * KV that it wraps.
 */
export class TracedKv implements Deno.Kv {
  readonly #kv: Deno.Kv;
  readonly #scope: DbScope;
  readonly #remote: boolean;

  /**
   * @param kv The KV; of one that is traced already, this is another view.
   * @param options How it is traced; a view keeps what it is not told.
   */
  constructor(kv: Deno.Kv, options: TraceKvOptions = {}) {
    const known = kv instanceof TracedKv
      ? { kv: kv.#kv, remote: kv.#remote, ...kv.#scope }
      : { kv, remote: false, namespace: "default", collection: undefined, emit: undefined };
    this.#kv = known.kv;
    this.#scope = {
      namespace: options.namespace ?? known.namespace,
      collection: options.collection ?? known.collection,
      emit: options.emit ?? known.emit,
    };
    this.#remote = options.remote ?? known.remote;
  }

  /** The same KV, whose spans say what is kept in it. */
  withCollection(collection: string): TracedKv {
    return new TracedKv(this, { collection });
  }

  /** Reads one key. */
  get<T = unknown>(key: Deno.KvKey, options?: ReadOptions): Promise<Deno.KvEntryMaybe<T>> {
    const refused = refusedKey(key, this.#scope.collection);
    if (refused !== undefined) return Promise.reject(refused);
    if (!isObserved(this.#scope)) return this.#kv.get<T>(key, options);
    return withDbSpan("kv.get", this.#scope, async (span) => {
      const entry = await this.#kv.get<T>(key, options);
      setFound(span, entry.versionstamp !== null);
      return entry;
    });
  }

  /** Reads up to ten keys at one moment. */
  getMany<T extends readonly unknown[]>(
    keys: Keys<T>,
    options?: ReadOptions,
  ): Promise<Entries<T>> {
    const refused = this.#refusedKeys(keys, KV_LIMITS.getManyKeys);
    if (refused !== undefined) return Promise.reject(refused);
    if (!isObserved(this.#scope)) return this.#kv.getMany<T>(keys, options);
    return withDbSpan("kv.getMany", this.#scope, async (span) => {
      setBatchSize(span, keys.length);
      const entries = await this.#kv.getMany<T>(keys, options);
      const list: readonly Deno.KvEntryMaybe<unknown>[] = entries;
      setReturnedRows(span, list.filter((entry) => entry.versionstamp !== null).length);
      return entries;
    });
  }

  /** Sets one key. */
  set(
    key: Deno.KvKey,
    value: unknown,
    options?: { expireIn?: number },
  ): Promise<Deno.KvCommitResult> {
    const { collection } = this.#scope;
    const refused = refusedKey(key, collection) ?? refusedValue(value, key, collection);
    if (refused !== undefined) return Promise.reject(refused);
    if (!isObserved(this.#scope)) return this.#set(key, value, options);
    return withDbSpan("kv.set", this.#scope, () => this.#set(key, value, options));
  }

  /** Deletes one key. */
  delete(key: Deno.KvKey): Promise<void> {
    const refused = refusedKey(key, this.#scope.collection);
    if (refused !== undefined) return Promise.reject(refused);
    if (!isObserved(this.#scope)) return this.#delete(key);
    return withDbSpan("kv.delete", this.#scope, () => this.#delete(key));
  }

  /** Lists the keys of a range. */
  list<T = unknown>(
    selector: Deno.KvListSelector,
    options?: Deno.KvListOptions,
  ): Deno.KvListIterator<T> {
    const refused = refusedSelector(selector, this.#scope.collection);
    if (refused !== undefined) throw refused;
    const batch = options?.batchSize ?? 0;
    if (batch > KV_LIMITS.listBatch) throw tooMany("entries", batch, KV_LIMITS.listBatch);
    const entries = this.#kv.list<T>(selector, options);
    return isObserved(this.#scope) ? new TracedKvListIterator(entries, this.#scope) : entries;
  }

  /** Begins a transaction. */
  atomic(): TracedAtomicOperation {
    return new TracedAtomicOperation(this.#kv.atomic(), this.#scope, this.#remote);
  }

  /** Follows the changes of up to ten keys. */
  watch<T extends readonly unknown[]>(
    keys: Keys<T>,
    options?: { raw?: boolean },
  ): ReadableStream<Entries<T>> {
    const refused = this.#refusedKeys(keys, KV_LIMITS.watchKeys);
    if (refused !== undefined) throw refused;
    const changes = this.#kv.watch<T>(keys, options);
    return isObserved(this.#scope) ? tracedWatch(changes, this.#scope) : changes;
  }

  /** Puts a message into the queue. */
  enqueue(value: unknown, options?: EnqueueOptions): Promise<Deno.KvCommitResult> {
    const refused = this.#remote
      ? new KvQueueError("enqueue")
      : refusedValue(value, undefined, this.#scope.collection);
    if (refused !== undefined) return Promise.reject(refused);
    if (!isObserved(this.#scope)) return this.#enqueue(value, options);
    return withDbSpan("kv.enqueue", this.#scope, () => this.#enqueue(value, options));
  }

  /** Works the queue's messages, each outside any span. */
  listenQueue(handler: QueueHandler): Promise<void> {
    if (this.#remote) return Promise.reject(new KvQueueError("listenQueue"));
    return this.#kv.listenQueue((message) => runFromRoot(() => handler(message)));
  }

  /** Closes the KV, for every view of it. */
  close(): void {
    this.#kv.close();
  }

  /** The part of a key that becomes the transaction's version. */
  commitVersionstamp(): symbol {
    return this.#kv.commitVersionstamp();
  }

  /** Closes the KV, for every view of it. */
  [Symbol.dispose](): void {
    this.#kv[Symbol.dispose]();
  }

  #set(
    key: Deno.KvKey,
    value: unknown,
    options: { expireIn?: number } | undefined,
  ): Promise<Deno.KvCommitResult> {
    const { collection } = this.#scope;
    return writeToKv(() => this.#kv.set(key, value, options), [[key, value]], collection);
  }

  #delete(key: Deno.KvKey): Promise<void> {
    return writeToKv(() => this.#kv.delete(key));
  }

  #enqueue(value: unknown, options: EnqueueOptions | undefined): Promise<Deno.KvCommitResult> {
    const { collection } = this.#scope;
    return writeToKv(() => this.#kv.enqueue(value, options), [[undefined, value]], collection);
  }

  #refusedKeys(keys: readonly Deno.KvKey[], most: number): Error | undefined {
    if (keys.length > most) return tooMany("keys", keys.length, most);
    for (const key of keys) {
      const refused = refusedKey(key, this.#scope.collection);
      if (refused !== undefined) return refused;
    }
    return undefined;
  }
}

/**
 * Wraps a KV so that it explains itself.
 *
 * @param kv A KV of any kind; of one that is traced already, a further view is made.
 * @param options Names for its spans, and whether it is remote.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { traceKv } from "@echelon/framework/orm";
 *
 * using kv = traceKv(await Deno.openKv(":memory:"), { namespace: "shop" });
 * await kv.set(["products", "p1"], { name: "Lamp" });
 * const entry = await kv.get(["products", "p1"]);
 * assert.deepEqual(entry.value, { name: "Lamp" });
 * ```
 */
export function traceKv(kv: Deno.Kv, options: TraceKvOptions = {}): TracedKv {
  return new TracedKv(kv, options);
}
