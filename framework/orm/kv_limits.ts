import { KvKeyError, KvLimitError } from "./kv_errors.ts";

/** The limits of Deno KV, in bytes or by count. */
export const KV_LIMITS = {
  /** Bytes of a key as KV encodes it. */
  keyBytes: 2048,
  /** Bytes of a value as the runtime serialises it. */
  valueBytes: 65_536,
  /** Mutations and enqueued messages in one transaction. */
  mutations: 1000,
  /** Checks in one transaction. */
  checks: 100,
  /** Bytes of keys and values in one transaction. */
  atomicBytes: 819_200,
  /** Keys in one `getMany`. */
  getManyKeys: 10,
  /** Keys in one `watch`. */
  watchKeys: 10,
  /** Entries in one batch of a `list`. */
  listBatch: 1000,
} as const;

const encoder = new TextEncoder();

/**
 * Why KV would refuse a key, or `undefined` where it takes it.
 *
 * @param key The key.
 * @param collection The model's name, for the message.
 */
export function refusedKey(
  key: Deno.KvKey,
  collection: string | undefined,
): KvKeyError | KvLimitError | undefined {
  if (!Array.isArray(key) || key.length === 0) {
    return new KvKeyError(
      `${where(key, collection)} is not a key: expected an array with at least one part`,
    );
  }
  return refusedParts(key, collection);
}

/** As {@linkcode refusedKey}, for the keys of a selector, whose prefix may be empty. */
export function refusedSelector(
  selector: Deno.KvListSelector,
  collection: string | undefined,
): KvKeyError | KvLimitError | undefined {
  for (const key of Object.values(selector) as (Deno.KvKey | undefined)[]) {
    const refused = Array.isArray(key) ? refusedParts(key, collection) : undefined;
    if (refused !== undefined) return refused;
  }
  return undefined;
}

function refusedParts(
  key: Deno.KvKey,
  collection: string | undefined,
): KvKeyError | KvLimitError | undefined {
  let atMost = 0;
  for (let i = 0; i < key.length; i++) {
    const part = key[i];
    if (typeof part === "string") atMost += 3 * part.length + 2;
    else if (ArrayBuffer.isView(part)) atMost += 2 * part.byteLength + 2;
    else if (typeof part === "bigint") atMost += bigintBytes(part);
    else if (typeof part === "number") atMost += 9;
    else if (typeof part === "boolean") atMost += 1;
    // Only the symbol of `commitVersionstamp()` is a part; which one it is only KV can tell.
    else if (typeof part !== "symbol") return wrongPart(key, i, collection);
  }
  if (atMost <= KV_LIMITS.keyBytes) return undefined;
  const actual = keyBytes(key);
  return actual <= KV_LIMITS.keyBytes
    ? undefined
    : tooLarge(where(key, collection), { limit: KV_LIMITS.keyBytes, actual });
}

function wrongPart(key: Deno.KvKey, index: number, collection: string | undefined): KvKeyError {
  const part: unknown = key[index];
  const type = part === null ? "null" : typeof part;
  return new KvKeyError(
    `Part ${index} of ${lowerFirst(where(key, collection))} is of type "${type}": ` +
      "expected a string, number, bigint, boolean or Uint8Array",
  );
}

/** The exact size: strings and bytes are terminated by a zero, and a zero within them escaped. */
function keyBytes(key: Deno.KvKey): number {
  let bytes = 0;
  for (const part of key) {
    if (typeof part === "string") bytes += escapedBytes(encoder.encode(part));
    else if (ArrayBuffer.isView(part)) {
      bytes += escapedBytes(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
    } else if (typeof part === "bigint") bytes += bigintBytes(part);
    else if (typeof part === "number") bytes += 9;
    else if (typeof part === "boolean") bytes += 1;
  }
  return bytes;
}

function escapedBytes(bytes: Uint8Array): number {
  let size = bytes.length + 2;
  for (const byte of bytes) if (byte === 0) size++;
  return size;
}

function bigintBytes(value: bigint): number {
  if (value === 0n) return 1;
  const magnitude = Math.ceil((value < 0n ? -value : value).toString(16).length / 2);
  return magnitude + (magnitude <= 8 ? 1 : 2);
}

/**
 * Why KV would refuse a value whose size is known without serialising it: text and bytes. Any
 * other value KV measures itself, before it writes.
 */
export function refusedValue(
  value: unknown,
  key: Deno.KvKey | undefined,
  collection: string | undefined,
): KvLimitError | undefined {
  let actual = 0;
  // Six bytes precede a text of this size; one byte a character is the least that it can take.
  if (typeof value === "string") actual = value.length + 6;
  else if (value instanceof Uint8Array) actual = value.byteLength;
  return actual <= KV_LIMITS.valueBytes
    ? undefined
    : tooLarge(valueOf(key, collection), { limit: KV_LIMITS.valueBytes, actual });
}

/** The error of too many of something in one call. */
export function tooMany(what: string, actual: number, limit: number): KvLimitError {
  return new KvLimitError(
    `Cannot put ${count(actual)} ${what} into one call: Deno KV takes ${count(limit)} at most`,
    { limit, actual },
  );
}

/** The error of something that takes too many bytes. */
export function tooLarge(
  what: string,
  { limit, actual, cause }: { limit: number; actual?: number | undefined; cause?: unknown },
): KvLimitError {
  const takes = actual === undefined ? "more" : `${count(actual)} B, more`;
  return new KvLimitError(
    `${what} takes ${takes} than the ${count(limit)} B that Deno KV allows`,
    { limit, actual, cause },
  );
}

/** The value of a key, in words that may go into a log or a span. */
export function valueOf(key: Deno.KvKey | undefined, collection: string | undefined): string {
  return `The value of ${lowerFirst(where(key, collection))}`;
}

/**
 * Where something is, in words that may go into a log or a span: keys hold user data, so no more of
 * one than its first part is told.
 */
function where(key: Deno.KvKey | undefined, collection: string | undefined): string {
  if (collection !== undefined) return `A key of "${collection}"`;
  if (!Array.isArray(key) || key.length === 0) return "A key";
  const first = key[0];
  if (typeof first !== "string" || first.length > 64) return "A key";
  return `The key ["${first}"${key.length > 1 ? ", …" : ""}]`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
