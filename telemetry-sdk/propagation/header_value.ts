/**
 * The one value of a header that may come only once.
 *
 * @param value What a getter gave.
 * @returns `undefined` where there is none, or more than one.
 */
export function singleValue(value: unknown): string | undefined {
  const only = Array.isArray(value) && value.length === 1 ? value[0] : value;
  return typeof only === "string" ? only : undefined;
}

/** The first value of a header: what B3 goes by where there are several. */
export function firstValue(value: unknown): string | undefined {
  return singleValue(Array.isArray(value) ? value[0] : value);
}

/**
 * All the values of a header that may be split into several, joined as RFC 9110, section 5.3, has it.
 *
 * @param value What a getter gave.
 */
export function joinedValue(value: unknown): string | undefined {
  return singleValue(Array.isArray(value) ? value.join(",") : value);
}

/** Takes off the white space that HTTP allows around a value: spaces and tabs, and nothing else. */
export function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return start === 0 && end === text.length ? text : text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
