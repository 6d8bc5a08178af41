import type { SentLog, SentSpan } from "./_otlp_json.ts";
import { httpServer } from "./_shop_attributes.ts";

/** Spans and logs of one service. */
export interface ServiceData {
  readonly spans: SentSpan[];
  readonly logs: SentLog[];
}

/** Writes down what a made-up shop does: the same at every run with the same seed. */
export class ShopRecorder {
  readonly services: Map<string, ServiceData> = new Map();
  /** How long requests took, for the metrics. */
  readonly requests: { time: number; route: string; method: string; status: number; ms: number }[] =
    [];
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** A number from 0 to 1. */
  random(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A duration about as long as told, sometimes a good deal longer. */
  about(ms: number): number {
    return ms * (0.6 + 0.5 * this.random() + 1.6 * this.random() ** 8);
  }

  id(digits: 16 | 32): string {
    let id = "";
    while (id.length < digits) id += Math.floor(this.random() * 16).toString(16);
    return id;
  }

  /** Adds a span and gives it back. */
  span(service: string, span: Omit<SentSpan, "spanId">): SentSpan {
    const whole = { ...span, spanId: this.id(16) };
    this.#of(service).spans.push(whole);
    return whole;
  }

  /** Adds a log in a span. */
  log(service: string, span: SentSpan, log: Omit<SentLog, "traceId" | "spanId">): void {
    this.#of(service).logs.push({ ...log, traceId: span.traceId, spanId: span.spanId });
  }

  #of(service: string): ServiceData {
    const known = this.services.get(service);
    if (known !== undefined) return known;
    const made = { spans: [], logs: [] };
    this.services.set(service, made);
    return made;
  }

  /** A request to the shop, and the innermost of the middleware around its handler. */
  request(
    traceId: string,
    { at, ms, method, route, status = 200, parent, error }: {
      at: number;
      ms: number;
      method: string;
      route: string;
      status?: number;
      parent?: SentSpan;
      error?: string;
    },
  ): { request: SentSpan; inner: SentSpan } {
    this.requests.push({ time: at + ms, route, method, status, ms });
    const request = this.span("shop", {
      traceId,
      parentSpanId: parent?.spanId,
      name: `${method} ${route}`,
      kind: "server",
      start: at,
      end: at + ms,
      attributes: httpServer(method, route, status),
      ...(error !== undefined && { error }),
    });
    const times = { start: at + 0.1, end: at + ms - 0.1 };
    const outer = this.middleware(request, "requestId", { ...times, index: 0 });
    const inner = { start: at + 0.3, end: at + ms - 0.2, index: 1 };
    return { request, inner: this.middleware(outer, "securityHeaders", inner) };
  }

  /** A middleware around a span. */
  middleware(
    parent: SentSpan,
    name: string,
    { start, end, index }: { start: number; end: number; index: number },
  ): SentSpan {
    return this.span("shop", {
      traceId: parent.traceId,
      parentSpanId: parent.spanId,
      name: `middleware.${name}`,
      start,
      end,
      attributes: { "middleware.name": name, "middleware.index": index },
    });
  }

  /** An operation on the database. */
  kv(
    parent: SentSpan,
    operation: string,
    { start, ms, collection }: { start: number; ms: number; collection: string },
  ): void {
    this.span("shop", {
      traceId: parent.traceId,
      parentSpanId: parent.spanId,
      name: `kv.${operation}`,
      kind: "client",
      start,
      end: start + Math.max(0.2, ms),
      attributes: {
        "db.system.name": "deno.kv",
        "db.operation.name": operation,
        "db.collection.name": collection,
      },
    });
  }
}
