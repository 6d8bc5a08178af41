import { isList } from "./attribute_value.ts";
import type { Attribute, AttributeValue } from "./model.ts";

/** A longer text is cut where a whole list of things is shown. */
const MAX_TEXT = 4096;
const MAX_ELEMENTS = 100;

/** Cuts long values, and remembers whether it had to. */
export class Clipper {
  #cut = false;

  /** Whether nothing was cut so far. */
  get whole(): boolean {
    return !this.#cut;
  }

  text(text: string): string {
    if (text.length <= MAX_TEXT) return text;
    this.#cut = true;
    return `${text.slice(0, MAX_TEXT)}…`;
  }

  attributes(attributes: readonly Attribute[]): readonly Attribute[] {
    return this.#elements(attributes).map(({ key, value }) => ({
      key: this.text(key),
      value: this.value(value),
    }));
  }

  value(value: AttributeValue): AttributeValue {
    if (typeof value === "string") return this.text(value);
    if (typeof value !== "object" || value === null) return value;
    if (isList(value)) return this.#elements(value).map((item) => this.value(item));
    if ("map" in value) return { map: this.attributes(value.map) };
    if ("bytes" in value) return { bytes: this.#bytes(value.bytes) };
    return value;
  }

  #elements<Item>(items: readonly Item[]): readonly Item[] {
    if (items.length <= MAX_ELEMENTS) return items;
    this.#cut = true;
    return items.slice(0, MAX_ELEMENTS);
  }

  /** Base64 is cut between its groups of four, so that it stays base64. */
  #bytes(base64: string): string {
    if (base64.length <= MAX_TEXT) return base64;
    this.#cut = true;
    return base64.slice(0, MAX_TEXT);
  }
}
