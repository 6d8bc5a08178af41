import type { Attributes } from "@opentelemetry/api";

/** What a parser makes of a text. A list may give what is usable together with what is wrong in the rest. */
export interface Parsed<T> {
  readonly value?: T;
  /** What would be right, as the rest of a sentence that begins with the variable and its value. */
  readonly problem?: string;
}

/** Turns the text of a variable into a typed value. */
export type Parser<T> = (text: string) => Parsed<T>;

/** The largest delay that a timer accepts; stands for "no limit". */
export const NO_TIMEOUT = 2_147_483_647;

const SHORTEST_SECRET_BYTES = 32;

/** Accepts any text. */
export const parseText: Parser<string> = (text) => ({ value: text });

/** A secret that signs something: what is short can be guessed. */
export const parseSecret: Parser<string> = (text) =>
  new TextEncoder().encode(text).length >= SHORTEST_SECRET_BYTES
    ? { value: text }
    : { problem: `expected a text of at least ${SHORTEST_SECRET_BYTES} bytes` };

/** Only a case-insensitive `true` is true; anything but `true` and `false` is a mistake worth a warning. */
export const parseBoolean: Parser<boolean> = (text) => {
  const lower = text.toLowerCase();
  if (lower === "true") return { value: true };
  if (lower === "false") return { value: false };
  return { problem: "expected true or false" };
};

/**
 * Makes a parser of whole decimal numbers within a range.
 *
 * @param min The smallest number accepted.
 * @param max The largest number accepted.
 */
export function integerFrom(min: number, max: number = NO_TIMEOUT): Parser<number> {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    if (value >= min && value <= max) return { value };
    return { problem: `expected an integer from ${min} to ${max}` };
  };
}

/** A duration in milliseconds. */
export const parseDuration: Parser<number> = integerFrom(0);

/** A timeout in milliseconds, where 0 means no limit. */
export const parseTimeout: Parser<number> = (text) => {
  const parsed = parseDuration(text);
  return parsed.value === 0 ? { value: NO_TIMEOUT } : parsed;
};

/** A number from 0 to 1. */
export const parseRatio: Parser<number> = (text) => {
  const value = /^(\d+\.?\d*|\.\d+)(e-?\d+)?$/i.test(text) ? Number(text) : NaN;
  if (value >= 0 && value <= 1) return { value };
  return { problem: "expected a number from 0 to 1" };
};

/**
 * Makes a parser of one of several words; case does not matter.
 *
 * @param words The words accepted, in the spelling that the value gets.
 * @param refusals What to say of words that are known but not supported.
 */
export function oneOf<T extends string>(
  words: readonly T[],
  refusals: Readonly<Record<string, string>> = {},
): Parser<T> {
  return (text) => {
    const lower = text.toLowerCase();
    const value = words.find((word) => word.toLowerCase() === lower);
    if (value !== undefined) return { value };
    return { problem: refusals[lower] ?? `expected one of ${words.join(", ")}` };
  };
}

/** What a list of words may hold besides its words. */
export interface ListOptions<T extends string> {
  /** What to say of words that are known but not supported. */
  readonly refusals?: Readonly<Record<string, string>>;
  /** What the word `all` stands for, where it stands for something. */
  readonly all?: readonly T[];
}

/**
 * Makes a parser of a comma-separated list of words, without duplicates. `none` stands for the empty list.
 * A word that is not known is left out and said; when none is left the whole value counts as bad.
 *
 * @param words The words accepted, in the spelling that the value gets.
 * @param options Refusals, and what `all` means.
 */
export function listOf<T extends string>(
  words: readonly T[],
  { refusals = {}, all }: ListOptions<T> = {},
): Parser<readonly T[]> {
  const parseWord = oneOf(words);
  return (text) => {
    const entries = text.split(",").map((entry) => entry.trim()).filter((entry) => entry !== "");
    const isOnly = (word: string) =>
      entries.length > 0 && entries.every((entry) => entry.toLowerCase() === word);
    if (isOnly("none")) return { value: [] };
    if (isOnly("all") && all !== undefined) return { value: all };
    const known = new Set<T>();
    const unknown: string[] = [];
    for (const entry of entries) {
      const { value } = parseWord(entry);
      if (value === undefined) unknown.push(entry);
      else known.add(value);
    }
    const reasons = unknown.flatMap((word) => {
      const reason = refusals[word.toLowerCase()];
      return reason === undefined ? [] : [`"${word}": ${reason}`];
    });
    const choice = all === undefined ? "or none alone" : "or all or none alone";
    const problem = [`expected a list of ${words.join(", ")}, ${choice}`, ...reasons].join("; ");
    if (known.size === 0) return { problem };
    if (unknown.length === 0) return { value: [...known] };
    const ignored = unknown.map((word) => `"${word}"`).join(", ");
    return { value: [...known], problem: `${problem}; ignored ${ignored}` };
  };
}

/** `key=value` pairs for HTTP headers, values percent-decoded. A bad pair is left out, and named by its place only. */
export const parseHeaders: Parser<Readonly<Record<string, string>>> = (text) => {
  const headers: Record<string, string> = {};
  const bad: number[] = [];
  for (const [index, pair] of text.split(",").entries()) {
    if (pair.trim() === "") continue;
    const header = parseHeader(pair);
    if (header === undefined) bad.push(index + 1);
    else headers[header.name] = header.value;
  }
  if (bad.length === 0) return { value: headers };
  return { value: headers, problem: `expected name=value pairs; ignored pair ${bad.join(", ")}` };
};

function parseHeader(pair: string): { name: string; value: string } | undefined {
  const at = pair.indexOf("=");
  if (at < 1) return undefined;
  try {
    const name = pair.slice(0, at).trim().toLowerCase();
    const value = decodeURIComponent(pair.slice(at + 1).trim());
    // `Headers` knows what a name and a value may hold; it throws on the rest and trims the value.
    return { name, value: new Headers([[name, value]]).get(name) ?? "" };
  } catch {
    return undefined;
  }
}

/** `key=value` pairs for the resource. One malformed pair discards the whole value (resource/sdk.md). */
export const parseResourceAttributes: Parser<Attributes> = (text) => {
  const attributes: Attributes = {};
  for (const pair of text.split(",")) {
    const [key, value, ...rest] = pair.split("=").map((part) => part.trim());
    if (!key || value === undefined || rest.length > 0) return { problem: RESOURCE_PROBLEM };
    try {
      attributes[decodeURIComponent(key)] = decodeURIComponent(value);
    } catch {
      return { problem: RESOURCE_PROBLEM };
    }
  }
  return { value: attributes };
};

const RESOURCE_PROBLEM =
  "expected key=value pairs with commas and equals signs percent-encoded; the whole value is discarded";
