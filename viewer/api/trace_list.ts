import type { SpanContent } from "../otlp/records.ts";
import type { Store } from "../store/store.ts";
import type { StoredSpan, Trace } from "../store/trace.ts";
import { type AttributeFilter, mayMeet, meets, parseAttributeFilter } from "./attribute_filter.ts";
import type { Facet, Facets, TracePage, TraceSummary } from "./model.ts";
import { ApiProblem, type Query, SearchBudget } from "./query.ts";

/** What a trace must be like to be listed. */
interface TraceFilter {
  readonly q: string | undefined;
  readonly service: string | undefined;
  readonly route: string | undefined;
  readonly status: StatusFilter | undefined;
  readonly minDurationMs: number;
  readonly attributes: readonly AttributeFilter[];
  readonly from: number;
  readonly to: number;
}

type StatusFilter =
  | { readonly error: boolean }
  | { readonly least: number; readonly most: number };

/** `GET /api/traces`. */
export function listTraces(store: Store, query: Query): TracePage {
  const filter = readFilter(query);
  const limit = query.integer("limit", { least: 1, most: 500, usual: 100 });
  const budget = new SearchBudget();
  const traces: TraceSummary[] = [];
  for (const [number, trace] of store.traces.backwards(query.cursor())) {
    const full = traces.length === limit;
    if (full || budget.spent) {
      const next = String(number + 1);
      return { traces, next, total: store.traces.size, complete: full };
    }
    if (matches(trace, filter)) {
      traces.push(trace.summary(store.logs.countOf(trace.traceId)));
    }
  }
  return { traces, total: store.traces.size, complete: true };
}

function readFilter(query: Query): TraceFilter {
  return {
    q: query.text("q")?.toLowerCase(),
    service: query.text("service"),
    route: query.text("route"),
    status: parseStatus(query.text("status")),
    minDurationMs: query.number("minDurationMs") ?? 0,
    attributes: query.texts("attr").map(parseAttributeFilter),
    from: query.number("from") ?? Number.NEGATIVE_INFINITY,
    to: query.number("to") ?? Number.POSITIVE_INFINITY,
  };
}

function parseStatus(text: string | undefined): StatusFilter | undefined {
  if (text === undefined) return undefined;
  if (text === "ok" || text === "error") return { error: text === "error" };
  if (/^[1-5]\d\d$/.test(text)) return { least: Number(text), most: Number(text) };
  const hundred = /^([1-5])xx$/i.exec(text)?.[1];
  if (hundred !== undefined) {
    return { least: Number(hundred) * 100, most: Number(hundred) * 100 + 99 };
  }
  throw new ApiProblem(
    400,
    `Parameter "status" is "${text}": expected "ok", "error", or an HTTP status as "404" or "4xx"`,
  );
}

function matches(trace: Trace, filter: TraceFilter): boolean {
  const { service, route, status, attributes, q } = filter;
  if (trace.durationMs < filter.minDurationMs) return false;
  if (trace.start < filter.from || trace.start > filter.to) return false;
  if (service !== undefined && !trace.services.includes(service)) return false;
  if (status !== undefined && !hasStatus(trace, status)) return false;
  if (route !== undefined && !trace.spans.some(({ http }) => http?.route === route)) return false;
  if (q !== undefined && !hasText(trace, q)) return false;
  return attributes.length === 0 || trace.spans.some((span) => hasAttributes(span, attributes));
}

function hasStatus(trace: Trace, status: StatusFilter): boolean {
  if ("error" in status) return (trace.errorCount > 0) === status.error;
  const code = trace.face?.http?.status ?? 0;
  return code >= status.least && code <= status.most;
}

function hasText(trace: Trace, q: string): boolean {
  return trace.traceId.startsWith(q) ||
    trace.services.some((service) => service.toLowerCase().includes(q)) ||
    trace.spans.some(({ name, http }) =>
      name.toLowerCase().includes(q) || http?.route?.toLowerCase().includes(q)
    );
}

function hasAttributes(span: StoredSpan, filters: readonly AttributeFilter[]): boolean {
  const { attributes } = span.resource;
  // Conditions that the resource meets need no look into the span.
  const open = filters.filter((filter) => !meets(attributes, filter));
  if (open.length === 0) return true;
  if (!open.every((filter) => mayMeet(span.content, filter))) return false;
  const content: SpanContent = JSON.parse(span.content);
  return open.every((filter) => meets(content.attributes ?? [], filter));
}

const MAX_FACETS = 200;
const FACET_TRACES = 5000;

/** `GET /api/facets`. */
export function listFacets(store: Store): Facets {
  const services = new Map<string, number>();
  const routes = new Map<string, number>();
  const count = (counts: Map<string, number>, value: string) =>
    counts.set(value, (counts.get(value) ?? 0) + 1);
  let looked = 0;
  for (const [, trace] of store.traces.backwards()) {
    if (++looked > FACET_TRACES) break;
    for (const service of trace.services) count(services, service);
    const route = trace.face?.http?.route;
    if (route !== undefined) count(routes, route);
  }
  return { services: mostFrequent(services), routes: mostFrequent(routes) };
}

function mostFrequent(counts: ReadonlyMap<string, number>): Facet[] {
  return [...counts].map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
    .slice(0, MAX_FACETS);
}
