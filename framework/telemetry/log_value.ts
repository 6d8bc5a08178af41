import { shownHeaders, typeName, wellKnown } from "./log_known_value.ts";
import { redactText } from "./redact.ts";

/** What JSON can hold, and the attributes of a log record too. */
export type PlainValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | PlainValue[]
  | { [key: string]: PlainValue };

/** How many characters of one field are logged. */
const MAX_CHARACTERS = 16_384;
/** How many items and entries of one field are logged, at all depths together. */
const MAX_PARTS = 1000;
/** How deep nested fields are written; what lies deeper is named by its type. */
const MAX_DEPTH = 8;
/** How much of the field may still be written. */
interface Budget {
  characters: number;
  parts: number;
}

/**
 * A value as JSON can hold it, and not too much of it: nothing that a caller logs makes the logger throw, or
 * fills the disk.
 *
 * @param value Anything.
 * @param characters How many characters of it are kept.
 */
export function plainValue(value: unknown, characters: number = MAX_CHARACTERS): PlainValue {
  return plain(value, { characters, parts: MAX_PARTS }, []);
}

/** The first characters of a text, and a word on how many are left out. */
export function shortened(text: string, length: number = MAX_CHARACTERS): string {
  if (text.length <= length) return text;
  // Half of a pair is left at the end where the cut goes through a character.
  const kept = text.slice(0, length).replace(/[\ud800-\udbff]$/, "");
  return `${kept}… [${text.length - kept.length} more characters]`;
}

function plain(value: unknown, budget: Budget, above: readonly object[]): PlainValue {
  switch (typeof value) {
    case "string":
      return spend(value, budget);
    case "bigint":
    case "symbol":
      return spend(String(value), budget);
    case "function":
      return "[function]";
    case "number":
      return Number.isFinite(value) ? value : String(value);
    case "boolean":
    case "undefined":
      return value;
  }
  if (value === null || typeof value !== "object") return null;
  if (above.includes(value)) return "[circular]";
  try {
    return plainObject(value, budget, above);
  } catch (error) {
    return threw(error);
  }
}

function plainObject(value: object, budget: Budget, above: readonly object[]): PlainValue {
  const known = wellKnown(value);
  if (known !== undefined) return spend(known, budget);
  if (above.length >= MAX_DEPTH) return `[${typeName(value)}]`;
  const path = [...above, value];
  if (value instanceof Error) return plainError(value, budget, path);
  if (value instanceof Headers) return plainEntries(shownHeaders(value), budget, path);
  if (value instanceof Map) return plainEntries(value, budget, path);
  if (Array.isArray(value) || value instanceof Set) return plainList(value, budget, path);
  if (ArrayBuffer.isView(value) && Symbol.iterator in value) {
    return plainList(value as ArrayBufferView & Iterable<unknown>, budget, path);
  }
  // The value's own idea of how it is written down, as `JSON.stringify` takes it.
  if ("toJSON" in value && typeof value.toJSON === "function") {
    return plain(value.toJSON(), budget, path);
  }
  const keys = Object.keys(value);
  if (keys.length === 0 && typeName(value) !== "Object") return `[${typeName(value)}]`;
  return plainEntries(ownEntries(value, keys), budget, path);
}

function plainError(error: Error, budget: Budget, path: readonly object[]): PlainValue {
  const own = ["name", "message", "stack"];
  const further = Object.keys(error).filter((key) => !own.includes(key) && key !== "cause");
  // These two are not among an error's keys, and what they hold is what went wrong.
  if (error instanceof AggregateError) further.push("errors");
  if (error.cause !== undefined) further.push("cause");
  const entries = ownEntries(error, [...own, ...new Set(further)]);
  return plainEntries(withoutSecrets(entries), budget, path);
}

/** The runtime's own errors name the URL that could not be fetched, with all that is in it. */
function* withoutSecrets(
  entries: Iterable<readonly [string, unknown]>,
): Generator<readonly [string, unknown]> {
  for (const [key, value] of entries) {
    yield [key, typeof value === "string" ? redactText(value) : value];
  }
}

function plainList(
  items: Iterable<unknown>,
  budget: Budget,
  path: readonly object[],
): PlainValue[] {
  const list: PlainValue[] = [];
  for (const item of items) {
    if (isSpent(budget)) {
      list.push("[more]");
      break;
    }
    list.push(plain(item, budget, path));
  }
  return list;
}

function plainEntries(
  entries: Iterable<readonly [unknown, unknown]>,
  budget: Budget,
  path: readonly object[],
): Record<string, PlainValue> {
  const result: Record<string, PlainValue> = {};
  for (const [key, value] of entries) {
    if (isSpent(budget)) {
      result["[more]"] = true;
      break;
    }
    // Defined, not assigned: assigning to "__proto__" would change what the result inherits from.
    Object.defineProperty(result, spend(keyText(key), budget), {
      value: plain(value, budget, path),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return result;
}

/** A map may have keys of any type. */
function keyText(key: unknown): string {
  if (typeof key === "string") return key;
  return typeof key === "object" && key !== null
    ? JSON.stringify(plainValue(key, 100))
    : String(key);
}

/** Entries that are read one at a time: a getter that throws spoils its own entry alone. */
function* ownEntries(
  value: object,
  keys: readonly string[],
): Generator<readonly [string, unknown]> {
  for (const key of keys) {
    let content: unknown;
    try {
      content = value[key as keyof typeof value];
    } catch (error) {
      content = threw(error);
    }
    yield [key, content];
  }
}

function spend(text: string, budget: Budget): string {
  const kept = shortened(text, Math.max(budget.characters, 0));
  budget.characters -= text.length;
  return kept;
}

function isSpent(budget: Budget): boolean {
  return budget.parts-- <= 0 || budget.characters <= 0;
}

function threw(error: unknown): string {
  try {
    return `[threw ${error instanceof Error ? error.message : String(error)}]`;
  } catch {
    return "[threw]";
  }
}
