import type { SpanKind, SpanStatus, TraceSummary } from "../api/model.ts";
import type { HttpFacts, LinkTarget, PeerFacts, ScopeRecord } from "../otlp/records.ts";
import type { StoredResource } from "./origins.ts";

/** A span as it is kept. See `SpanRecord` for what its fields mean. */
export interface StoredSpan {
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: number;
  readonly status: number;
  readonly startMillis: number;
  /** Nanoseconds beyond the milliseconds. */
  readonly startRest: number;
  readonly durationMs: number;
  readonly endsBeforeStart: boolean;
  readonly future: boolean;
  readonly http: HttpFacts | undefined;
  readonly peer: PeerFacts | undefined;
  readonly resource: StoredResource;
  readonly scope: ScopeRecord;
  readonly content: string;
}

export const KIND_NAMES: readonly SpanKind[] = [
  "unspecified",
  "internal",
  "server",
  "client",
  "producer",
  "consumer",
];
export const STATUS_NAMES: readonly SpanStatus[] = ["unset", "ok", "error"];
export const STATUS_ERROR = 2;
export const KIND = { server: 2, client: 3, producer: 4, consumer: 5 } as const;

/** When a span began, in milliseconds. */
export function startOf(span: StoredSpan): number {
  return span.startMillis + span.startRest / 1_000_000;
}

const MAX_SERVICES = 16;
/** Up to so many spans, comparing finds a duplicate faster than an index. */
const FEW = 24;

/** The spans of one trace that arrived so far, and what its row in the list says. */
export class Trace {
  readonly traceId: string;
  /** Its place by arrival. */
  readonly number: number;
  readonly spans: StoredSpan[] = [];
  /** What it is charged for. */
  bytes = 0;
  /** Spans that were counted only. */
  spansNotKept = 0;
  /** The targets of its links, to be forgotten with it. */
  linkTargets: LinkTarget[] = [];
  #errorCount = 0;
  /** Times within the trace are counted from here: small numbers keep their nanoseconds. */
  #origin: number | undefined;
  #start = Number.POSITIVE_INFINITY;
  #end = Number.NEGATIVE_INFINITY;
  #root: StoredSpan | undefined;
  #earliest: StoredSpan | undefined;
  readonly #services: string[] = [];
  #byId: Map<string, StoredSpan | StoredSpan[]> | undefined;

  constructor(traceId: string, number: number) {
    this.traceId = traceId;
    this.number = number;
  }

  get errorCount(): number {
    return this.#errorCount;
  }

  /** When its first span began. */
  get start(): number {
    return (this.#origin ?? 0) + this.#start;
  }

  get durationMs(): number {
    return this.#end - this.#start;
  }

  get services(): readonly string[] {
    return this.#services;
  }

  /** The span that stands for the trace: its root, or else the one that began first. */
  get face(): StoredSpan | undefined {
    return this.#root ?? this.#earliest;
  }

  /** Every span with an id; more than one only from an odd sender. */
  withId(spanId: string): readonly StoredSpan[] {
    if (this.#byId === undefined) return this.spans.filter((span) => span.spanId === spanId);
    const found = this.#byId.get(spanId);
    return found === undefined ? [] : Array.isArray(found) ? found : [found];
  }

  /** Adds a span that is kept. */
  add(span: StoredSpan): void {
    this.spans.push(span);
    this.#index(span);
    this.count(span);
    const start = startOf(span);
    if (span.parentSpanId === "" && (this.#root === undefined || start < startOf(this.#root))) {
      this.#root = span;
    }
    if (this.#earliest === undefined || start < startOf(this.#earliest)) this.#earliest = span;
  }

  /** Takes a span into account, whether it is kept or not. */
  count(span: StoredSpan): void {
    this.#origin ??= span.startMillis;
    const start = span.startMillis - this.#origin + span.startRest / 1_000_000;
    if (span.status === STATUS_ERROR) this.#errorCount++;
    this.#start = Math.min(this.#start, start);
    this.#end = Math.max(this.#end, start + span.durationMs);
    const { service } = span.resource;
    if (!this.#services.includes(service) && this.#services.length < MAX_SERVICES) {
      this.#services.push(service);
    }
  }

  /** The row in the list of traces. */
  summary(logCount: number): TraceSummary {
    const face = this.face;
    const service = face?.resource.service ?? "";
    const { method, route, status } = face?.http ?? {};
    return {
      traceId: this.traceId,
      name: face?.name ?? "",
      service,
      services: [service, ...this.#services.filter((other) => other !== service)],
      kind: KIND_NAMES[face?.kind ?? 0] ?? "unspecified",
      ...(method !== undefined && { method }),
      ...(route !== undefined && { route }),
      ...(status !== undefined && { httpStatus: status }),
      status: STATUS_NAMES[face?.status ?? 0] ?? "unset",
      startTime: this.start,
      durationMs: this.durationMs,
      spanCount: this.spans.length + this.spansNotKept,
      errorCount: this.#errorCount,
      logCount,
      rootSeen: this.#root !== undefined,
      spansNotKept: this.spansNotKept,
    };
  }

  #index(span: StoredSpan): void {
    if (this.#byId === undefined) {
      if (this.spans.length < FEW) return;
      this.#byId = new Map();
      for (const earlier of this.spans) this.#put(this.#byId, earlier);
    } else {
      this.#put(this.#byId, span);
    }
  }

  #put(byId: Map<string, StoredSpan | StoredSpan[]>, span: StoredSpan): void {
    const known = byId.get(span.spanId);
    if (known === undefined) byId.set(span.spanId, span);
    else if (Array.isArray(known)) known.push(span);
    else byId.set(span.spanId, [known, span]);
  }
}
