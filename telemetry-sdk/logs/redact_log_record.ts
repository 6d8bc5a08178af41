import type { AttributeValue } from "@opentelemetry/api";
import type { AnyValue, AnyValueMap } from "@opentelemetry/api-logs";
import type { SdkLogRecord } from "@opentelemetry/sdk-logs";
import type { RedactAttribute } from "../config/schema.ts";

/**
 * A view of a record whose attributes have passed the application's hook. What is nested is asked for by its
 * path: `user.password` for the `password` in the attribute `user`.
 *
 * @param record A record; it stays as it is.
 * @param redact The hook. Where it throws, the attribute is left out: what it would have hidden is not known.
 */
export function redactLogRecord(record: SdkLogRecord, redact: RedactAttribute): SdkLogRecord {
  const value = redactMap("", record.attributes, redact);
  return Object.create(record, { attributes: { value, enumerable: true } });
}

function redactMap(path: string, map: AnyValueMap, redact: RedactAttribute): AnyValueMap {
  const redacted: AnyValueMap = {};
  for (const [key, value] of Object.entries(map)) {
    const kept = redactValue(`${path}${key}`, value, redact);
    if (kept !== undefined) redacted[key] = kept;
  }
  return redacted;
}

function redactValue(key: string, value: AnyValue, redact: RedactAttribute): AnyValue {
  if (value === null || value === undefined) return value;
  if (Array.isArray(value) && !isAttributeValue(value)) {
    return value.map((item) => redactValue(key, item, redact)).filter((item) => item !== undefined);
  }
  if (isAttributeValue(value)) return asked(key, value, redact);
  if (!(value instanceof Uint8Array)) return redactMap(`${key}.`, value, redact);
  // The hook knows no bytes: it is shown their numbers.
  const numbers = [...value];
  const kept = asked(key, numbers, redact);
  return kept === numbers ? value : kept;
}

function asked(key: string, value: AttributeValue, redact: RedactAttribute): AnyValue {
  try {
    // A list of the hook's is an attribute's, and so one of logs too.
    return redact(key, value) as AnyValue;
  } catch {
    return undefined;
  }
}

/** Whether spans could have it too: a scalar, or a list of scalars. */
function isAttributeValue(value: AnyValue): value is Extract<AnyValue, AttributeValue> {
  return Array.isArray(value)
    ? value.every((item) => typeof item !== "object")
    : typeof value !== "object";
}
