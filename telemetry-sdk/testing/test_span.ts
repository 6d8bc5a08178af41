import { type Attributes, type HrTime, SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { hrTimeToMilliseconds } from "@opentelemetry/core";
import type { ReadableSpan } from "@opentelemetry/sdk-trace-base";

/** The kind of a span, by name. */
export type SpanKindName = keyof typeof SpanKind;
/** The code of a span's status, by name. */
export type SpanStatusName = keyof typeof SpanStatusCode;

/** A span that has ended. */
export interface TestSpan {
  readonly name: string;
  readonly kind: SpanKindName;
  readonly status: { readonly code: SpanStatusName; readonly message?: string };
  readonly attributes: Attributes;
  readonly events: readonly TestSpanEvent[];
  readonly links: readonly TestSpanLink[];
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  /** When it started. */
  readonly startTime: Date;
  /** How long it took. */
  readonly durationMillis: number;
  /** The name of the tracer that made it. */
  readonly tracer: string;
  /** The attributes of the resource. */
  readonly resource: Attributes;
}

/** Something that happened during a span. */
export interface TestSpanEvent {
  readonly name: string;
  readonly attributes: Attributes;
  readonly time: Date;
}

/** A reference to a span that is not the parent. */
export interface TestSpanLink {
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes: Attributes;
}

/** A span of the SDK in the form that tests read. */
export function readSpan(span: ReadableSpan): TestSpan {
  const { traceId, spanId } = span.spanContext();
  const { code, message } = span.status;
  return {
    name: span.name,
    // The members of a numeric enum are the keys of its reverse mapping.
    kind: SpanKind[span.kind] as SpanKindName,
    status: {
      code: SpanStatusCode[code] as SpanStatusName,
      ...(message !== undefined && { message }),
    },
    attributes: { ...span.attributes },
    events: span.events.map(({ name, attributes = {}, time }) => ({
      name,
      attributes,
      time: dateOf(time),
    })),
    links: span.links.map(({ context, attributes = {} }) => ({
      traceId: context.traceId,
      spanId: context.spanId,
      attributes,
    })),
    traceId,
    spanId,
    parentSpanId: span.parentSpanContext?.spanId,
    startTime: dateOf(span.startTime),
    durationMillis: hrTimeToMilliseconds(span.duration),
    tracer: span.instrumentationScope.name,
    resource: { ...span.resource.attributes },
  };
}

/** A time of the SDK as a date. */
export function dateOf(time: HrTime): Date {
  return new Date(hrTimeToMilliseconds(time));
}
