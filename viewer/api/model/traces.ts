import type { Attribute, Resource, Scope } from "./attributes.ts";
import type { LogEntry } from "./logs.ts";

export type SpanKind =
  | "unspecified"
  | "internal"
  | "server"
  | "client"
  | "producer"
  | "consumer";

export type SpanStatus = "unset" | "ok" | "error";

/** One row in the list of traces. It changes as spans arrive. */
export interface TraceSummary {
  readonly traceId: string;
  /** The root's name; as long as the root was not seen, the name of the span that began first. */
  readonly name: string;
  /** The root's service, or that of the span that stands in for it. */
  readonly service: string;
  /** Every service with a span in it, the root's first; at most 16. */
  readonly services: readonly string[];
  /** The kind of the span that names the trace. */
  readonly kind: SpanKind;
  /** `http.request.method` of that span. */
  readonly method?: string;
  /** `http.route` of that span. */
  readonly route?: string;
  /** `http.response.status_code` of that span. */
  readonly httpStatus?: number;
  /** The status of that span. */
  readonly status: SpanStatus;
  readonly startTime: number;
  /** From the start of the first span to the end of the last one. */
  readonly durationMs: number;
  readonly spanCount: number;
  /** How many spans have the status "error". */
  readonly errorCount: number;
  /** How many logs of this trace are kept. */
  readonly logCount: number;
  /** False as long as no span without a parent has arrived. */
  readonly rootSeen: boolean;
  /** Spans that were received and counted but not kept, because the trace was too large. */
  readonly spansNotKept: number;
}

/**
 * `GET /api/traces`: the newest by arrival first.
 *
 * Query: `q` (text in a span's name, a service, a route or a trace's id), `service`, `route`,
 * `status` (`ok`, `error`, or an HTTP status as `404`, `4xx`), `minDurationMs`,
 * `attr` (`key:value` or `key`, may repeat; all must hold on one span or its resource), `from` and
 * `to` (times: the trace began between them), `limit` (1 to 500, 100 unless given), `before` (the
 * `next` of the page before).
 */
export interface TracePage {
  readonly traces: readonly TraceSummary[];
  /** Hand it back as `before` for the page that follows; left out after the last one. */
  readonly next?: string;
  /** How many traces are kept, whatever the filter. */
  readonly total: number;
  /**
   * False when the search stopped for the time it took: there may be more matches beyond, which
   * `next` goes on with.
   */
  readonly complete: boolean;
}

/** `GET /api/facets`: what to offer in the filters, the most frequent first; at most 200 each. */
export interface Facets {
  readonly services: readonly Facet[];
  readonly routes: readonly Facet[];
}

export interface Facet {
  readonly value: string;
  /** How many of the traces looked at have it. */
  readonly count: number;
}

/** `GET /api/traces/{traceId}`. */
export interface TraceDetail {
  readonly trace: TraceSummary;
  /**
   * Depth first, siblings by start: the order of a waterfall. At most 20,000; the summary's
   * `spanCount` tells how many there are.
   */
  readonly spans: readonly Span[];
  readonly resources: readonly Resource[];
  readonly scopes: readonly Scope[];
  /** By time; at most 5,000. */
  readonly logs: readonly LogEntry[];
  /** The spans of other traces (or of this one) that link to this trace; at most 1,000. */
  readonly linkedFrom: readonly BackLink[];
}

/** A span within a `TraceDetail`. Its place in the list is its identity: ids can be there twice. */
export interface Span {
  readonly spanId: string;
  /** As it was sent; the parent may not be here. */
  readonly parentSpanId?: string;
  /** The parent's place in the list of spans; -1 for what stands at the top. */
  readonly parentIndex: number;
  /** 0 at the top. */
  readonly depth: number;
  readonly name: string;
  readonly kind: SpanKind;
  readonly service: string;
  /** The `id` of its resource. */
  readonly resourceId: string;
  /** The place of its scope in the list of scopes. */
  readonly scopeIndex: number;
  readonly startTime: number;
  readonly durationMs: number;
  readonly status: SpanStatus;
  readonly statusMessage?: string;
  readonly traceState?: string;
  readonly attributes: readonly Attribute[];
  readonly events: readonly SpanEvent[];
  readonly links: readonly SpanLink[];
  readonly droppedAttributes?: number;
  readonly droppedEvents?: number;
  readonly droppedLinks?: number;
  /**
   * False when long values were cut or, in a very large trace, attributes, events and links were
   * left out: `GET /api/traces/{traceId}/spans/{spanId}` gives them all (see `SpanPage`).
   */
  readonly whole: boolean;
  /** What is odd about it, to be shown; left out when nothing is. */
  readonly problems?: readonly SpanProblem[];
}

/**
 * - `parent-missing`: it names a parent that has not arrived.
 * - `parent-cycle`: it is its own ancestor; it was put at the top.
 * - `future`: it starts more than a minute after it arrived.
 * - `ends-before-start`: its duration was taken as 0.
 * - `duplicate-id`: another span of the trace has the same id.
 */
export type SpanProblem =
  | "parent-missing"
  | "parent-cycle"
  | "future"
  | "ends-before-start"
  | "duplicate-id";

export interface SpanEvent {
  /** "exception" carries `exception.type`, `exception.message` and `exception.stacktrace`. */
  readonly name: string;
  readonly time: number;
  readonly attributes: readonly Attribute[];
  readonly droppedAttributes?: number;
}

export interface SpanLink {
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes: readonly Attribute[];
  readonly droppedAttributes?: number;
  /** Whether the trace that is linked to is kept here, so that the link can be followed. */
  readonly known: boolean;
  /** The name of the span that is linked to, where it is kept. */
  readonly name?: string;
  /** The service of that span. */
  readonly service?: string;
}

/** A link seen from its target. */
export interface BackLink {
  /** The span that holds the link. */
  readonly traceId: string;
  readonly spanId: string;
  readonly name: string;
  readonly service: string;
  readonly startTime: number;
  /** The span of this trace that it points at. */
  readonly toSpanId: string;
}

/** `GET /api/traces/{traceId}/spans/{spanId}`: every span with that id, with nothing cut. */
export interface SpanPage {
  readonly spans: readonly Span[];
  readonly resources: readonly Resource[];
  readonly scopes: readonly Scope[];
}
