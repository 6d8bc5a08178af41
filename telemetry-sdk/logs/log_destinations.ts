import { diag } from "@opentelemetry/api";
import type { LogRecordProcessor, SdkLogRecord } from "@opentelemetry/sdk-logs";
import type { RedactAttribute } from "../config/schema.ts";
import { redactLogRecord } from "./redact_log_record.ts";

/** One place that log records go to. */
export interface LogRecordSink {
  /** What gathers and exports them. */
  readonly processor: LogRecordProcessor;
  /** Which records it gets. */
  readonly filter?: ((record: SdkLogRecord) => boolean) | undefined;
}

/** Hands each record to the destinations that want it. */
export class LogDestinations implements LogRecordProcessor {
  readonly #sinks: readonly LogRecordSink[];
  readonly #redact: RedactAttribute | undefined;

  /**
   * @param sinks The destinations.
   * @param redact What every attribute passes on its way out.
   */
  constructor(sinks: readonly LogRecordSink[], redact?: RedactAttribute) {
    this.#sinks = sinks;
    this.#redact = redact;
  }

  /** Hands a record on. */
  onEmit(record: SdkLogRecord): void {
    const shown = this.#redact === undefined ? record : redactLogRecord(record, this.#redact);
    for (const { processor, filter } of this.#sinks) {
      if (isWanted(shown, filter)) processor.onEmit(shown);
    }
  }

  /** Flushes every destination. */
  async forceFlush(): Promise<void> {
    await Promise.all(this.#sinks.map(({ processor }) => processor.forceFlush()));
  }

  /** Shuts every destination down. */
  async shutdown(): Promise<void> {
    await Promise.all(this.#sinks.map(({ processor }) => processor.shutdown()));
  }
}

/** Better a record too many than one that is lost to a mistake in a filter. */
function isWanted(record: SdkLogRecord, filter: LogRecordSink["filter"]): boolean {
  try {
    return filter === undefined || filter(record);
  } catch (error) {
    diag.error("The filter of a log destination failed", error);
    return true;
  }
}
