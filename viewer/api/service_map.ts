import type { Store } from "../store/store.ts";
import { KIND, STATUS_ERROR, type StoredSpan, type Trace } from "../store/trace.ts";
import type { ServiceMap, ServiceNode } from "./model.ts";
import type { Query } from "./query.ts";
import { SearchBudget } from "./query.ts";

/** Durations beyond so many are sampled evenly: percentiles do not need them all. */
const MAX_DURATIONS = 2000;

/** Calls, counted. */
class Calls {
  count = 0;
  errorCount = 0;
  readonly #durations: number[] = [];

  add({ status, durationMs }: StoredSpan): void {
    if (this.#durations.length < MAX_DURATIONS) this.#durations.push(durationMs);
    else this.#durations[this.count % MAX_DURATIONS] = durationMs;
    this.count++;
    if (status === STATUS_ERROR) this.errorCount++;
  }

  summary() {
    const sorted = this.#durations.toSorted((a, b) => a - b);
    const at = (share: number) =>
      sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
    return {
      count: this.count,
      errorCount: this.errorCount,
      p50Ms: at(0.5),
      p95Ms: at(0.95),
      p99Ms: at(0.99),
    };
  }
}

/** `GET /api/service-map`. */
export function serviceMap(store: Store, query: Query): ServiceMap {
  const from = query.number("from") ?? Number.NEGATIVE_INFINITY;
  const to = query.number("to") ?? Number.POSITIVE_INFINITY;
  const budget = new SearchBudget();
  const graph = new CallGraph();
  let complete = true;
  for (const [, trace] of store.traces.backwards()) {
    if (trace.start < from || trace.start > to) continue;
    if (budget.spent || graph.full) {
      complete = false;
      break;
    }
    graph.add(trace);
  }
  return { ...graph.result(), complete };
}

/** More would not be a map any more. */
const MAX_NODES = 500;

class CallGraph {
  readonly #nodes = new Map<
    string,
    { readonly kind: ServiceNode["kind"]; name: string } & {
      readonly calls: Calls;
    }
  >();
  readonly #edges = new Map<string, { readonly from: string; readonly to: string; calls: Calls }>();
  #traces = 0;
  #from = Number.POSITIVE_INFINITY;
  #to = Number.NEGATIVE_INFINITY;

  get full(): boolean {
    return this.#nodes.size >= MAX_NODES;
  }

  add(trace: Trace): void {
    this.#traces++;
    this.#from = Math.min(this.#from, trace.start);
    this.#to = Math.max(this.#to, trace.start);
    const byId = new Map(trace.spans.map((span) => [span.spanId, span]));
    // A call whose other side tells about itself needs no node of its own.
    const answered = new Set<string>();
    for (const span of trace.spans) {
      const { service } = span.resource;
      const parent = byId.get(span.parentSpanId);
      if (parent !== undefined && parent.resource.service !== service) {
        answered.add(span.parentSpanId);
        this.#edge(serviceId(parent.resource.service), serviceId(service), span);
      }
      if (isEntry(span, parent)) this.#node("service", service).add(span);
      else this.#node("service", service);
      if (span.kind === KIND.consumer && span.peer?.kind === "queue") {
        this.#edge(idOf(span.peer.kind, span.peer.name), serviceId(service), span);
      }
    }
    for (const span of trace.spans) {
      const isCall = span.kind === KIND.client || span.kind === KIND.producer;
      if (!isCall || span.peer === undefined || answered.has(span.spanId)) continue;
      this.#node(span.peer.kind, span.peer.name).add(span);
      this.#edge(serviceId(span.resource.service), idOf(span.peer.kind, span.peer.name), span);
    }
  }

  result(): Omit<ServiceMap, "complete"> {
    // A queue may be known only by those that take from it.
    for (const { from, to } of this.#edges.values()) {
      for (const id of [from, to]) {
        const [kind, name] = JSON.parse(id) as [ServiceNode["kind"], string];
        this.#node(kind, name);
      }
    }
    return {
      nodes: [...this.#nodes].map(([id, { kind, name, calls }]) => ({
        id,
        name,
        kind,
        ...calls.summary(),
      })),
      edges: [...this.#edges.values()].map(({ from, to, calls }) => ({
        from,
        to,
        ...calls.summary(),
      })),
      traces: this.#traces,
      from: this.#traces === 0 ? 0 : this.#from,
      to: this.#traces === 0 ? 0 : this.#to,
    };
  }

  #node(kind: ServiceNode["kind"], name: string): Calls {
    const id = idOf(kind, name);
    let node = this.#nodes.get(id);
    if (node === undefined) {
      node = { kind, name, calls: new Calls() };
      this.#nodes.set(id, node);
    }
    return node.calls;
  }

  #edge(from: string, to: string, span: StoredSpan): void {
    const key = `${from} ${to}`;
    let edge = this.#edges.get(key);
    if (edge === undefined) {
      edge = { from, to, calls: new Calls() };
      this.#edges.set(key, edge);
    }
    edge.calls.add(span);
  }
}

/** Where work enters a service. */
function isEntry(span: StoredSpan, parent: StoredSpan | undefined): boolean {
  return span.kind === KIND.server || span.kind === KIND.consumer || span.parentSpanId === "" ||
    parent !== undefined && parent.resource.service !== span.resource.service;
}

function serviceId(service: string): string {
  return idOf("service", service);
}

/** Kind and name in one text that no other kind and name have. */
function idOf(kind: ServiceNode["kind"], name: string): string {
  return JSON.stringify([kind, name]);
}
