import { type Context, diag } from "@opentelemetry/api";
import type { ReadableSpan, Span, SpanProcessor } from "@opentelemetry/sdk-trace-base";

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
    guarded("onStart", () => this.#processor.onStart(span, parent));
  }

  /** Passes a span on that is about to end, where the processor wants to know. */
  onEnding(span: Span): void {
    guarded("onEnding", () => this.#processor.onEnding?.(span));
  }

  /** Passes a span on that has ended. */
  onEnd(span: ReadableSpan): void {
    guarded("onEnd", () => this.#processor.onEnd(span));
  }

  /** Flushes the processor; never rejects. */
  async forceFlush(): Promise<void> {
    await settled("forceFlush", () => this.#processor.forceFlush());
  }

  /** Shuts the processor down; never rejects. */
  async shutdown(): Promise<void> {
    await settled("shutdown", () => this.#processor.shutdown());
  }
}

function guarded(method: string, call: () => void): void {
  try {
    call();
  } catch (error) {
    report(method, error);
  }
}

async function settled(method: string, call: () => Promise<void>): Promise<void> {
  try {
    await call();
  } catch (error) {
    report(method, error);
  }
}

function report(method: string, error: unknown): void {
  diag.error(`A span processor failed in ${method}()`, error);
}
