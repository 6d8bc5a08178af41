import { runFromRoot } from "../telemetry/context_binding.ts";
import type { Span } from "../telemetry/otel.ts";

/** How many open spans are kept, and for how long. */
export interface OpenSpanLimits {
  readonly maxOpenMillis: number;
  readonly maxRequests: number;
  readonly maxSpansPerRequest: number;
}

/** Why a span is ended whose end was never told. */
export type Unclosed =
  | "opened again"
  | "request ended"
  | "open too long"
  | "too many requests"
  | "too many spans"
  | "bridge disposed";

/**
 * Spans whose two ends are told apart from each other, by request and key. One whose end is never
 * told is ended all the same: when its request ends, when it has been open too long, or when it is
 * in the way.
 */
export class OpenSpans implements Disposable {
  /** The open spans by their keys, by their requests. */
  readonly byRequest: Map<string, Map<string, Span>> = new Map();
  readonly #limits: OpenSpanLimits;
  readonly #end: (span: Span, why: Unclosed) => void;
  // In the order of opening, so that the first is always the next to become too old.
  readonly #places = new Map<Span, { requestId: string; key: string; openedAt: number }>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param limits How many, and for how long.
   * @param end Ends a span whose end was never told; must not throw.
   */
  constructor(limits: OpenSpanLimits, end: (span: Span, why: Unclosed) => void) {
    this.#limits = limits;
    this.#end = end;
  }

  /** Keeps a span until its end is told. */
  open(requestId: string, key: string, span: Span): void {
    this.#endUnclosed(this.take(requestId, key), "opened again");
    const spans = this.byRequest.get(requestId) ?? this.#addRequest(requestId);
    if (spans.size >= this.#limits.maxSpansPerRequest) this.#endFirst(requestId, spans);
    spans.set(key, span);
    // Ending the first may have emptied the request and so forgotten it.
    this.byRequest.set(requestId, spans);
    this.#places.set(span, { requestId, key, openedAt: performance.now() });
    this.#watch();
  }

  /** The span of a key, which the caller ends; `undefined` where none is open. */
  take(requestId: string, key: string): Span | undefined {
    const spans = this.byRequest.get(requestId);
    const span = spans?.get(key);
    if (spans === undefined || span === undefined) return undefined;
    spans.delete(key);
    if (spans.size === 0) this.byRequest.delete(requestId);
    this.#places.delete(span);
    if (this.#places.size === 0) this.#unwatch();
    return span;
  }

  /** Ends what a request that is over has left open. */
  endRequest(requestId: string): void {
    this.#endAll(requestId, "request ended");
  }

  /** Ends every span. */
  [Symbol.dispose](): void {
    for (const requestId of [...this.byRequest.keys()]) this.#endAll(requestId, "bridge disposed");
  }

  #addRequest(requestId: string): Map<string, Span> {
    if (this.byRequest.size >= this.#limits.maxRequests) {
      for (const oldest of this.byRequest.keys()) {
        this.#endAll(oldest, "too many requests");
        break;
      }
    }
    const spans = new Map<string, Span>();
    this.byRequest.set(requestId, spans);
    return spans;
  }

  #endFirst(requestId: string, spans: Map<string, Span>): void {
    for (const key of spans.keys()) {
      this.#endUnclosed(this.take(requestId, key), "too many spans");
      break;
    }
  }

  #endAll(requestId: string, why: Unclosed): void {
    for (const key of [...this.byRequest.get(requestId)?.keys() ?? []]) {
      this.#endUnclosed(this.take(requestId, key), why);
    }
  }

  #endUnclosed(span: Span | undefined, why: Unclosed): void {
    if (span !== undefined) this.#end(span, why);
  }

  #watch(): void {
    if (this.#timer !== undefined) return;
    for (const { openedAt } of this.#places.values()) {
      const millis = Math.max(0, openedAt + this.#limits.maxOpenMillis - performance.now());
      // From the root, or the timer would keep the context of one request after another.
      const timer = runFromRoot(() => setTimeout(() => this.#endOld(), millis));
      Deno.unrefTimer(timer);
      this.#timer = timer;
      return;
    }
  }

  #unwatch(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #endOld(): void {
    this.#timer = undefined;
    const latest = performance.now() - this.#limits.maxOpenMillis;
    for (const { requestId, key, openedAt } of [...this.#places.values()]) {
      if (openedAt > latest) break;
      this.#endUnclosed(this.take(requestId, key), "open too long");
    }
    this.#watch();
  }
}
