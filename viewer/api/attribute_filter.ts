import { valueText } from "./attribute_value.ts";
import type { Attribute } from "./model.ts";

/** A condition on the attributes of something: a key, and its value unless any will do. */
export interface AttributeFilter {
  readonly key: string;
  readonly value: string | undefined;
}

/** Reads `key:value` or `key`. A key has no colon in it; a value may. */
export function parseAttributeFilter(text: string): AttributeFilter {
  const colon = text.indexOf(":");
  if (colon < 0) return { key: text, value: undefined };
  return { key: text.slice(0, colon), value: text.slice(colon + 1) };
}

/** Whether a list of attributes meets a condition. */
export function meets(attributes: readonly Attribute[], filter: AttributeFilter): boolean {
  return attributes.some(({ key, value }) =>
    key === filter.key && (filter.value === undefined || valueText(value) === filter.value)
  );
}

/** Whether a content that is still text can meet a condition: parsing it is dear. */
export function mayMeet(content: string, { key }: AttributeFilter): boolean {
  return content.includes(`"key":${JSON.stringify(key)}`);
}
