import type { Attribute, AttributeValue } from "../api/model.ts";
import {
  asDouble,
  asInteger,
  asMessage,
  booleanIn,
  has,
  listIn,
  type Message,
  messageIn,
  textIn,
  WireError,
} from "./wire.ts";

/** Values nested deeper than this are refused, in JSON as in protobuf. */
const MAX_DEPTH = 64;

/** Reads an `AnyValue`; null where it holds none. */
export function readValue(value: Message, depth = 0): AttributeValue {
  if (depth > MAX_DEPTH) throw new WireError(`Values are nested deeper than ${MAX_DEPTH}`);
  if (has(value, "stringValue")) return textIn(value, "stringValue");
  if (has(value, "intValue")) {
    const integer = asInteger(value["intValue"], "intValue");
    return typeof integer === "number" ? integer : { int: integer };
  }
  if (has(value, "boolValue")) return booleanIn(value, "boolValue");
  if (has(value, "doubleValue")) return doubleValue(asDouble(value["doubleValue"], "doubleValue"));
  if (has(value, "arrayValue")) {
    return listIn(messageIn(value, "arrayValue"), "values").map((item) =>
      readValue(asMessage(item ?? {}, "values"), depth + 1)
    );
  }
  if (has(value, "kvlistValue")) {
    return { map: readAttributes(messageIn(value, "kvlistValue"), "values", depth + 1) };
  }
  if (has(value, "bytesValue")) return { bytes: textIn(value, "bytesValue") };
  return null;
}

/** A double that a JSON number would not tell from an integer, or has no number for, is wrapped. */
function doubleValue(value: number): AttributeValue {
  if (!Number.isInteger(value) && Number.isFinite(value)) return value;
  return { double: Object.is(value, -0) ? "-0" : String(value) };
}

/** Below this, looking for a key twice is faster by comparing than by a set. */
const FEW = 16;

/** Reads a repeated `KeyValue`. Of two with one key the later is kept. */
export function readAttributes(
  message: Message,
  field = "attributes",
  depth = 0,
): readonly Attribute[] {
  const items = listIn(message, field);
  const attributes: Attribute[] = [];
  const seen = items.length > FEW ? new Map<string, number>() : undefined;
  for (const item of items) {
    const pair = asMessage(item, field);
    const key = textIn(pair, "key");
    const value = readValue(messageIn(pair, "value"), depth);
    const before = seen === undefined
      ? attributes.findIndex((attribute) => attribute.key === key)
      : seen.get(key) ?? -1;
    if (before >= 0) {
      attributes[before] = { key, value };
    } else {
      seen?.set(key, attributes.length);
      attributes.push({ key, value });
    }
  }
  return attributes;
}

/** The value of an attribute where it is a text. */
export function textOf(attributes: readonly Attribute[], key: string): string | undefined {
  const value = attributes.find((attribute) => attribute.key === key)?.value;
  return typeof value === "string" ? value : undefined;
}
