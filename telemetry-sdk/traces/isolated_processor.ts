import type { Context } from "@opentelemetry/api";
import type { ReadableSpan, Span, SpanProcessor } from "@opentelemetry/sdk-trace-base";
import { guarded, settled } from "../lifecycle/guarded.ts";

const WHAT = "A span processor";

/**
 * A processor of the application's whose failures stay its own: they reach neither the code that
 * makes spans, nor the other processors, nor the flush at the end.
 */
export class IsolatedSpanProcessor implements SpanProcessor {
  readonly #processor: SpanProcessor;

  /** @param processor The application's. */
  constructor(processor: SpanProcessor) {
    this.#processor = processor;
  }

  /** Passes a span on that begins. */
  onStart(span: Span, parent: Context): void {
    guarded(WHAT, "onStart", () => this.#processor.onStart(span, parent));
  }

  /** Passes a span on that is about to end, where the processor wants to know. */
  onEnding(span: Span): void {
    guarded(WHAT, "onEnding", () => this.#processor.onEnding?.(span));
  }

  /** Passes a span on that has ended. */
  onEnd(span: ReadableSpan): void {
    guarded(WHAT, "onEnd", () => this.#processor.onEnd(span));
  }

  /** Flushes the processor; never rejects. */
  async forceFlush(): Promise<void> {
    await settled(WHAT, "forceFlush", () => this.#processor.forceFlush());
  }

  /** Shuts the processor down; never rejects. */
  async shutdown(): Promise<void> {
    await settled(WHAT, "shutdown", () => this.#processor.shutdown());
  }
}
