import { deserialize, serialize } from "node:v8";
import { type CacheEntry, CacheValueError } from "./store.ts";

/**
 * An entry as it lies in KV. A value is kept as bytes, so that its size is known before KV is asked;
 * one that does not fit beside the rest lies in parts under keys of their own.
 */
export interface KvRecord {
  /** Tells records of other versions of this layout apart; those are misses. */
  readonly format: typeof FORMAT;
  readonly storedAt: number;
  readonly freshUntil: number;
  readonly expiresAt: number;
  readonly tags: readonly string[];
  /** The value, or where its parts lie. */
  readonly body: Uint8Array | KvParts;
}

/** Where the parts of a large value lie. */
export interface KvParts {
  /** Unlike that of any other write, so that parts of two writes never mix. */
  readonly id: string;
  readonly count: number;
}

const FORMAT = 1;

/** KV takes 65,536 bytes for a value; a part is one, and leaves room for what wraps it. */
export const PART_BYTES = 60_000;

/**
 * The most bytes of a value that lies in its record, beside an entry's tags: 64 of at most 256
 * characters, two bytes each.
 */
export const INLINE_BYTES = 30_000;

/** @throws {CacheValueError} When the value cannot be copied, or is larger than `maxBytes`. */
export function encodeValue(value: unknown, maxBytes: number): Uint8Array {
  let bytes: Uint8Array;
  try {
    // Not the Buffer itself: its slices share its memory, and KV would write the whole for each.
    bytes = new Uint8Array(serialize(value));
  } catch (cause) {
    throw new CacheValueError(
      "not serializable",
      "Cannot keep a value in KV that structured clone refuses: expected data, without functions",
      { cause },
    );
  }
  if (bytes.byteLength > maxBytes) {
    throw new CacheValueError(
      "too large",
      `Cannot keep a value of ${bytes.byteLength} bytes in KV: the store takes at most ${maxBytes}`,
    );
  }
  return bytes;
}

/** The entry of a record and the bytes of its value. */
export function decodeEntry(record: KvRecord, bytes: Uint8Array): CacheEntry {
  const { storedAt, freshUntil, expiresAt, tags } = record;
  return { value: deserialize(bytes), storedAt, freshUntil, expiresAt, tags };
}

/** The record of an entry. */
export function newRecord(entry: CacheEntry, body: Uint8Array | KvParts): KvRecord {
  const { storedAt, freshUntil, expiresAt, tags } = entry;
  return { format: FORMAT, storedAt, freshUntil, expiresAt, tags, body };
}

/** Whether what lies in KV is a record of this layout. */
export function isRecord(value: unknown): value is KvRecord {
  return typeof value === "object" && value !== null && "format" in value &&
    value.format === FORMAT;
}
