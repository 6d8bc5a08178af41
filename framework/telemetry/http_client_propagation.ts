import { type Context, trace } from "@opentelemetry/api";
import { extractFromHeaders, injectIntoCarrier } from "./otel_context.ts";

/** Baggage is no part of the trace: a caller may set it and leave the trace to us. */
const BAGGAGE = "baggage";

/**
 * Writes the trace into the headers of a request that is about to be sent, but for what its caller
 * has set. A trace header of the same trace is written over: it came with a request that is being
 * passed on, and whoever receives it is called by this request and not by that one.
 *
 * @param headers Changed in place.
 * @param ctx The context to send.
 */
export function injectTrace(headers: Headers, ctx: Context): void {
  const keepsTrace = hasOtherTrace(headers, trace.getSpanContext(ctx)?.traceId);
  for (const [name, value] of Object.entries(injectIntoCarrier(ctx))) {
    const keep = name === BAGGAGE ? headers.has(name) : keepsTrace;
    if (!keep) headers.set(name, value);
  }
}

function hasOtherTrace(headers: Headers, traceId: string | undefined): boolean {
  const own = trace.getSpanContext(extractFromHeaders(headers))?.traceId;
  return own !== undefined && own !== traceId;
}
