/** A part of a file: how many bytes, from where. */
export interface ByteRange {
  /** The first byte, counted from 0. */
  readonly start: number;
  /** How many bytes; at least 1. */
  readonly length: number;
}

/**
 * The part that a `Range` header asks for (RFC 9110, section 14.1.2).
 *
 * @param header The header, or `null` where there is none.
 * @param size How many bytes there are.
 * @returns The part; `unsatisfiable` where nothing of it exists; `undefined` where the header means
 *   the whole: it is malformed, of another unit, or asks for several parts, which may be ignored.
 */
export function parseByteRange(
  header: string | null,
  size: number,
): ByteRange | "unsatisfiable" | undefined {
  const match = /^bytes=\s*(\d*)-(\d*)\s*$/i.exec(header ?? "");
  if (match === null) return undefined;
  const [, first = "", last = ""] = match;
  if (first === "" && last === "") return undefined;
  if (first !== "" && last !== "" && Number(last) < Number(first)) return undefined;
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size : Math.min(size, Number(last) + 1);
  return start < end ? { start, length: end - start } : "unsatisfiable";
}
