import type { Reader } from "protobufjs/minimal";
import {
  exactInteger,
  type Field,
  type Fields,
  readBase64,
  readDouble,
  type ReadField,
  readIdentifier,
  readNested,
  readTime,
} from "./protobuf.ts";

const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;
const FIXED32 = 5;

/** A type of the wire and how it is read. */
export interface Type {
  readonly wire: number;
  readonly read: ReadField;
}

export const text: Type = { wire: LENGTH, read: (reader) => reader.string() };
export const bool: Type = { wire: VARINT, read: (reader) => reader.bool() };
export const int64: Type = { wire: VARINT, read: (reader) => exactInteger(reader.int64()) };
export const uint64: Type = { wire: VARINT, read: (reader) => exactInteger(reader.uint64()) };
export const int32: Type = { wire: VARINT, read: (reader) => reader.int32() };
export const uint32: Type = { wire: VARINT, read: (reader) => reader.uint32() };
export const sint32: Type = { wire: VARINT, read: (reader) => reader.sint32() };
export const fixed32: Type = { wire: FIXED32, read: (reader) => reader.fixed32() };
export const fixed64: Type = { wire: FIXED64, read: (reader) => exactInteger(reader.fixed64()) };
export const sfixed64: Type = { wire: FIXED64, read: (reader) => exactInteger(reader.sfixed64()) };
export const double: Type = { wire: FIXED64, read: readDouble };
export const time: Type = { wire: FIXED64, read: readTime };
export const identifier: Type = { wire: LENGTH, read: readIdentifier };
export const base64: Type = { wire: LENGTH, read: readBase64 };
/** A message that is decoded later, one by one, so that a large request can be read in steps. */
export const later: Type = { wire: LENGTH, read: (reader) => reader.bytes() };

/** A message within a message. Its table may be made later than the one it stands in. */
export function nested(fields: () => Fields): Type {
  return { wire: LENGTH, read: (reader: Reader, depth) => readNested(reader, fields(), depth) };
}

/** The fields of a message: its name in JSON, its number, its type and whether it repeats. */
export type Definition = readonly [name: string, number: number, type: Type, repeated?: "repeated"];

/** The table that a message is read by. */
export function message(definitions: readonly Definition[]): Fields {
  const fields: (Field | undefined)[] = [];
  for (const [name, number, { wire, read }, repeats] of definitions) {
    const repeated = repeats !== undefined;
    fields[number << 3 | wire] = { name, read, repeated, packed: false };
    // Scalars that repeat come packed from today's encoders and one by one from the oldest ones.
    if (repeated && wire !== LENGTH) {
      fields[number << 3 | LENGTH] = { name, read, repeated, packed: true };
    }
  }
  return fields;
}
