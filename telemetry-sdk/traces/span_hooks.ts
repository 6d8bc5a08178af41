import type { Context } from "@opentelemetry/api";
import type { Span, SpanProcessor } from "@opentelemetry/sdk-trace-base";
import type { TracesConfig } from "../config/traces_schema.ts";

/** The application's hooks at the start and before the end of a span, as a processor. */
export class SpanHooks implements SpanProcessor {
  readonly #hooks: Pick<TracesConfig, "onStart" | "onEnding">;

  /** @param hooks The application's. */
  constructor(hooks: Pick<TracesConfig, "onStart" | "onEnding">) {
    this.#hooks = hooks;
  }

  /** Calls the hook at the start. */
  onStart(span: Span, parent: Context): void {
    this.#hooks.onStart?.(span, parent);
  }

  /** Calls the hook before the end. */
  onEnding(span: Span): void {
    this.#hooks.onEnding?.(span);
  }

  /** There is nothing to do with an ended span. */
  onEnd(): void {}

  /** Nothing waits. */
  forceFlush(): Promise<void> {
    return Promise.resolve();
  }

  /** Nothing is held. */
  shutdown(): Promise<void> {
    return Promise.resolve();
  }
}
