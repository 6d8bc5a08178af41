import { type Context, context, diag } from "@opentelemetry/api";
import type { Logger, LogRecord, SeverityNumber } from "@opentelemetry/api-logs";
import { isTracingSuppressed } from "@opentelemetry/core";
import { cleanLogRecord, type RecordLimits } from "./clean_record.ts";

/** What the loggers of one provider share. */
export interface LoggerState {
  readonly limits: RecordLimits;
  /** Less grave records are dropped; changed while running. */
  minimumSeverity: SeverityNumber;
  /** Whether the provider was shut down. */
  closed: boolean;
  /** Whether a record is on its way through the processors at this moment. */
  emitting: boolean;
  /** Records that were submitted, but for those that nobody wants. */
  created: number;
  /** Records of which nothing could be made. */
  invalid: number;
  /** Records that came after the shutdown. */
  late: number;
}

/** A logger that nothing an application logs can make throw. */
export class EchelonLogger implements Logger {
  readonly #logger: Logger;
  readonly #state: LoggerState;

  /**
   * @param logger The SDK's own, which makes the record and hands it to the processors.
   * @param state What the loggers of the provider share.
   */
  constructor(logger: Logger, state: LoggerState) {
    this.#logger = logger;
    this.#state = state;
  }

  /** Logs a record in the context that it names, or in the active one; never throws. */
  emit(record: LogRecord): void {
    const state = this.#state;
    try {
      const active = record.context ?? context.active();
      if (this.#isUnwanted(active, record.severityNumber)) return;
      state.created++;
      if (state.closed) {
        state.late++;
      } else if (state.emitting) {
        // A processor that logs would be called for that record too, and never come to an end.
        state.invalid++;
        diag.warn("A log record was dropped: it was emitted by a log record processor");
      } else {
        state.emitting = true;
        try {
          this.#logger.emit(cleanLogRecord({ ...record, context: active }, state.limits));
        } finally {
          state.emitting = false;
        }
      }
    } catch (error) {
      state.invalid++;
      diag.warn("A log record was dropped: it cannot be read", error);
    }
  }

  /** Whether a record of this kind would be recorded; never throws. */
  enabled(options: Parameters<Logger["enabled"]>[0] = {}): boolean {
    try {
      const active = options.context ?? context.active();
      if (this.#state.closed || this.#isUnwanted(active, options.severityNumber)) return false;
      return this.#logger.enabled(options);
    } catch {
      return false;
    }
  }

  /** Nothing that an exporter does is logged, or each export would be the cause of the next. */
  #isUnwanted(active: Context, severity: SeverityNumber | undefined): boolean {
    // A record that does not say how grave it is passes (specification of the logs SDK).
    return (severity !== undefined && severity > 0 && severity < this.#state.minimumSeverity) ||
      isTracingSuppressed(active);
  }
}
