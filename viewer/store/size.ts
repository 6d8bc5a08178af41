/** An object with a few fields and its place in a list. */
export const OBJECT_BYTES = 96;
/** The head of a text. */
const TEXT_BYTES = 24;

/** What a text takes: one byte a character, or two where one of them is beyond Latin-1. */
export function textBytes(text: string): number {
  // deno-lint-ignore no-control-regex -- every character of Latin-1 is meant
  return TEXT_BYTES + text.length * (/^[\x00-\xff]*$/.test(text) ? 1 : 2);
}
