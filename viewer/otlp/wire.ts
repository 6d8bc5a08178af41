import { Nanos } from "./nanos.ts";

/**
 * One message in the shape of OTLP's JSON, its fields not yet checked: camelCase names, hexadecimal
 * identifiers, base64 bytes, 64-bit integers as number or digits, and what has its default left out.
 */
export type Message = Readonly<Record<string, unknown>>;

/** A request, or an item of one, that is not what the protocol describes. */
export class WireError extends Error {
  override readonly name = "WireError";
}

const SHOWN = 80;

function wrong(field: string, right: string, value: unknown): WireError {
  const text = JSON.stringify(value) ?? String(value);
  const shown = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
  return new WireError(`Field "${field}" is not ${right}: ${shown}`);
}

/** The value as a message. */
export function asMessage(value: unknown, field: string): Message {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Message;
  throw wrong(field, "an object", value);
}

/** Whether the sender set a field: JSON may say by null that it did not. */
export function has(message: Message, field: string): boolean {
  return message[field] !== undefined && message[field] !== null;
}

const EMPTY: Message = {};
const NOTHING: readonly unknown[] = [];

/** A message in a field; an empty one where it was left out. */
export function messageIn(message: Message, field: string): Message {
  return has(message, field) ? asMessage(message[field], field) : EMPTY;
}

/** A list in a field; an empty one where it was left out. */
export function listIn(message: Message, field: string): readonly unknown[] {
  const value = message[field] ?? NOTHING;
  if (Array.isArray(value)) return value;
  throw wrong(field, "a list", value);
}

/** A text in a field; empty where it was left out. */
export function textIn(message: Message, field: string): string {
  const value = message[field] ?? "";
  if (typeof value === "string") return value;
  throw wrong(field, "a text", value);
}

/** A truth value in a field; false where it was left out. */
export function booleanIn(message: Message, field: string): boolean {
  const value = message[field] ?? false;
  if (typeof value === "boolean") return value;
  throw wrong(field, "true or false", value);
}

/** Longer digits cannot be a 64-bit integer; unchecked, they would be dear to convert. */
const DIGITS = /^-?\d{1,20}$/;

/** A count in a field, rounded beyond 2^53; 0 where it was left out. */
export function countIn(message: Message, field: string): number {
  return asCount(message[field] ?? 0, field);
}

/** A count by itself. */
export function asCount(value: unknown, field: string): number {
  const count = typeof value === "string" && DIGITS.test(value) ? Number(value) : value;
  if (typeof count === "number" && Number.isInteger(count) && count >= 0) return count;
  throw wrong(field, "a count", value);
}

/** An integer of either sign that a number can hold; 0 where it was left out. */
export function integerIn(message: Message, field: string): number {
  const value = message[field] ?? 0;
  const integer = typeof value === "string" && DIGITS.test(value) ? Number(value) : value;
  if (typeof integer === "number" && Number.isSafeInteger(integer)) return integer;
  throw wrong(field, "an integer", value);
}

/** A 64-bit integer: a number where that is exact, else its digits. */
export function asInteger(value: unknown, field: string): number | string {
  if (typeof value === "number" && Number.isInteger(value)) return value;
  if (typeof value !== "string" || !DIGITS.test(value)) throw wrong(field, "an integer", value);
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** A floating-point number, which JSON may give by name. */
export function asDouble(value: unknown, field: string): number {
  if (typeof value === "number") return value;
  if (value === "NaN" || value === "Infinity" || value === "-Infinity") return Number(value);
  throw wrong(field, "a number", value);
}

const MAX_NANOS = 2n ** 64n - 1n;

/** A time in a field; zero where it was left out. */
export function timeIn(message: Message, field: string): Nanos {
  const value = message[field];
  if (value instanceof Nanos) return value;
  if (value === undefined || value === null) return Nanos.zero;
  const whole = typeof value === "number" && Number.isInteger(value) && value >= 0;
  if (whole || typeof value === "string" && /^\d{1,20}$/.test(value)) {
    const nanos = BigInt(value as number | string);
    if (nanos <= MAX_NANOS) return Nanos.fromBigint(nanos);
  }
  throw wrong(field, "a time in nanoseconds", value);
}

/**
 * A member of an enum by its number. JSON ought to carry the number; a name with its prefix is
 * taken as well, and a number of a later version is as good as none.
 */
export function enumIn(message: Message, field: string, names: readonly string[]): number {
  const value = message[field] ?? 0;
  if (typeof value === "number" && Number.isInteger(value)) {
    return value >= 0 && value < names.length ? value : 0;
  }
  if (typeof value !== "string") throw wrong(field, "a member of its enum", value);
  return Math.max(0, names.indexOf(value));
}

/**
 * An identifier in lower-case hexadecimal.
 *
 * @returns Empty where it was left out or is all zeros, which means none; undefined where it is
 * not an identifier.
 */
export function identifierIn(message: Message, field: string, digits: 16 | 32): string | undefined {
  const value = message[field] ?? "";
  if (value === "") return "";
  if (typeof value !== "string" || value.length !== digits) return undefined;
  if (!/^[0-9a-f]+$/i.test(value)) return undefined;
  return /^0+$/.test(value) ? "" : value.toLowerCase();
}
