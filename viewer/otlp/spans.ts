import type { Attribute } from "../api/model.ts";
import type {
  EventContent,
  HttpFacts,
  LinkContent,
  LinkTarget,
  PeerFacts,
  SpanContent,
  SpanRecord,
} from "./records.ts";
import { readAttributes } from "./values.ts";
import {
  asMessage,
  countIn,
  enumIn,
  identifierIn,
  integerIn,
  listIn,
  type Message,
  messageIn,
  textIn,
  timeIn,
} from "./wire.ts";

const KINDS = [
  "SPAN_KIND_UNSPECIFIED",
  "SPAN_KIND_INTERNAL",
  "SPAN_KIND_SERVER",
  "SPAN_KIND_CLIENT",
  "SPAN_KIND_PRODUCER",
  "SPAN_KIND_CONSUMER",
];
const STATUS_CODES = ["STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR"];

/** A longer name is cut in lists; the whole of it stays with the span's content. */
const MAX_NAME = 1024;
/** An item that is larger than this is refused. */
export const MAX_CONTENT = 8 * 1024 * 1024;
/** How many of a span's links can be seen from their targets. */
const MAX_INDEXED_LINKS = 128;

/**
 * Reads a span.
 *
 * @returns The reason instead, when this one span must be refused.
 * @throws {WireError} When the whole request is not OTLP.
 */
export function readSpan(span: Message): SpanRecord | string {
  const traceId = identifierIn(span, "traceId", 32);
  const spanId = identifierIn(span, "spanId", 16);
  const parentSpanId = identifierIn(span, "parentSpanId", 16);
  if (!traceId) return 'a span\'s "traceId" is not 16 bytes, or all zeros';
  if (!spanId) return 'a span\'s "spanId" is not 8 bytes, or all zeros';
  if (parentSpanId === undefined) return 'a span\'s "parentSpanId" is not 8 bytes';
  const name = textIn(span, "name");
  const attributes = readAttributes(span);
  const links = listIn(span, "links").map((link) => readLink(asMessage(link, "links")))
    .filter((link) => link !== undefined);
  const content = JSON.stringify(readContent(span, { attributes, links, name }));
  if (content.length > MAX_CONTENT) return `a span is larger than ${MAX_CONTENT} bytes`;
  const start = timeIn(span, "startTimeUnixNano");
  const duration = timeIn(span, "endTimeUnixNano").since(start);
  return {
    traceId,
    spanId,
    parentSpanId,
    name: name.length > MAX_NAME ? `${name.slice(0, MAX_NAME)}…` : name,
    kind: enumIn(span, "kind", KINDS),
    status: enumIn(messageIn(span, "status"), "code", STATUS_CODES),
    start,
    durationMs: Math.max(0, duration),
    endsBeforeStart: duration < 0,
    ...readFacts(attributes),
    links: links.slice(0, MAX_INDEXED_LINKS).map(({ traceId, spanId }) => ({ traceId, spanId })),
    content,
  };
}

function readContent(
  span: Message,
  { attributes, links, name }: {
    readonly attributes: readonly Attribute[];
    readonly links: readonly LinkContent[];
    readonly name: string;
  },
): SpanContent {
  const events = listIn(span, "events").map((event) => readEvent(asMessage(event, "events")));
  const statusMessage = textIn(messageIn(span, "status"), "message");
  const traceState = textIn(span, "traceState");
  return {
    ...(attributes.length > 0 && { attributes }),
    ...(events.length > 0 && { events }),
    ...(links.length > 0 && { links }),
    ...(statusMessage !== "" && { statusMessage }),
    ...(traceState !== "" && { traceState }),
    ...count("flags", integerIn(span, "flags")),
    ...count("droppedAttributes", countIn(span, "droppedAttributesCount")),
    ...count("droppedEvents", countIn(span, "droppedEventsCount")),
    ...count("droppedLinks", countIn(span, "droppedLinksCount")),
    ...(name.length > MAX_NAME && { name }),
  };
}

/** A property for a number that is not its default. */
function count<Key extends string>(key: Key, value: number): { readonly [K in Key]?: number } {
  return (value === 0 ? {} : { [key]: value }) as { readonly [K in Key]?: number };
}

function readEvent(event: Message): EventContent {
  const time = timeIn(event, "timeUnixNano");
  return {
    name: textIn(event, "name"),
    time: [time.millis, time.rest],
    attributes: readAttributes(event),
    ...count("droppedAttributes", countIn(event, "droppedAttributesCount")),
  };
}

/** A link to nothing is left out, as the SDKs do. */
function readLink(link: Message): LinkContent | undefined {
  const traceId = identifierIn(link, "traceId", 32);
  const spanId = identifierIn(link, "spanId", 16);
  if (!traceId || !spanId) return undefined;
  const traceState = textIn(link, "traceState");
  return {
    traceId,
    spanId,
    attributes: readAttributes(link),
    ...(traceState !== "" && { traceState }),
    ...count("flags", integerIn(link, "flags")),
    ...count("droppedAttributes", countIn(link, "droppedAttributesCount")),
  } satisfies LinkContent & LinkTarget;
}

/** Picks what lists and the service map show, in one pass. The older names are still in use. */
function readFacts(
  attributes: readonly Attribute[],
): { readonly http: HttpFacts | undefined; readonly peer: PeerFacts | undefined } {
  let method: string | undefined;
  let route: string | undefined;
  let status: number | undefined;
  let database: string | undefined;
  let queue: string | undefined;
  let messaging: string | undefined;
  let server: string | undefined;
  for (const { key, value } of attributes) {
    switch (key) {
      case "http.request.method":
      case "http.method":
        if (typeof value === "string") method ??= value.slice(0, MAX_NAME);
        break;
      case "http.route":
        if (typeof value === "string") route = value.slice(0, MAX_NAME);
        break;
      case "http.response.status_code":
      case "http.status_code":
        if (typeof value === "number") status ??= value;
        break;
      case "db.system.name":
      case "db.system":
        if (typeof value === "string") database ??= value.slice(0, MAX_NAME);
        break;
      case "messaging.destination.name":
        if (typeof value === "string") queue = value.slice(0, MAX_NAME);
        break;
      case "messaging.system.name":
      case "messaging.system":
        if (typeof value === "string") messaging ??= value.slice(0, MAX_NAME);
        break;
      case "peer.service":
      case "server.address":
      case "net.peer.name":
        if (typeof value === "string") server ??= value.slice(0, MAX_NAME);
        break;
    }
  }
  const isHttp = method !== undefined || route !== undefined || status !== undefined;
  return {
    http: isHttp ? { method, route, status } : undefined,
    peer: database !== undefined
      ? { kind: "database", name: database }
      : queue !== undefined || messaging !== undefined
      ? { kind: "queue", name: queue ?? messaging ?? "" }
      : server !== undefined
      ? { kind: "external", name: server }
      : undefined,
  };
}
