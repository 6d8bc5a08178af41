import type { Entity } from "./definition.ts";
import { InvalidCursorError } from "./errors.ts";
import { sameKey } from "./indexes.ts";
import { KV_LIMITS } from "./kv_limits.ts";
import type { RecordStore } from "./record_store.ts";
import type { StoredRecord } from "./stored_record.ts";

/** The store that a list reads. */
// deno-lint-ignore no-explicit-any -- what may be created plays no part in a list.
export type ListedStore<Data extends object, Index extends string> = RecordStore<any, Data, Index>;

/** Which records are listed. */
export interface ListOptions {
  readonly selector: Deno.KvListSelector;
  /** Whether the selector is of an index, and not of the records themselves. */
  readonly byIndex: boolean;
  readonly reverse: boolean;
  readonly limit: number;
  /** The cursor to go on from. */
  readonly after: string | undefined;
}

/** A record of a list. */
export interface ListedRecord<Data extends object> {
  readonly entity: Entity<Data>;
  /** Where the list stands after it. */
  readonly cursor: string;
}

interface Row {
  readonly entry: Deno.KvEntry<unknown>;
  readonly cursor: string;
}

/**
 * Lists records in batches, and reads no more of them than the limit asks for.
 *
 * @throws {InvalidCursorError} When the cursor is none.
 */
export async function* listRecords<Data extends object, Index extends string>(
  store: ListedStore<Data, Index>,
  options: ListOptions,
): AsyncGenerator<ListedRecord<Data>, void> {
  let left = options.limit;
  for await (const rows of rowBatches(store, options)) {
    for (const listed of await readRows(store, rows, options.byIndex)) {
      yield listed;
      if (--left === 0) return;
    }
  }
}

async function* rowBatches<Data extends object, Index extends string>(
  store: ListedStore<Data, Index>,
  { selector, byIndex, reverse, limit, after }: ListOptions,
): AsyncGenerator<Row[], void> {
  const entries = store.kv.list<unknown>(selector, {
    reverse,
    batchSize: Math.min(limit, 500),
    ...(after === undefined ? {} : { cursor: after }),
  });
  const size = byIndex ? Math.min(limit, KV_LIMITS.getManyKeys) : 1;
  let rows: Row[] = [];
  try {
    for await (const entry of entries) {
      rows.push({ entry, cursor: entries.cursor });
      if (rows.length < size) continue;
      yield rows;
      rows = [];
    }
  } catch (error) {
    if (after === undefined || !isCursorError(error)) throw error;
    throw new InvalidCursorError(store.definition.name, error);
  }
  if (rows.length > 0) yield rows;
}

/** KV reads a cursor as the end of a key: what is not base64, or far too long, it refuses. */
function isCursorError(error: unknown): boolean {
  return error instanceof TypeError && /cursor|^Key too large/i.test(error.message);
}

async function readRows<Data extends object, Index extends string>(
  store: ListedStore<Data, Index>,
  rows: readonly Row[],
  byIndex: boolean,
): Promise<ListedRecord<Data>[]> {
  const found = byIndex
    ? await store.readMany(rows.map(({ entry }) => String(entry.value)))
    : await Promise.all(rows.map(({ entry }) => store.load(entry as Deno.KvEntry<StoredRecord>)));
  const listed: ListedRecord<Data>[] = [];
  for (const [i, { entry, cursor }] of rows.entries()) {
    const record = found[i];
    if (!record) continue;
    // The record may have been changed after its index entry was read.
    const own = entry.key.slice(store.definition.root.length);
    if (byIndex && !record.stored.indexKeys.some((key) => sameKey(key, own))) continue;
    listed.push({ entity: record.entity, cursor });
  }
  return listed;
}
