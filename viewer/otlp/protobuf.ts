import { Reader } from "protobufjs/minimal";
import { Nanos } from "./nanos.ts";
import { type Message, WireError } from "./wire.ts";

/** Reads one value of a field, whose tag has just been read. */
export type ReadField = (reader: Reader, depth: number) => unknown;

/** How one field of a message is read. */
export interface Field {
  readonly name: string;
  readonly read: ReadField;
  readonly repeated: boolean;
  /** Whether the wire holds a run of values behind one length. */
  readonly packed: boolean;
}

/** The fields of a message by their tags: field number and wire type together. */
export type Fields = readonly (Field | undefined)[];

/** Values nested deeper than this are refused: nothing real is, and the stack has an end. */
const MAX_DEPTH = 64;
/** Elements of one repeated field. A single item with more would hold up everybody else. */
const MAX_REPEATED = 100_000;
const MAX_MESSAGE = 0x7fffffff;

/**
 * Decodes one message into the shape that OTLP's JSON encoding has, so that what follows need not
 * know which encoding it was. Fields that are not in the table are skipped, as the protocol asks.
 *
 * @throws {WireError} When the bytes are not such a message.
 */
export function decodeMessage(bytes: Uint8Array, fields: Fields): Message {
  const reader = Reader.create(bytes);
  try {
    return readMessage(reader, bytes.length, fields, 0);
  } catch (cause) {
    if (cause instanceof WireError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new WireError(`The body is not the protobuf message that was expected: ${reason}`, {
      cause,
    });
  }
}

/** Reads a message within a message: its length, then its fields. */
export function readNested(reader: Reader, fields: Fields, depth: number): Message {
  const length = reader.uint32();
  const end = reader.pos + length;
  if (length > MAX_MESSAGE || end > reader.len) {
    throw new WireError("A message in the body is longer than the body");
  }
  return readMessage(reader, end, fields, depth + 1);
}

function readMessage(reader: Reader, end: number, fields: Fields, depth: number): Message {
  if (depth > MAX_DEPTH) throw new WireError(`Values are nested deeper than ${MAX_DEPTH}`);
  const message: Record<string, unknown> = {};
  while (reader.pos < end) {
    const tag = reader.uint32();
    const field = fields[tag];
    if (field === undefined) {
      reader.skipType(tag & 7, 0, tag >>> 3);
    } else if (field.repeated) {
      const list = (message[field.name] ??= []) as unknown[];
      readRepeated(reader, field, list, depth);
    } else {
      message[field.name] = field.read(reader, depth);
    }
  }
  if (reader.pos !== end) throw new WireError("A field reaches beyond its message");
  return message;
}

function readRepeated(reader: Reader, field: Field, list: unknown[], depth: number): void {
  if (!field.packed) {
    list.push(field.read(reader, depth));
  } else {
    const end = reader.uint32() + reader.pos;
    if (end > reader.len) throw new WireError("A list in the body is longer than the body");
    while (reader.pos < end && list.length <= MAX_REPEATED) list.push(field.read(reader, depth));
  }
  if (list.length > MAX_REPEATED) {
    throw new WireError(`Field "${field.name}" has more than ${MAX_REPEATED} elements`);
  }
}

/** A 64-bit time. */
export const readTime: ReadField = (reader) => {
  const low = reader.fixed32();
  return Nanos.fromHalves(low, reader.fixed32());
};

/** An identifier in hexadecimal digits. */
export const readIdentifier: ReadField = (reader) => hexOf(reader.bytes());

/** Bytes in base64. */
export const readBase64: ReadField = (reader) => new Uint8Array(reader.bytes()).toBase64();

/** A floating-point number; by name where JSON has no number for it. */
export const readDouble: ReadField = (reader) => {
  const value = reader.double();
  return Number.isFinite(value) ? value : String(value);
};

/** A 64-bit integer as the library reads it: in two halves. */
interface Halves {
  readonly low: number;
  readonly high: number;
  readonly unsigned: boolean;
}

/** A 64-bit integer: a number where that is exact, else decimal digits. */
export function exactInteger(value: number | Halves): number | string {
  if (typeof value === "number") return value;
  const high = value.unsigned ? value.high >>> 0 : value.high;
  const low = value.low >>> 0;
  const number = high * 2 ** 32 + low;
  if (Number.isSafeInteger(number)) return number;
  return String(BigInt(high) * 2n ** 32n + BigInt(low));
}

function hexOf(bytes: Uint8Array): string {
  // `bytes()` may give a Buffer, whose own `toHex` is not everywhere.
  return Uint8Array.prototype.toHex.call(bytes);
}
