import type { Attributes, AttributeValue } from "@opentelemetry/api";
import { cleanText, isPlainNumber } from "../batch/clean_scalar.ts";

/** Attributes that OTLP can hold, and the names of those that it cannot. */
export interface CleanAttributes {
  readonly attributes: Attributes;
  /** What had to be left out, by name. */
  readonly refused: readonly string[];
}

/**
 * Makes attributes fit for serialisation, whatever code or a detector gave: a single bad one would spoil every
 * export. Nothing (`null`, `undefined`) means that an attribute is not there.
 *
 * @param given What was given.
 */
export function cleanAttributes(given: unknown): CleanAttributes {
  const refused: string[] = [];
  const kept: [string, AttributeValue][] = [];
  for (const name of namesOf(given)) {
    const value = cleanValue(() => Reflect.get(Object(given), name));
    if (value === undefined || name === "") refused.push(name);
    else if (value !== null) kept.push([cleanText(name), value]);
  }
  return { attributes: Object.fromEntries(kept), refused };
}

function namesOf(given: unknown): readonly string[] {
  if (typeof given !== "object" || given === null) return [];
  try {
    return Object.keys(given);
  } catch {
    return [];
  }
}

/** @returns `null` where there is nothing, `undefined` where there is something that cannot be held. */
function cleanValue(read: () => unknown): AttributeValue | null | undefined {
  try {
    const value = read();
    if (value === undefined || value === null) return null;
    return Array.isArray(value) ? cleanArray(value) : cleanScalar(value);
  } catch {
    return undefined;
  }
}

/** A list is of one type; what is mixed is told in texts. */
function cleanArray(values: readonly unknown[]): AttributeValue | undefined {
  const items = values.filter((value) => value !== undefined && value !== null).map(cleanScalar);
  if (items.some((item) => item === undefined)) return undefined;
  if (items.every((item) => typeof item === "number")) return items;
  if (items.every((item) => typeof item === "boolean")) return items;
  return items.map((item) => String(item));
}

function cleanScalar(value: unknown): string | number | boolean | undefined {
  switch (typeof value) {
    case "string":
      return cleanText(value);
    case "boolean":
      return value;
    case "number":
      return isPlainNumber(value) ? value : String(value);
    case "bigint":
      return String(value);
    default:
      return undefined;
  }
}
