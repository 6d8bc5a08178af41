import {
  type Context,
  createContextKey,
  type SpanContext,
  type TextMapGetter,
  type TextMapPropagator,
  type TextMapSetter,
  trace,
  type TraceState,
} from "@opentelemetry/api";
import { isTracingSuppressed } from "@opentelemetry/core";
import { joinedValue, singleValue, trimBlanks } from "./header_value.ts";
import { KNOWN_FLAGS, parseTraceParent, RANDOM_FLAG } from "./trace_parent.ts";
import { StrictTraceState } from "./trace_state.ts";

const TRACEPARENT = "traceparent";
const TRACESTATE = "tracestate";

const IDS = /^(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}$/;

/**
 * The id of a trace that came with the random flag. The tracer gives its spans flags of their own, and W3C wants
 * this one to stay with the trace.
 */
const RANDOM_TRACE = createContextKey("echelon.trace_context.random_trace");

/** W3C Trace Context level 2, strict in what it reads and in what it writes. */
export class TraceContextPropagator implements TextMapPropagator {
  /** Writes `traceparent`, and `tracestate` where it has a member. */
  inject<Carrier>(context: Context, carrier: Carrier, setter: TextMapSetter<Carrier>): void {
    const span = trace.getSpanContext(context);
    if (span === undefined || isTracingSuppressed(context)) return;
    const ids = soundIds(span);
    if (ids === undefined) return;
    const random = context.getValue(RANDOM_TRACE) === span.traceId ? RANDOM_FLAG : 0;
    const flags = (span.traceFlags & KNOWN_FLAGS) | random;
    setter.set(carrier, TRACEPARENT, `00-${ids}-0${flags}`);
    const state = span.traceState === undefined ? "" : serialize(span.traceState);
    if (state !== "") setter.set(carrier, TRACESTATE, state);
  }

  /** Reads the caller's span; a bad `traceparent` leaves the context as it is. */
  extract<Carrier>(context: Context, carrier: Carrier, getter: TextMapGetter<Carrier>): Context {
    const header = singleValue(getter.get(carrier, TRACEPARENT));
    const span = header === undefined ? undefined : parseTraceParent(header);
    if (span === undefined) return context;
    const state = trimBlanks(joinedValue(getter.get(carrier, TRACESTATE)) ?? "");
    if (state !== "") span.traceState = new StrictTraceState(state);
    const extracted = trace.setSpanContext(context, span);
    return (span.traceFlags & RANDOM_FLAG) === 0
      ? extracted
      : extracted.setValue(RANDOM_TRACE, span.traceId);
  }

  /** The headers that it writes. */
  fields(): string[] {
    return [TRACEPARENT, TRACESTATE];
  }
}

/** The API has a trace state of its own, and samplers may bring theirs: what they write is not always W3C's. */
function serialize(state: TraceState): string {
  const text = state.serialize();
  return state instanceof StrictTraceState ? text : new StrictTraceState(text).serialize();
}

/** The ids as the header has them. The API lets capitals pass, which W3C forbids. */
function soundIds({ traceId, spanId }: SpanContext): string | undefined {
  const ids = `${traceId}-${spanId}`;
  if (IDS.test(ids)) return ids;
  const lowered = ids.toLowerCase();
  return IDS.test(lowered) ? lowered : undefined;
}
