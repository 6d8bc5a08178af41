/** What an index can be made of; a `Date` is kept as its milliseconds. */
export type IndexValue = string | number | bigint | boolean | Uint8Array | Date;

/**
 * An index: of fields, in the order in which they sort, or of what a function makes of a record. A
 * record with a part that is `null` or `undefined` is not in the index.
 */
export type IndexOptions<Record extends object> =
  & {
    /** Whether two records may not have the same values. */
    readonly unique?: boolean;
  }
  & (
    | { readonly fields: readonly (keyof Record & string)[]; readonly value?: never }
    | {
      readonly fields?: never;
      readonly value: (record: Record) => readonly (IndexValue | null | undefined)[];
    }
  );

/** One entry of an index: a key below the model's own, without it. */
export interface IndexEntry {
  readonly index: string;
  readonly unique: boolean;
  readonly key: Deno.KvKey;
}

/** What the last part of a unique entry's key is, where another entry has the record's id. */
const UNIQUE = true;

/**
 * The entries that a record has.
 *
 * @param model The model's name, for messages.
 * @param indexes The model's indexes.
 * @param record The record.
 * @throws {TypeError} When a part is of a type that cannot be sorted.
 */
export function indexEntries<Record extends object & { readonly id: string }>(
  model: string,
  indexes: readonly (readonly [string, IndexOptions<Record>])[],
  record: Record,
): IndexEntry[] {
  const entries: IndexEntry[] = [];
  for (const [index, options] of indexes) {
    const parts: readonly unknown[] = options.fields === undefined
      ? options.value(record)
      : options.fields.map((field) => record[field]);
    if (parts.length === 0 || parts.some((part) => part === null || part === undefined)) continue;
    const unique = options.unique === true;
    entries.push({
      index,
      unique,
      key: indexKey(model, index, [...parts, unique ? UNIQUE : record.id]),
    });
  }
  return entries;
}

/**
 * The key of an index's entries, below the model's own.
 *
 * @throws {TypeError} When a part is of a type that cannot be sorted.
 */
export function indexKey(model: string, index: string, parts: readonly unknown[]): Deno.KvKey {
  return ["index", index, ...parts.map((part, i) => keyPart(part, `${model}.${index}`, i))];
}

/**
 * A value as a part of a key.
 *
 * @param part The value.
 * @param place The model and the index, for the message.
 * @param position Which part of the index it is.
 * @throws {TypeError} When it is of a type that cannot be sorted.
 */
export function keyPart(part: unknown, place: string, position: number): Deno.KvKeyPart {
  if (part instanceof Date) return part.getTime();
  if (part instanceof Uint8Array) return part;
  switch (typeof part) {
    case "string":
    case "number":
    case "bigint":
    case "boolean":
      return part;
    default:
      throw new TypeError(
        `Part ${position} of the index "${place}" is of type "${
          part === null ? "null" : typeof part
        }": expected a string, number, bigint, boolean, Uint8Array or Date`,
      );
  }
}

/** Whether two keys are the same. */
export function sameKey(a: Deno.KvKey, b: Deno.KvKey): boolean {
  return a.length === b.length && a.every((part, i) => samePart(part, b[i]));
}

function samePart(a: Deno.KvKeyPart, b: Deno.KvKeyPart | undefined): boolean {
  if (a instanceof Uint8Array && b instanceof Uint8Array) {
    return a.length === b.length && a.every((byte, i) => byte === b[i]);
  }
  return Object.is(a, b);
}
