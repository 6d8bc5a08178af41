import { shown } from "./option_checks.ts";

/** A text that must be met exactly, with `*` for any part of it; or an expression. */
export type TextPattern = string | RegExp;

/** Tells whether a text is meant. */
export type TextMatcher = (text: string) => boolean;

/**
 * Makes a matcher of one pattern, or of several of which one is enough.
 *
 * @param name What the pattern is called in an error.
 * @param pattern The pattern.
 * @throws {TypeError} When it is none.
 */
export function textMatcher(name: string, pattern: unknown): TextMatcher {
  if (Array.isArray(pattern)) {
    if (pattern.length === 0) throw new TypeError(`Bad "${name}": expected at least one pattern`);
    const matchers = pattern.map((one, index) => textMatcher(`${name}[${index}]`, one));
    return (text) => matchers.some((matches) => matches(text));
  }
  if (pattern instanceof RegExp) {
    // Without the flags that make an expression remember where it was last time.
    const expression = new RegExp(pattern.source, pattern.flags.replaceAll(/[gy]/g, ""));
    return (text) => expression.test(text);
  }
  if (typeof pattern !== "string") {
    throw new TypeError(
      `Bad "${name}" ${shown(pattern)}: expected a text, a RegExp, or a list of them`,
    );
  }
  return pattern.includes("*") ? wildcardMatcher(pattern) : (text) => text === pattern;
}

/** Searches for the parts one after the other: no text, however hostile, makes it go back. */
function wildcardMatcher(pattern: string): TextMatcher {
  const [first = "", ...rest] = pattern.split("*");
  const last = rest.pop() ?? "";
  return (text) => {
    if (text.length < first.length + last.length) return false;
    if (!text.startsWith(first) || !text.endsWith(last)) return false;
    const end = text.length - last.length;
    let at = first.length;
    for (const part of rest) {
      const found = text.indexOf(part, at);
      if (found === -1 || found + part.length > end) return false;
      at = found + part.length;
    }
    return true;
  };
}
