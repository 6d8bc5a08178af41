import type { Store } from "../store/store.ts";
import { startOf, type Trace } from "../store/trace.ts";
import type { BackLink, SpanPage, TraceDetail } from "./model.ts";
import { renderLog } from "./log_list.ts";
import { ApiProblem } from "./query.ts";
import { SpanRenderer } from "./render_span.ts";
import { type PlacedSpan, placeSpans } from "./span_tree.ts";
import { timeOf } from "../store/log_store.ts";

/** After so many characters, the spans of a huge trace come without attributes. */
const DETAIL_BUDGET = 8 * 1024 * 1024;
const MAX_SPANS = 20_000;
const MAX_LOGS = 5000;
const MAX_BACK_LINKS = 1000;

/**
 * `GET /api/traces/{traceId}`.
 *
 * @throws {ApiProblem} When the trace is not kept.
 */
export function traceDetail(store: Store, id: string): TraceDetail {
  const trace = findTrace(store, id);
  const { traceId } = trace;
  const renderer = new SpanRenderer(store, { clip: true, budget: DETAIL_BUDGET });
  const spans = placeSpans(trace.spans).slice(0, MAX_SPANS)
    .map((placed) => renderer.render(placed));
  const logs = [...store.logs.ofTrace(traceId)].slice(-MAX_LOGS)
    .sort((a, b) => timeOf(a) - timeOf(b) || a.number - b.number)
    .map((log) => {
      const { id, service, attributes } = log.resource;
      if (!renderer.resources.has(id)) renderer.resources.set(id, { id, service, attributes });
      return renderLog(store, log, { clip: true });
    });
  return {
    trace: trace.summary(store.logs.countOf(traceId)),
    spans,
    resources: [...renderer.resources.values()],
    scopes: renderer.scopes,
    logs,
    linkedFrom: backLinks(store, traceId),
  };
}

/**
 * `GET /api/traces/{traceId}/spans/{spanId}`.
 *
 * @throws {ApiProblem} When there is no such span.
 */
export function spanPage(store: Store, traceId: string, spanId: string): SpanPage {
  const trace = findTrace(store, traceId);
  const renderer = new SpanRenderer(store, { clip: false, budget: Number.POSITIVE_INFINITY });
  const spans = trace.withId(spanId.toLowerCase()).map((span) => renderer.render(alone(span)));
  if (spans.length === 0) {
    throw new ApiProblem(404, `Trace "${traceId}" has no span "${spanId}", or it was not kept`);
  }
  return { spans, resources: [...renderer.resources.values()], scopes: renderer.scopes };
}

/** A span outside of its waterfall. */
function alone(span: PlacedSpan["span"]): PlacedSpan {
  return {
    span,
    parentIndex: -1,
    depth: 0,
    parentMissing: false,
    inCycle: false,
    duplicateId: false,
  };
}

/** The trace with an id, in either case of letters. */
export function findTrace(store: Store, traceId: string): Trace {
  const trace = store.traces.get(traceId.toLowerCase());
  if (trace !== undefined) return trace;
  throw new ApiProblem(404, `Trace "${traceId}" is not here: it has not arrived, or made room`);
}

function backLinks(store: Store, traceId: string): BackLink[] {
  const found: BackLink[] = [];
  for (const source of store.traces.links.to(traceId)) {
    const [span] = store.traces.get(source.traceId)?.withId(source.spanId) ?? [];
    if (span === undefined || found.length >= MAX_BACK_LINKS) continue;
    found.push({
      traceId: source.traceId,
      spanId: source.spanId,
      name: span.name,
      service: span.resource.service,
      startTime: startOf(span),
      toSpanId: source.toSpanId,
    });
  }
  return found;
}
