import { type Attributes, type AttributeValue, SpanKind } from "@opentelemetry/api";
import { ATTR_HTTP_REQUEST_METHOD, ATTR_HTTP_ROUTE } from "@opentelemetry/semantic-conventions";
import { checkKeys, shown } from "./option_checks.ts";
import { textMatcher, type TextPattern } from "./text_pattern.ts";

const KINDS = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

const PARENTS = ["none", "local", "remote"] as const;

/** Where a span's parent is. */
export type ParentPlace = typeof PARENTS[number];

/** What an attribute must be: a text pattern, which is also met by the text of a number, or the very value. */
export type ValuePattern = TextPattern | number | boolean;

/** Which spans are meant, by what is known when they start. All that is said must hold. */
export interface SpanMatch {
  /** The attribute `http.route`. */
  readonly route?: TextPattern | readonly TextPattern[] | undefined;
  /** The attribute `http.request.method`. */
  readonly method?: TextPattern | readonly TextPattern[] | undefined;
  /** The span's name. */
  readonly spanName?: TextPattern | readonly TextPattern[] | undefined;
  /** The span's kind. */
  readonly kind?: keyof typeof KINDS | readonly (keyof typeof KINDS)[] | undefined;
  /** Attributes that the span starts with; of a list of values one is enough. */
  readonly attributes?:
    | Readonly<Record<string, ValuePattern | readonly ValuePattern[]>>
    | undefined;
  /** Where the parent is. Unless told, only the spans that begin a trace or bring it into the process. */
  readonly parent?: ParentPlace | undefined;
}

/** What a matcher looks at. */
export interface StartingSpan {
  readonly name: string;
  readonly kind: SpanKind;
  readonly attributes: Attributes;
  readonly parent: ParentPlace;
}

/** Tells whether a span is meant. */
export type SpanMatcher = (span: StartingSpan) => boolean;

/**
 * Makes a matcher of what is said about spans.
 *
 * @param name What the match is called in an error.
 * @param match What is said.
 * @throws {TypeError} When something of it is not known or cannot be matched.
 */
export function spanMatcher(name: string, match: SpanMatch): SpanMatcher {
  checkKeys(name, match, ["route", "method", "spanName", "kind", "attributes", "parent"]);
  const matchers: SpanMatcher[] = [];
  const attribute = (key: string, matches: (value: AttributeValue) => boolean) =>
    matchers.push(({ attributes }) => {
      const value = attributes[key];
      return value !== undefined && matches(value);
    });
  if (match.parent !== undefined) {
    matchers.push(parentMatcher(`${name}.parent`, match.parent));
  }
  if (match.kind !== undefined) matchers.push(kindMatcher(`${name}.kind`, match.kind));
  if (match.spanName !== undefined) {
    const matches = textMatcher(`${name}.spanName`, match.spanName);
    matchers.push((span) => matches(span.name));
  }
  for (
    const [option, key] of [["route", ATTR_HTTP_ROUTE], [
      "method",
      ATTR_HTTP_REQUEST_METHOD,
    ]] as const
  ) {
    if (match[option] === undefined) continue;
    const matches = textMatcher(`${name}.${option}`, match[option]);
    attribute(key, (value) => typeof value === "string" && matches(value));
  }
  if (match.attributes !== undefined) {
    checkKeys(`${name}.attributes`, match.attributes, Object.keys(match.attributes ?? {}));
    for (const [key, pattern] of Object.entries(match.attributes)) {
      attribute(key, valueMatcher(`${name}.attributes["${key}"]`, pattern));
    }
  }
  return (span) => matchers.every((matches) => matches(span));
}

function parentMatcher(name: string, place: unknown): SpanMatcher {
  if (!PARENTS.some((known) => known === place)) {
    throw new TypeError(`Bad "${name}" ${shown(place)}: expected one of ${PARENTS.join(", ")}`);
  }
  return ({ parent }) => parent === place;
}

function kindMatcher(name: string, kind: unknown): SpanMatcher {
  const kinds = new Set<SpanKind>();
  for (const one of Array.isArray(kind) ? kind : [kind]) {
    const known = Object.entries(KINDS).find(([word]) => word === one);
    if (known === undefined) {
      throw new TypeError(
        `Bad "${name}" ${shown(one)}: expected one of ${Object.keys(KINDS).join(", ")}`,
      );
    }
    kinds.add(known[1]);
  }
  return (span) => kinds.has(span.kind);
}

function valueMatcher(name: string, pattern: unknown): (value: AttributeValue) => boolean {
  if (Array.isArray(pattern) && pattern.length > 0) {
    const matchers = pattern.map((one, index) => valueMatcher(`${name}[${index}]`, one));
    return (value) => matchers.some((matches) => matches(value));
  }
  if (typeof pattern === "number" || typeof pattern === "boolean") {
    return (value) => anyOf(value, (one) => one === pattern);
  }
  const matches = textMatcher(name, pattern);
  return (value) => anyOf(value, (one) => matches(String(one)));
}

/** An attribute that is a list is met where one of its values is. */
function anyOf(value: AttributeValue, matches: (one: unknown) => boolean): boolean {
  return Array.isArray(value) ? value.some(matches) : matches(value);
}
