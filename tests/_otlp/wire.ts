/**
 * Reads fields from an OTLP message as both encodings give it: camelCase names, a field left out
 * where its default stands, identifiers as bytes (protobuf) or hexadecimal (JSON), 64-bit integers
 * as bigint (protobuf) or decimal text (JSON).
 */

/** One message, before its fields have been checked. */
export type Message = Readonly<Record<string, unknown>>;

/** A body that is not what the protocol describes. */
export class WireError extends Error {
  override readonly name = "WireError";
}

function wrong(field: string, right: string, value: unknown): WireError {
  const shown = typeof value === "bigint" ? `${value}` : JSON.stringify(value);
  return new WireError(`Field "${field}" is not ${right}: ${shown}`);
}

/** `value` itself when it is an object, as every message is. */
export function asMessage(value: unknown, field: string): Message {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw wrong(field, "an object", value);
  }
  return value as Message;
}

/** Whether the sender set the field. JSON may say so by `null`. */
export function isSet(message: Message, field: string): boolean {
  return message[field] !== undefined && message[field] !== null;
}

/** A message within a message; an empty one when it was left out. */
export function messageField(message: Message, field: string): Message {
  return isSet(message, field) ? asMessage(message[field], field) : {};
}

/** A repeated field; an empty list when it was left out. */
export function listField(message: Message, field: string): readonly unknown[] {
  if (!isSet(message, field)) return [];
  const value = message[field];
  if (!Array.isArray(value)) throw wrong(field, "a list", value);
  return value;
}

/** A repeated field of messages. */
export function messagesField(message: Message, field: string): Message[] {
  return listField(message, field).map((item) => asMessage(item, field));
}

/** A text; empty when it was left out. */
export function textField(message: Message, field: string): string {
  const value = message[field] ?? "";
  if (typeof value !== "string") throw wrong(field, "a text", value);
  return value;
}

/** A boolean; false when it was left out. */
export function booleanField(message: Message, field: string): boolean {
  const value = message[field] ?? false;
  if (typeof value !== "boolean") throw wrong(field, "a boolean", value);
  return value;
}

/**
 * A 64-bit integer, exact. A JSON number beyond 2^53 is refused: what it meant can no longer be
 * told.
 */
export function asBigint(value: unknown, field: string): bigint {
  if (typeof value === "bigint") return value;
  if (typeof value === "number" && Number.isSafeInteger(value)) {
    return BigInt(value);
  }
  if (typeof value === "string" && /^-?\d+$/.test(value)) return BigInt(value);
  throw wrong(field, "an exact integer", value);
}

/** A 64-bit integer that keeps its precision, such as a time; zero when it was left out. */
export function bigintField(message: Message, field: string): bigint {
  return asBigint(message[field] ?? 0n, field);
}

/** An integer as a number where that is exact, as a bigint where it is not. */
export function asInteger(value: unknown, field: string): number | bigint {
  const exact = asBigint(value, field);
  const number = Number(exact);
  return Number.isSafeInteger(number) ? number : exact;
}

/** A count, a flag set or another integer that a number can hold; zero when it was left out. */
export function integerField(message: Message, field: string): number {
  const value = asInteger(message[field] ?? 0, field);
  if (typeof value === "bigint") {
    throw wrong(field, "an integer below 2^53", value);
  }
  return value;
}

/** A floating-point number, which JSON may also give by name. */
export function asDouble(value: unknown, field: string): number {
  if (typeof value === "number") return value;
  if (value === "NaN" || value === "Infinity" || value === "-Infinity") {
    return Number(value);
  }
  throw wrong(field, "a number", value);
}

/** A floating-point number; zero when it was left out. */
export function doubleField(message: Message, field: string): number {
  return asDouble(message[field] ?? 0, field);
}

/** The name of an enum's number: the protocol's JSON carries the number too, never the name. */
export function enumField<const Name extends string>(
  message: Message,
  field: string,
  names: readonly [Name, ...Name[]],
): Name {
  const name = names[integerField(message, field)];
  if (name === undefined) {
    throw wrong(
      field,
      `an integer from 0 to ${names.length - 1}`,
      message[field],
    );
  }
  return name;
}

/**
 * A trace or span identifier in lower-case hexadecimal.
 *
 * @param bytes How many bytes it must have.
 * @returns Undefined when it was left out or is empty.
 */
export function identifierField(
  message: Message,
  field: string,
  bytes: 8 | 16,
): string | undefined {
  const value = message[field] ?? "";
  const hex = value instanceof Uint8Array ? new Uint8Array(value).toHex() : value;
  if (hex === "") return undefined;
  if (
    typeof hex !== "string" || hex.length !== bytes * 2 ||
    !/^[0-9a-f]+$/i.test(hex)
  ) {
    throw wrong(field, `${bytes * 2} hexadecimal digits`, hex);
  }
  return hex.toLowerCase();
}

/** An identifier that must be there. */
export function requiredIdentifierField(
  message: Message,
  field: string,
  bytes: 8 | 16,
): string {
  const identifier = identifierField(message, field, bytes);
  if (identifier === undefined) {
    throw new WireError(`Field "${field}" is missing`);
  }
  return identifier;
}
