import type { Attribute, AttributeValue } from "../../api/model.ts";

/**
 * A value as text: a string as it is, anything else as JSON would write it.
 *
 * @param value The value, of any of OTLP's types.
 */
export function attributeText(value: AttributeValue): string {
  return typeof value === "string" ? value : nestedText(value, 0);
}

/** Deeper than this is only hinted at. */
const MOST_DEPTH = 20;

function nestedText(value: AttributeValue, depth: number): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (depth > MOST_DEPTH) return "…";
  if (isList(value)) return `[${value.map((item) => nestedText(item, depth + 1)).join(", ")}]`;
  if ("map" in value) {
    const entries = value.map.map(({ key, value }) =>
      `${JSON.stringify(key)}: ${nestedText(value, depth + 1)}`
    );
    return `{${entries.join(", ")}}`;
  }
  if ("bytes" in value) return `base64 ${value.bytes}`;
  return "int" in value ? value.int : value.double;
}

function isList(value: object): value is readonly AttributeValue[] {
  return Array.isArray(value);
}

/** The text of an attribute in a list, or undefined. */
export function findAttribute(attributes: readonly Attribute[], key: string): string | undefined {
  const found = attributes.find((attribute) => attribute.key === key);
  return found === undefined ? undefined : attributeText(found.value);
}
