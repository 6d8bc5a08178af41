import type { ByteRange } from "./byte_range.ts";

const CHUNK_BYTES = 64 * 1024;

/**
 * Reads a part of a file piece by piece. The file is opened when the first piece is asked for, and
 * closed at the end, at a failure, or when no further piece is wanted; a slice that nobody reads
 * holds nothing open.
 *
 * @param path Where the file is.
 * @param range Which part.
 * @throws {Error} When the file has become shorter than the part's end.
 */
export async function* readFileSlice(
  path: string,
  range: ByteRange,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  using file = await Deno.open(path, { read: true });
  if (range.start > 0) await file.seek(range.start, Deno.SeekMode.Start);
  let left = range.length;
  while (left > 0) {
    const chunk = new Uint8Array(Math.min(CHUNK_BYTES, left));
    const read = await file.read(chunk);
    if (read === null) throw new Error(`The file "${path}" became shorter while it was read`);
    left -= read;
    yield chunk.subarray(0, read);
  }
}

/** Reads a part of a file at once. @throws {Error} When the file has become shorter. */
export async function readFileBytes(
  path: string,
  range: ByteRange,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(range.length);
  let offset = 0;
  for await (const chunk of readFileSlice(path, range)) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}
