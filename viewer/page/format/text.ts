/**
 * Characters that change how others are shown, or that are not seen at all: controls, the marks
 * that turn the direction of writing, and spaces of no width.
 */
const INVISIBLE =
  // deno-lint-ignore no-control-regex -- control characters are what is looked for
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

/**
 * Makes what hides visible, so that a name cannot pass for another one: `\u202e` becomes
 * `⟨U+202E⟩`. Line breaks and tabs stay.
 */
export function visibleText(text: string): string {
  return text.replace(
    INVISIBLE,
    (found) => `⟨U+${(found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`,
  );
}

/** A text cut to a length, never in the middle of a character. */
export function clip(text: string, length: number): string {
  if (text.length <= length) return text;
  const end = /[\ud800-\udbff]/.test(text.charAt(length - 1)) ? length - 1 : length;
  return text.slice(0, end);
}
