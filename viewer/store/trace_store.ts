import type { TraceStorage } from "../api/model.ts";
import type { Batch, LinkTarget, PeerFacts, SpanRecord } from "../otlp/records.ts";
import { Fifo } from "./fifo.ts";
import { Interner } from "./interner.ts";
import { LINK_BYTES, LinkIndex } from "./link_index.ts";
import type { Origins } from "./origins.ts";
import { OBJECT_BYTES, textBytes } from "./size.ts";
import { type StoredSpan, Trace } from "./trace.ts";

/** How much is kept of traces. */
export interface TraceLimits {
  readonly maxBytes: number;
  /** The most spans that are kept of one trace; 20,000 unless given. */
  readonly maxSpansPerTrace?: number;
}

/** A span with its place in its trace, its identifiers and its numbers. */
const SPAN_BYTES = 420;
const TRACE_BYTES = 700;
const MAX_SPANS_PER_TRACE = 20_000;
/** The part of the room that one trace may take. */
const MAX_SHARE = 1 / 4;
/** A clock that is ahead by more than this is told. */
const FUTURE_MILLIS = 60_000;

/** Keeps the newest traces within a bound. */
export class TraceStore {
  readonly links: LinkIndex = new LinkIndex();
  readonly #origins: Origins;
  readonly #maxBytes: number;
  readonly #maxSpans: number;
  readonly #byId = new Map<string, Trace>();
  readonly #order = new Fifo<Trace>();
  readonly #names = new Interner();
  readonly #peers = new Map<string, PeerFacts>();
  #bytes = 0;
  #spans = 0;
  #received = 0;
  #evictedTraces = 0;
  #evictedSpans = 0;
  #spansNotKept = 0;
  #duplicates = 0;

  constructor(origins: Origins, { maxBytes, maxSpansPerTrace = MAX_SPANS_PER_TRACE }: TraceLimits) {
    this.#origins = origins;
    this.#maxBytes = maxBytes;
    this.#maxSpans = maxSpansPerTrace;
  }

  get size(): number {
    return this.#byId.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(traceId: string): Trace | undefined {
    return this.#byId.get(traceId);
  }

  /** The traces that came before a number, the newest first. */
  backwards(before?: number): Iterable<readonly [number, Trace]> {
    return this.#order.backwards(before);
  }

  /**
   * Takes spans in and lets the oldest traces go for them.
   *
   * @param changed Hears of every trace that has changed.
   */
  add({ resource, scope, items }: Batch<SpanRecord>, changed: (trace: Trace) => void): void {
    const origin = {
      resource: this.#origins.resource(resource),
      scope: this.#origins.scope(scope),
    };
    // Who brings a resource in pays for it.
    let owed = origin.resource.bytes + origin.scope.bytes;
    for (const record of items) {
      const trace = this.#traceOf(record.traceId);
      this.#charge(trace, owed);
      owed = 0;
      this.#addSpan(
        trace,
        this.#toStored(record, origin.resource.origin, origin.scope.origin),
        record,
      );
      changed(trace);
      while (this.#bytes > this.#maxBytes && this.#order.length > 0) this.#evictOldest();
    }
  }

  state(): TraceStorage {
    return {
      traces: this.#byId.size,
      spans: this.#spans,
      bytes: this.#bytes,
      received: this.#received,
      evictedTraces: this.#evictedTraces,
      evictedSpans: this.#evictedSpans,
      spansNotKept: this.#spansNotKept,
      duplicates: this.#duplicates,
    };
  }

  #traceOf(traceId: string): Trace {
    const known = this.#byId.get(traceId);
    if (known !== undefined) return known;
    const trace = new Trace(traceId, this.#order.next);
    this.#order.push(trace);
    this.#byId.set(traceId, trace);
    this.#charge(trace, TRACE_BYTES);
    return trace;
  }

  #toStored(
    record: SpanRecord,
    resource: StoredSpan["resource"],
    scope: StoredSpan["scope"],
  ): StoredSpan {
    const { spanId, parentSpanId, kind, status, start, durationMs, endsBeforeStart } = record;
    return {
      spanId,
      parentSpanId,
      name: this.#names.intern(record.name),
      kind,
      status,
      startMillis: start.millis,
      startRest: start.rest,
      durationMs,
      endsBeforeStart,
      future: start.millis > Date.now() + FUTURE_MILLIS,
      http: record.http && {
        method: record.http.method && this.#names.intern(record.http.method),
        route: record.http.route && this.#names.intern(record.http.route),
        status: record.http.status,
      },
      peer: record.peer && this.#peer(record.peer),
      resource,
      scope,
      content: record.content,
    };
  }

  #peer(peer: PeerFacts): PeerFacts {
    const key = `${peer.kind} ${peer.name}`;
    const known = this.#peers.get(key);
    if (known !== undefined) return known;
    if (this.#peers.size >= 10_000) this.#peers.clear();
    this.#peers.set(key, peer);
    return peer;
  }

  #addSpan(trace: Trace, span: StoredSpan, record: SpanRecord): void {
    this.#received++;
    if (trace.withId(span.spanId).some((other) => isSame(other, span))) {
      this.#duplicates++;
      return;
    }
    const bytes = SPAN_BYTES + textBytes(span.content) + span.name.length +
      (span.http === undefined ? 0 : OBJECT_BYTES);
    if (
      trace.spans.length >= this.#maxSpans || trace.bytes + bytes > this.#maxBytes * MAX_SHARE
    ) {
      trace.spansNotKept++;
      this.#spansNotKept++;
      trace.count(span);
      return;
    }
    trace.add(span);
    this.#spans++;
    this.#charge(trace, bytes);
    this.#addLinks(trace, record);
  }

  #addLinks(trace: Trace, { traceId, spanId, links }: SpanRecord): void {
    for (const target of links) {
      if (!this.links.add({ traceId, spanId }, target)) continue;
      trace.linkTargets.push(target satisfies LinkTarget);
      this.#charge(trace, LINK_BYTES);
    }
  }

  #charge(trace: Trace, bytes: number): void {
    trace.bytes += bytes;
    this.#bytes += bytes;
  }

  #evictOldest(): void {
    const trace = this.#order.shift();
    if (trace === undefined) return;
    this.#byId.delete(trace.traceId);
    for (const target of new Set(trace.linkTargets.map(({ traceId }) => traceId))) {
      this.links.remove(trace.traceId, target);
    }
    this.#bytes -= trace.bytes;
    this.#spans -= trace.spans.length;
    this.#evictedTraces++;
    this.#evictedSpans += trace.spans.length;
  }
}

/** Whether a span is one that an exporter sent again because it did not see the answer. */
function isSame(one: StoredSpan, other: StoredSpan): boolean {
  return one.startMillis === other.startMillis && one.startRest === other.startRest &&
    one.kind === other.kind && one.durationMs === other.durationMs && one.name === other.name &&
    one.content === other.content;
}
