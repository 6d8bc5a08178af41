import type { Entity } from "./definition.ts";
import { indexKey, type IndexValue, keyPart } from "./indexes.ts";
import { type ListedRecord, type ListedStore, listRecords } from "./list_records.ts";

/** How many records a page has unless told. */
const PAGE_SIZE = 50;

/** A part of a list. */
export interface Page<Record> {
  readonly items: readonly Record[];
  /** Give it to `after()` for the next page; missing on the last one. */
  readonly cursor?: string;
}

/** The bounds of a range of an index; what is not told is open. */
export interface Range {
  /** The first value that is in it. */
  readonly from?: IndexValue;
  /** The first value that is past it. */
  readonly to?: IndexValue;
}

interface QueryState {
  readonly index?: string;
  readonly values: readonly IndexValue[];
  readonly range?: Range;
  readonly reverse: boolean;
  readonly limit?: number;
  readonly after?: string;
}

/**
 * A list of a model's records: by id, which is by time of creation, or by an index. Each step gives
 * a new query, and nothing is read before the query is iterated or asked for its result.
 *
 * A record that is written while the list is read may or may not be in it; what is in it is whole,
 * and belongs there by the values that it has.
 */
export class Query<Data extends object, Index extends string>
  implements AsyncIterable<Entity<Data>> {
  readonly #store: ListedStore<Data, Index>;
  readonly #state: QueryState;

  /**
   * @param store Where the records are.
   * @param state What the steps before have said.
   */
  constructor(store: ListedStore<Data, Index>, state: QueryState = { values: [], reverse: false }) {
    this.#store = store;
    this.#state = state;
  }

  /**
   * The records with these values of an index's first parts, in the order of its further parts.
   *
   * @throws {TypeError} When the model has no such index.
   */
  where(index: Index, ...values: IndexValue[]): Query<Data, Index> {
    const { name, indexes } = this.#store.definition;
    const known = indexes.map(([name]) => name);
    if (!known.includes(index)) {
      const list = known.map((name) => `"${name}"`).join(", ") || "none";
      throw new TypeError(`"${name}" has no index "${index}": expected one of its own (${list})`);
    }
    return this.#with({ index, values });
  }

  /** All records that are in an index, in its order. */
  orderBy(index: Index): Query<Data, Index> {
    return this.where(index);
  }

  /** The records in a range of the next part of the index; of the id, where there is no index. */
  between(range: Range): Query<Data, Index> {
    return this.#with({ range });
  }

  /** The last record first. */
  reverse(): Query<Data, Index> {
    return this.#with({ reverse: !this.#state.reverse });
  }

  /**
   * At most so many records.
   *
   * @throws {RangeError} When it is not a positive integer.
   */
  limit(limit: number): Query<Data, Index> {
    if (!Number.isInteger(limit) || limit < 1) {
      throw new RangeError(`The limit of a list is ${limit}: expected a positive integer`);
    }
    return this.#with({ limit });
  }

  /** The records after a page with this cursor; from the beginning where it is `undefined`. */
  after(cursor: string | undefined): Query<Data, Index> {
    return cursor === undefined ? this : this.#with({ after: cursor });
  }

  /** The first record, or `null`. */
  async first(): Promise<Entity<Data> | null> {
    for await (const { entity } of this.#matches(1)) return entity;
    return null;
  }

  /** All records of the list at once. */
  async all(): Promise<Entity<Data>[]> {
    const records: Entity<Data>[] = [];
    for await (const record of this) records.push(record);
    return records;
  }

  /**
   * One page: as many records as `limit()` says, 50 unless told, and the cursor of the next page.
   *
   * @throws {InvalidCursorError} When `after()` was given what is no cursor.
   */
  async page(): Promise<Page<Entity<Data>>> {
    const size = this.#state.limit ?? PAGE_SIZE;
    const items: Entity<Data>[] = [];
    let cursor = "";
    for await (const match of this.#matches(size + 1)) {
      if (items.length === size) return { items, cursor };
      items.push(match.entity);
      cursor = match.cursor;
    }
    return { items };
  }

  /** How many records the list has in all, whatever its limit: their keys are counted. */
  async count(): Promise<number> {
    let count = 0;
    for await (const _ of this.#store.kv.list(this.#selector(), { batchSize: 500 })) count++;
    return count;
  }

  /** The records, read in batches as the loop goes on. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Entity<Data>, void> {
    for await (const { entity } of this.#matches(this.#state.limit ?? Infinity)) yield entity;
  }

  #with(step: Partial<QueryState>): Query<Data, Index> {
    return new Query(this.#store, { ...this.#state, ...step });
  }

  #selector(): Deno.KvListSelector {
    const { index, values, range } = this.#state;
    const { name } = this.#store.definition;
    const below = index === undefined ? ["record"] : indexKey(name, index, values);
    const prefix = this.#store.key(below);
    const bound = (value: IndexValue): Deno.KvKey => [
      ...prefix,
      keyPart(value, `${name}.${index ?? "id"}`, values.length),
    ];
    if (range?.from !== undefined && range.to !== undefined) {
      return { start: bound(range.from), end: bound(range.to) };
    }
    if (range?.from !== undefined) return { prefix, start: bound(range.from) };
    if (range?.to !== undefined) return { prefix, end: bound(range.to) };
    return { prefix };
  }

  #matches(limit: number): AsyncGenerator<ListedRecord<Data>, void> {
    const { index, reverse, after } = this.#state;
    const selector = this.#selector();
    return listRecords(this.#store, {
      selector,
      limit,
      reverse,
      after,
      byIndex: index !== undefined,
    });
  }
}
