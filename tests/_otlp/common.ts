import {
  asBigint,
  asDouble,
  asInteger,
  asMessage,
  booleanField,
  isSet,
  listField,
  type Message,
  messageField,
  messagesField,
  textField,
  WireError,
} from "./wire.ts";

/** Attributes as a plain object; nested values are plain too. */
export type Attributes = Readonly<Record<string, unknown>>;

/** Who made a record: the name that was given to `getTracer`, `getMeter` or `getLogger`. */
export interface Scope {
  readonly name: string;
  readonly version: string;
  readonly schemaUrl: string;
  readonly attributes: Attributes;
}

/** What every span, metric and log record carries from the envelope around it. */
export interface Origin {
  readonly scope: Scope;
  /** The attributes of the resource. */
  readonly resource: Attributes;
}

/** An `AnyValue` as a plain value; null when it holds none. */
export function readAnyValue(value: Message): unknown {
  if (isSet(value, "stringValue")) return textField(value, "stringValue");
  if (isSet(value, "boolValue")) return booleanField(value, "boolValue");
  if (isSet(value, "intValue")) return asInteger(value["intValue"], "intValue");
  if (isSet(value, "doubleValue")) {
    return asDouble(value["doubleValue"], "doubleValue");
  }
  if (isSet(value, "arrayValue")) {
    return messagesField(messageField(value, "arrayValue"), "values").map(
      readAnyValue,
    );
  }
  if (isSet(value, "kvlistValue")) {
    return readKeyValues(messageField(value, "kvlistValue"), "values");
  }
  if (isSet(value, "bytesValue")) return readBytes(value["bytesValue"]);
  return null;
}

function readBytes(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (typeof value !== "string") {
    throw new WireError('Field "bytesValue" is not base64 text');
  }
  try {
    return Uint8Array.fromBase64(value);
  } catch (cause) {
    throw new WireError('Field "bytesValue" is not base64 text', { cause });
  }
}

/** A repeated `KeyValue`. The protocol demands unique keys, so a second one of a name is refused. */
export function readKeyValues(message: Message, field: string): Attributes {
  const entries = new Map<string, unknown>();
  for (const item of messagesField(message, field)) {
    const key = textField(item, "key");
    if (entries.has(key)) {
      throw new WireError(`Key "${key}" is twice in "${field}"`);
    }
    entries.set(key, readAnyValue(messageField(item, "value")));
  }
  return Object.fromEntries(entries);
}

/** The field `attributes` of a message. */
export function readAttributes(message: Message): Attributes {
  return readKeyValues(message, "attributes");
}

/** A repeated field of 64-bit counts. */
export function readCounts(message: Message, field: string): number[] {
  return listField(message, field).map((item) => Number(asBigint(item, field)));
}

/**
 * Walks the envelope that the three signals share (resource, then scope, then records) and reads
 * each record.
 *
 * @param body The whole request.
 * @param names The envelope's field names for this signal, from the outside in.
 * @param read Makes a record of a message and of where it came from.
 */
export function readEnvelope<Item>(
  body: unknown,
  names: readonly [resources: string, scopes: string, items: string],
  read: (item: Message, origin: Origin) => Item,
): Item[] {
  const [resources, scopes, items] = names;
  const records: Item[] = [];
  for (const byResource of messagesField(asMessage(body, "body"), resources)) {
    const resource = readAttributes(messageField(byResource, "resource"));
    for (const byScope of messagesField(byResource, scopes)) {
      const origin = { scope: readScope(byScope), resource };
      for (const item of messagesField(byScope, items)) {
        records.push(read(item, origin));
      }
    }
  }
  return records;
}

function readScope(byScope: Message): Scope {
  const scope = messageField(byScope, "scope");
  return {
    name: textField(scope, "name"),
    version: textField(scope, "version"),
    schemaUrl: textField(byScope, "schemaUrl"),
    attributes: readAttributes(scope),
  };
}
