import type { AttributeValue } from "./model.ts";

/** Whether a value is a list: `Array.isArray` does not know those that are readonly. */
export function isList(value: AttributeValue): value is readonly AttributeValue[] {
  return Array.isArray(value);
}

/** A value as one would type it. */
export function valueText(value: AttributeValue): string {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null) return String(value);
  if (isList(value)) return JSON.stringify(value);
  if ("int" in value) return value.int;
  if ("double" in value) return value.double;
  if ("bytes" in value) return value.bytes;
  return JSON.stringify(value);
}
