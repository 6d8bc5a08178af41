/** What an object, a property or an item takes beside its contents, roughly, in V8. */
const OVERHEAD = 16;

/**
 * About how many bytes of memory a value takes: a bound for a cache, not a measurement. Strings
 * count two bytes for each UTF-16 unit, buffers what they hold; what is reached twice counts once.
 */
export function estimateBytes(value: unknown): number {
  const seen = new Set<object>();
  const pending: unknown[] = [value];
  let bytes = 0;
  // A list, not recursion: a long chain of objects must not overflow the stack.
  while (pending.length > 0) {
    const next = pending.pop();
    bytes += OVERHEAD;
    if (typeof next === "string") bytes += next.length * 2;
    else if (typeof next === "bigint") bytes += next.toString(16).length / 2;
    if (typeof next !== "object" || next === null || seen.has(next)) continue;
    seen.add(next);
    if (ArrayBuffer.isView(next) || next instanceof ArrayBuffer) {
      bytes += next.byteLength;
    } else if (next instanceof Map) {
      for (const [key, item] of next) pending.push(key, item);
    } else if (next instanceof Set || Array.isArray(next)) {
      for (const item of next) pending.push(item);
    } else {
      for (const [key, item] of Object.entries(next)) {
        bytes += key.length * 2;
        pending.push(item);
      }
    }
  }
  return Math.ceil(bytes);
}
