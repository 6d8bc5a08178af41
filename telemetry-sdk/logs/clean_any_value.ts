import type { AnyValue, AnyValueMap } from "@opentelemetry/api-logs";
import { isPlainNumber } from "../batch/clean_scalar.ts";

/** How much a value may hold; what is over is cut off. */
export interface ValueLimits {
  /** Characters of one text in it. */
  readonly textLength: number;
  /** Characters of all texts in it together. */
  readonly totalLength: number;
}

/** How deep values nest; what lies deeper is named by its type. */
const MAX_DEPTH = 8;
/** How many items and entries a value has, at all depths together. */
const MAX_PARTS = 4096;

/** What is left of the limits for the rest of a value. */
interface Budget {
  readonly textLength: number;
  characters: number;
  parts: number;
}

/**
 * A copy of a value that OTLP can hold, whatever the value is: circular, deep, huge, or with getters that throw.
 * A copy, because what was logged must not change with the object that it was taken from.
 *
 * @param value What was logged.
 * @param limits How much of it is kept.
 */
export function cleanAnyValue(value: unknown, limits: ValueLimits): AnyValue {
  const budget = {
    textLength: limits.textLength,
    characters: limits.totalLength,
    parts: MAX_PARTS,
  };
  return clean(value, budget, []);
}

/** Cuts a text to a length, never through a character, and makes it one that can be encoded. */
export function cutText(text: string, length: number): string {
  if (text.length <= length) return text.toWellFormed();
  const cut = text.slice(0, length);
  // Half of a pair is left at the end where the cut went through a character.
  return cut.replace(/[\ud800-\udbff]$/, "").toWellFormed();
}

function clean(value: unknown, budget: Budget, above: readonly object[]): AnyValue {
  switch (typeof value) {
    case "string":
      return spend(value, budget);
    case "number":
      return isPlainNumber(value) ? value : String(value);
    case "bigint": {
      const number = Number(value);
      return Number.isSafeInteger(number) ? number : spend(String(value), budget);
    }
    case "object":
      return value === null ? null : cleanObject(value, budget, above);
    case "function":
      return "[function]";
    case "symbol":
      return spend(String(value), budget);
    default:
      return value as boolean | undefined;
  }
}

function spend(text: string, budget: Budget): string {
  const kept = cutText(text, Math.min(budget.textLength, budget.characters));
  budget.characters -= kept.length;
  return kept;
}

function cleanObject(value: object, budget: Budget, above: readonly object[]): AnyValue {
  if (above.includes(value)) return "[circular]";
  try {
    if (value instanceof Date) {
      return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
    }
    if (value instanceof Error) return spend(`${value.name}: ${value.message}`, budget);
    if (value instanceof Uint8Array) return cutBytes(value, budget);
    if (above.length >= MAX_DEPTH) return `[${value.constructor?.name ?? "object"}]`;
    const path = [...above, value];
    if (Array.isArray(value)) return cleanList(value, budget, path);
    if (value instanceof Set) return cleanList(value, budget, path);
    if (ArrayBuffer.isView(value) && Symbol.iterator in value) {
      return cleanList(value as ArrayBufferView & Iterable<unknown>, budget, path);
    }
    if (value instanceof Map) return cleanEntries(value, budget, path);
    // The application's own idea of how the value is written down, as `JSON.stringify` takes it.
    if ("toJSON" in value && typeof value.toJSON === "function") {
      return clean(value.toJSON(), budget, path);
    }
    return cleanEntries(ownEntries(value), budget, path);
  } catch {
    return "[unreadable]";
  }
}

function cutBytes(bytes: Uint8Array, budget: Budget): Uint8Array {
  const kept = bytes.slice(0, Math.min(budget.textLength, budget.characters));
  budget.characters -= kept.length;
  return kept;
}

function cleanList(
  items: Iterable<unknown>,
  budget: Budget,
  path: readonly object[],
): AnyValue[] {
  const list: AnyValue[] = [];
  for (const item of items) {
    if (isSpent(budget)) {
      list.push("[more]");
      break;
    }
    list.push(clean(item, budget, path) ?? null);
  }
  return list;
}

function cleanEntries(
  entries: Iterable<readonly [unknown, unknown]>,
  budget: Budget,
  path: readonly object[],
): AnyValueMap {
  const map: AnyValueMap = {};
  for (const [key, value] of entries) {
    if (isSpent(budget)) {
      map["[more]"] = true;
      break;
    }
    const name = spend(typeof key === "string" ? key : String(key), budget);
    // Defined, not assigned: assigning to "__proto__" would change what the map inherits from.
    Object.defineProperty(map, name, {
      value: clean(value, budget, path),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return map;
}

/** The entries of an object, one read at a time: one getter that throws spoils its own entry alone. */
function* ownEntries(value: object): Generator<readonly [string, unknown]> {
  for (const key of Object.keys(value)) {
    let content: unknown;
    try {
      content = value[key as keyof typeof value];
    } catch {
      content = "[unreadable]";
    }
    yield [key, content];
  }
}

function isSpent(budget: Budget): boolean {
  return budget.parts-- <= 0 || budget.characters <= 0;
}
