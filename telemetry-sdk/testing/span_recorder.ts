import { TraceFlags } from "@opentelemetry/api";
import type { ReadableSpan, Span, SpanProcessor } from "@opentelemetry/sdk-trace-base";
import type { Arrivals } from "./arrivals.ts";
import type { Lookup } from "./found.ts";
import { readSpan, type TestSpan } from "./test_span.ts";

/** Keeps the sampled spans, from the moment they start. */
export class SpanRecorder implements SpanProcessor {
  readonly #arrivals: Arrivals;
  /** In the order in which they started, which the clock is too coarse to tell. */
  readonly #spans = new Map<ReadableSpan, TestSpan | undefined>();

  /** @param arrivals Told of every span that ends. */
  constructor(arrivals: Arrivals) {
    this.#arrivals = arrivals;
  }

  onStart(span: Span): void {
    if (isSampled(span)) this.#spans.set(span, undefined);
  }

  onEnd(span: ReadableSpan): void {
    // One that was forgotten by a reset belongs to what came before it.
    if (!this.#spans.has(span)) return;
    this.#spans.set(span, readSpan(span));
    this.#arrivals.notify();
  }

  /** The spans that have ended, in the order in which they started. */
  get ended(): TestSpan[] {
    return [...this.#spans.values()].filter((span) => span !== undefined);
  }

  /** The names of the spans that have started and not ended. */
  get open(): string[] {
    return Array.from(this.#spans).flatMap(([{ name }, ended]) =>
      ended === undefined ? [name] : []
    );
  }

  /** How spans are looked up. */
  get lookup(): Lookup<TestSpan> {
    const { open } = this;
    return {
      items: this.ended,
      what: "span",
      isCalled: ({ name }, text) => name === text,
      tell: ({ name }) => name,
      ...(open.length > 0 &&
        { besides: `; not ended: ${open.map((name) => `"${name}"`).join(", ")}` }),
    };
  }

  /** Forgets all spans, also those that have not ended. */
  clear(): void {
    this.#spans.clear();
  }

  forceFlush(): Promise<void> {
    return Promise.resolve();
  }

  shutdown(): Promise<void> {
    return Promise.resolve();
  }
}

/** Those that are recorded without being sampled are exported nowhere. */
function isSampled(span: ReadableSpan): boolean {
  return (span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0;
}
