/** What a number, a boolean, or the frame of a value takes, about. */
const SCALAR_BYTES = 10;
/** How deep a value is measured, and how many of its parts: an estimate must stay cheap. */
const MAX_DEPTH = 6;
const MAX_PARTS = 2000;
/** How many items of a list are measured; the rest is taken for more of the same. */
const SAMPLE = 50;

/**
 * About how many bytes attributes take when they are sent: one for each character, which is right for most.
 *
 * @param attributes The attributes of an item.
 */
export function attributesSize(attributes: Readonly<Record<string, unknown>> | undefined): number {
  return attributes === undefined ? 0 : valueSize(attributes);
}

/** About how many bytes a value takes when it is sent; a circular one is measured as far as the depth goes. */
export function valueSize(value: unknown): number {
  return measure(value, { parts: MAX_PARTS }, 0);
}

function measure(value: unknown, left: { parts: number }, depth: number): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return SCALAR_BYTES;
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (depth >= MAX_DEPTH) return SCALAR_BYTES;
  if (Array.isArray(value)) return measureList(value, left, depth);
  let size = 0;
  for (const key in value) {
    if (left.parts-- <= 0) break;
    size += SCALAR_BYTES + key.length;
    size += measure(value[key as keyof typeof value], left, depth + 1);
  }
  return size;
}

function measureList(list: readonly unknown[], left: { parts: number }, depth: number): number {
  const sample = Math.min(list.length, SAMPLE, Math.max(left.parts, 0));
  if (sample === 0) return list.length * SCALAR_BYTES;
  let size = 0;
  for (let index = 0; index < sample; index++) {
    left.parts--;
    size += SCALAR_BYTES + measure(list[index], left, depth + 1);
  }
  return Math.ceil(size * list.length / sample);
}
