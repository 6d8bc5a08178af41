import { type Attributes, type Origin, readAttributes, readEnvelope } from "./common.ts";
import {
  bigintField,
  enumField,
  identifierField,
  integerField,
  type Message,
  messageField,
  messagesField,
  requiredIdentifierField,
  textField,
} from "./wire.ts";

const KINDS = [
  "UNSPECIFIED",
  "INTERNAL",
  "SERVER",
  "CLIENT",
  "PRODUCER",
  "CONSUMER",
] as const;
const STATUS_CODES = ["UNSET", "OK", "ERROR"] as const;

/** The kind of a span, by name. */
export type SpanKindName = typeof KINDS[number];

/** The code of a span's status, by name. */
export type StatusCodeName = typeof STATUS_CODES[number];

/** A span as it arrived, whichever encoding it came in. Times are nanoseconds since 1970. */
export interface ReceivedSpan extends Origin {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly traceState: string;
  readonly flags: number;
  readonly name: string;
  readonly kind: SpanKindName;
  readonly startTime: bigint;
  readonly endTime: bigint;
  readonly attributes: Attributes;
  readonly events: readonly ReceivedEvent[];
  readonly links: readonly ReceivedLink[];
  readonly status: { readonly code: StatusCodeName; readonly message: string };
  readonly droppedAttributes: number;
  readonly droppedEvents: number;
  readonly droppedLinks: number;
}

/** Something that happened during a span. */
export interface ReceivedEvent {
  readonly name: string;
  readonly time: bigint;
  readonly attributes: Attributes;
  readonly droppedAttributes: number;
}

/** A reference to a span that is not the parent. */
export interface ReceivedLink {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceState: string;
  readonly flags: number;
  readonly attributes: Attributes;
  readonly droppedAttributes: number;
}

/** Every span of a request to `/v1/traces`. */
export function readSpans(body: unknown): ReceivedSpan[] {
  return readEnvelope(body, ["resourceSpans", "scopeSpans", "spans"], readSpan);
}

function readSpan(span: Message, origin: Origin): ReceivedSpan {
  const status = messageField(span, "status");
  return {
    ...readContext(span),
    parentSpanId: identifierField(span, "parentSpanId", 8),
    name: textField(span, "name"),
    kind: enumField(span, "kind", KINDS),
    startTime: bigintField(span, "startTimeUnixNano"),
    endTime: bigintField(span, "endTimeUnixNano"),
    attributes: readAttributes(span),
    events: messagesField(span, "events").map(readEvent),
    links: messagesField(span, "links").map(readLink),
    status: {
      code: enumField(status, "code", STATUS_CODES),
      message: textField(status, "message"),
    },
    droppedAttributes: integerField(span, "droppedAttributesCount"),
    droppedEvents: integerField(span, "droppedEventsCount"),
    droppedLinks: integerField(span, "droppedLinksCount"),
    ...origin,
  };
}

function readContext(
  message: Message,
): Pick<ReceivedSpan, "traceId" | "spanId" | "traceState" | "flags"> {
  return {
    traceId: requiredIdentifierField(message, "traceId", 16),
    spanId: requiredIdentifierField(message, "spanId", 8),
    traceState: textField(message, "traceState"),
    flags: integerField(message, "flags"),
  };
}

function readEvent(event: Message): ReceivedEvent {
  return {
    name: textField(event, "name"),
    time: bigintField(event, "timeUnixNano"),
    attributes: readAttributes(event),
    droppedAttributes: integerField(event, "droppedAttributesCount"),
  };
}

function readLink(link: Message): ReceivedLink {
  return {
    ...readContext(link),
    attributes: readAttributes(link),
    droppedAttributes: integerField(link, "droppedAttributesCount"),
  };
}
