import type { Attribute } from "../../api/model.ts";
import { attributeText, findAttribute } from "../format/attribute.ts";
import { visibleText } from "../format/text.ts";

/** Keys whose values say enough without their name. */
const PLAIN = new Set([
  "http.request.method",
  "http.route",
  "http.response.status_code",
  "db.operation.name",
  "db.collection.name",
  "cache.name",
  "cache.source",
  "job.name",
  "job.queue",
]);

/** A series, as far as its name goes. */
export interface NamedSeries {
  readonly attributes: readonly Attribute[];
}

/** The attributes that every one of several series has alike: they tell none apart. */
export function sharedKeys(series: readonly NamedSeries[]): ReadonlySet<string> {
  const [first, ...others] = series;
  if (first === undefined || others.length === 0) return new Set();
  const textOf = (one: NamedSeries, key: string) => findAttribute(one.attributes, key);
  return new Set(
    first.attributes.map(({ key }) => key)
      .filter((key) => others.every((other) => textOf(other, key) === textOf(first, key))),
  );
}

/**
 * A name for a series: its attributes, in short.
 *
 * @param all What tells it apart.
 * @param shared The keys that need not be said.
 */
export function seriesLabel(all: readonly Attribute[], shared: ReadonlySet<string>): string {
  const attributes = all.filter(({ key }) => !shared.has(key));
  if (attributes.length === 0) return "all";
  const order = [...PLAIN];
  const rank = (key: string) => PLAIN.has(key) ? order.indexOf(key) : order.length;
  return attributes.sort((a, b) => rank(a.key) - rank(b.key)).map(({ key, value }) => {
    const text = visibleText(attributeText(value).slice(0, 120));
    return PLAIN.has(key) ? text : `${visibleText(key.slice(0, 80))}=${text}`;
  }).join(" ");
}
