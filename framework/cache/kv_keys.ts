import { createHash } from "node:crypto";

/**
 * One commit takes 81,920 bytes of keys. The one that replaces a large value deletes all of its parts
 * and tags and writes new tags, so what a key is made of has to be short.
 */
const MAX_PART_BYTES = 64;
const MAX_PREFIX_BYTES = 100;

const encoder = new TextEncoder();

/** Where each thing lies under a store's prefix. */
export class KvKeys {
  /** What stands before every key of the store. */
  readonly prefix: Deno.KvKey;

  /**
   * @throws {TypeError} When the prefix is empty: clearing would empty the whole database.
   * @throws {RangeError} When it is too long.
   */
  constructor(prefix: Deno.KvKey) {
    if (prefix.length === 0) {
      throw new TypeError(
        `Cannot keep a cache under an empty prefix: expected one of its own, such as ["cache"]`,
      );
    }
    const bytes = prefix.reduce<number>((sum, part) => sum + partBytes(part), 0);
    if (bytes > MAX_PREFIX_BYTES) {
      throw new RangeError(
        `Cannot keep a cache under a prefix of ${bytes} bytes: expected at most ${MAX_PREFIX_BYTES}`,
      );
    }
    this.prefix = prefix;
  }

  /** Where the record of a key lies. */
  record(key: string): Deno.KvKey {
    return [...this.prefix, "entry", shortPart(key)];
  }

  /** Where one part of a large value lies. */
  part(id: string, index: number): Deno.KvKey {
    return [...this.prefix, "part", id, index];
  }

  /** Where all that has a tag is listed. */
  tag(tag: string): Deno.KvKey {
    return [...this.prefix, "tag", shortPart(tag)];
  }

  /** Where it is noted that the record at `recordKey` has a tag. */
  tagged(tag: string, recordKey: Deno.KvKey): Deno.KvKey {
    return [...this.tag(tag), recordKey.at(-1) as Deno.KvKeyPart];
  }

  /** The record that a row under `tag` speaks of. */
  recordOf(taggedKey: Deno.KvKey): Deno.KvKey {
    return [...this.prefix, "entry", taggedKey.at(-1) as Deno.KvKeyPart];
  }
}

/** Long text lies under its digest. As bytes, it cannot be mistaken for what is text. */
function shortPart(text: string): Deno.KvKeyPart {
  // KV writes each NUL as two bytes.
  if (partBytes(text) <= MAX_PART_BYTES && !text.includes("\0")) return text;
  return new Uint8Array(createHash("sha256").update(text).digest());
}

/** The bytes of a part of a key, with its type and its end. */
function partBytes(part: Deno.KvKeyPart): number {
  if (typeof part === "string") return encoder.encode(part).byteLength + 2;
  return part instanceof Uint8Array ? part.byteLength + 2 : 16;
}
