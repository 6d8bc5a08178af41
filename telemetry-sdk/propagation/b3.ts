import {
  type Context,
  createContextKey,
  isSpanContextValid,
  type TextMapGetter,
  type TextMapPropagator,
  type TextMapSetter,
  trace,
  TraceFlags,
} from "@opentelemetry/api";
import { isTracingSuppressed } from "@opentelemetry/core";
import { type B3, joinFields, parseSingle } from "./b3_headers.ts";
import { firstValue, trimBlanks } from "./header_value.ts";

const SINGLE = "b3";
const TRACE_ID = "x-b3-traceid";
const SPAN_ID = "x-b3-spanid";
const SAMPLED = "x-b3-sampled";
const FLAGS = "x-b3-flags";

/** The id of a trace that came with the debug flag, which has to go on with it. */
const DEBUG_TRACE = createContextKey("echelon.b3.debug_trace");

/**
 * Zipkin's B3, as OpenTelemetry has it: both encodings are read, the single header first; one is written. The
 * parent's span id is not passed on, for here a client and its server never share a span id.
 */
export class B3Propagator implements TextMapPropagator {
  readonly #encoding: "single" | "multi";

  /** @param encoding Which of the two is written. */
  constructor(encoding: "single" | "multi") {
    this.#encoding = encoding;
  }

  /** Writes the ids and the sampling state. */
  inject<Carrier>(context: Context, carrier: Carrier, setter: TextMapSetter<Carrier>): void {
    const span = trace.getSpanContext(context);
    if (span === undefined || !isSpanContextValid(span) || isTracingSuppressed(context)) return;
    const traceId = span.traceId.toLowerCase();
    const spanId = span.spanId.toLowerCase();
    const debug = context.getValue(DEBUG_TRACE) === span.traceId;
    const sampled = (span.traceFlags & TraceFlags.SAMPLED) === 0 ? "0" : "1";
    if (this.#encoding === "single") {
      setter.set(carrier, SINGLE, `${traceId}-${spanId}-${debug ? "d" : sampled}`);
      return;
    }
    setter.set(carrier, TRACE_ID, traceId);
    setter.set(carrier, SPAN_ID, spanId);
    // Debug implies sampled, which then is not sent.
    if (debug) setter.set(carrier, FLAGS, "1");
    else setter.set(carrier, SAMPLED, sampled);
  }

  /** Reads the caller's span; bad headers leave the context as it is. */
  extract<Carrier>(context: Context, carrier: Carrier, getter: TextMapGetter<Carrier>): Context {
    const read = (name: string) => {
      const value = firstValue(getter.get(carrier, name));
      return value === undefined ? undefined : trimBlanks(value);
    };
    const b3 = parseSingle(read(SINGLE) ?? "") ?? readMulti(read);
    if (b3 === undefined) return context;
    const extracted = trace.setSpanContext(context, b3.span);
    return b3.debug ? extracted.setValue(DEBUG_TRACE, b3.span.traceId) : extracted;
  }

  /** The headers that it writes. */
  fields(): string[] {
    return this.#encoding === "single" ? [SINGLE] : [TRACE_ID, SPAN_ID, SAMPLED, FLAGS];
  }
}

function readMulti(read: (name: string) => string | undefined): B3 | undefined {
  const traceId = read(TRACE_ID);
  // Most requests have none of these headers.
  if (traceId === undefined) return undefined;
  const debug = read(FLAGS) === "1";
  return joinFields({
    traceId,
    spanId: read(SPAN_ID),
    sampled: debug ? undefined : read(SAMPLED)?.toLowerCase(),
    debug,
  });
}
