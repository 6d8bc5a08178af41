import type { OptionPath, OptionValue } from "./options.ts";
import { integerFrom, type Parser } from "./parsers.ts";

/** One thing that can be configured by a text: where it stands, and how the text is read. */
export interface Setting<T = unknown> {
  /** Where it stands in a configuration in code. */
  readonly option: OptionPath;
  /** The variable that says it, where there is one. */
  readonly variable?: string;
  /** What it says, for the reference. */
  readonly about: string;
  readonly parse: Parser<T>;
  /** The value that replaces a bad one, where the default would do harm. */
  readonly whenBad?: T;
  /** Never shown, not even in a warning. */
  readonly secret?: true;
  /** How a text is shown that may hold a secret. */
  readonly show?: (text: string) => string;
}

type Details<T> = Omit<Setting<T>, "option" | "variable" | "about" | "parse">;

/** One row of the table; the compiler holds the parser to the option's type. */
export function row<P extends OptionPath>(
  option: P,
  variable: string | undefined,
  parse: Parser<OptionValue<P>>,
  about: string,
  details: Details<OptionValue<P>> = {},
): Setting {
  // What a setting parses is put nowhere but at its own option.
  return { option, ...(variable && { variable }), parse, about, ...details } as Setting;
}

/** A number from 0. */
export const count: Parser<number> = integerFrom(0);
/** A number from 1. */
export const positive: Parser<number> = integerFrom(1);
// 1, not the 0 that the specification would allow: the tracer takes 0 for a mistake and truncates nothing.
/** The most characters of a text. */
export const length: Parser<number> = integerFrom(1);
