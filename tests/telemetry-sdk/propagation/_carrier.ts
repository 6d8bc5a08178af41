import {
  type Context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  ROOT_CONTEXT,
  type SpanContext,
  type TextMapPropagator,
  trace,
} from "@opentelemetry/api";

/** What a propagator makes of incoming headers; a header may come several times. */
export function extractFrom(
  propagator: TextMapPropagator,
  headers: Readonly<Record<string, unknown>>,
  context: Context = ROOT_CONTEXT,
): Context {
  return propagator.extract(context, headers, defaultTextMapGetter);
}

/** The caller's span that a propagator finds. */
export function spanFrom(
  propagator: TextMapPropagator,
  headers: Readonly<Record<string, unknown>>,
): SpanContext | undefined {
  return trace.getSpanContext(extractFrom(propagator, headers));
}

/** The headers that a propagator writes. */
export function injectedBy(
  propagator: TextMapPropagator,
  context: Context,
): Record<string, string> {
  const headers: Record<string, string> = {};
  propagator.inject(context, headers, defaultTextMapSetter);
  return headers;
}

/** A context with a span of this process. */
export function contextWith(span: Partial<SpanContext>, context: Context = ROOT_CONTEXT): Context {
  return trace.setSpanContext(context, {
    traceId: "0123456789abcdef0123456789abcdef",
    spanId: "fedcba9876543210",
    traceFlags: 1,
    ...span,
  });
}
