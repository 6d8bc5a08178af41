import { TraceFlags } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace-base";
import { attributesSize } from "../batch/item_size.ts";
import { NOTHING_REJECTED, withThreshold } from "./ot_trace_state.ts";

/** About what a span takes in memory before anything is put on it, and what each event or link does. */
const SPAN_BYTES = 1000;
const EVENT_BYTES = 200;

/**
 * About how much memory an ended span takes.
 *
 * @param span The span.
 */
export function heldSize(span: ReadableSpan): number {
  // Names are texts by the types alone.
  let size = SPAN_BYTES + attributesSize({ name: span.name, message: span.status.message });
  size += attributesSize(span.attributes);
  for (const event of span.events) size += EVENT_BYTES + attributesSize(event.attributes);
  for (const link of span.links) size += EVENT_BYTES + attributesSize(link.attributes);
  return size;
}

/**
 * A span that is kept whatever the base rate says: sampled, since exporters pass over others, and
 * counted once. The base rate's `th` was right for the services that were called, and would make a
 * failure, each of which is kept, count for a hundred.
 *
 * @param span An ended span; it stays as it is.
 */
export function keptForSure(span: ReadableSpan): ReadableSpan {
  const own = span.spanContext();
  const traceState = withThreshold(own.traceState, NOTHING_REJECTED);
  const context = {
    ...own,
    traceFlags: own.traceFlags | TraceFlags.SAMPLED,
    ...(traceState && { traceState }),
  };
  return Object.create(span, { spanContext: { value: () => context, enumerable: true } });
}
