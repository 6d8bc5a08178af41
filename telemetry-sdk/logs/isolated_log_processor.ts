import type { Context } from "@opentelemetry/api";
import type { LogRecordProcessor, SdkLogRecord } from "@opentelemetry/sdk-logs";
import { guarded, settled } from "../lifecycle/guarded.ts";

const WHAT = "A log record processor";

type EnabledOptions = Parameters<NonNullable<LogRecordProcessor["enabled"]>>[0];

/**
 * A processor of the application's whose failures stay its own: they reach neither the code that logs, nor the
 * other processors, nor the flush at the end.
 */
export class IsolatedLogRecordProcessor implements LogRecordProcessor {
  readonly #processor: LogRecordProcessor;

  /** @param processor The application's. */
  constructor(processor: LogRecordProcessor) {
    this.#processor = processor;
  }

  /** Passes a record on. */
  onEmit(record: SdkLogRecord, context?: Context): void {
    guarded(WHAT, "onEmit", () => this.#processor.onEmit(record, context));
  }

  /** Whether the processor wants records of this kind; one that fails or does not say gets them. */
  enabled(options: EnabledOptions): boolean {
    let enabled = true;
    guarded(WHAT, "enabled", () => {
      enabled = this.#processor.enabled?.(options) ?? true;
    });
    return enabled;
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
