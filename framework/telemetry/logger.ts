import { isSpanContextValid, trace } from "@opentelemetry/api";
import { GRAVITY, type LogLevel } from "./log_level.ts";
import { emitToOTel, withoutRecording } from "./log_otel.ts";
import { consoleSink, type LogFormat } from "./log_output.ts";

export type { LogLevel };

/** Structured data beside the message. Errors, dates, big integers and cycles are all fine. */
export type LogFields = Readonly<Record<string, unknown>>;

/** One thing that was logged. */
export interface LogRecord {
  /** When it was logged. */
  readonly time: Date;
  /** How grave it is. */
  readonly level: LogLevel;
  /** What happened, in words that stay the same each time. */
  readonly message: string;
  /** The logger's name, where it has one. */
  readonly logger?: string;
  /** The trace it was logged in: 32 hexadecimal digits. */
  readonly traceId?: string;
  /** The span it was logged in: 16 hexadecimal digits. */
  readonly spanId?: string;
  /** The data of this call, over that of the logger and its parents. */
  readonly fields: LogFields;
}

/** Where records go. A sink that throws is left out of the application's way. */
export type LogSink = (record: LogRecord) => void;

/** How a logger is set up. */
export interface LoggerOptions {
  /** Tells loggers apart; a child's name is its own. */
  readonly name?: string;
  /** What is less grave than this is not logged: `info` unless told. */
  readonly level?: LogLevel;
  /** `pretty` for a person, `json` for a machine; by whether output is a terminal unless told. */
  readonly format?: LogFormat;
  /** Fields on every record. */
  readonly fields?: LogFields;
  /** Where records go; standard output unless told. */
  readonly sinks?: readonly LogSink[];
  /**
   * Whether records go to the OpenTelemetry SDK that is registered as well, with what is in the fields as
   * attributes and an `error` as the exception: `true` unless told.
   */
  readonly otel?: boolean;
}

/**
 * A logger of structured records. Inside a span every record carries its `traceId` and `spanId`,
 * so that a log line leads to its trace and back. Where an OpenTelemetry SDK is registered, records
 * go there too.
 */
export class Logger {
  /** Less grave records are dropped; may be changed while running. */
  level: LogLevel;
  readonly #name: string | undefined;
  readonly #fields: LogFields;
  readonly #sinks: readonly LogSink[];
  readonly #otel: boolean;

  /**
   * @param options Name, level, format, fields and sinks; every one may be left out.
   * @throws {TypeError} When there is no such level.
   */
  constructor(options: LoggerOptions = {}) {
    const { level = "info" } = options;
    if (!Object.hasOwn(GRAVITY, level)) {
      throw new TypeError(
        `Cannot log at level "${level}": expected one of ${Object.keys(GRAVITY).join(", ")}`,
      );
    }
    this.level = level;
    this.#name = options.name;
    this.#fields = options.fields ?? {};
    this.#sinks = options.sinks ?? [consoleSink(options.format)];
    this.#otel = options.otel ?? true;
  }

  /** Whether a record of this level would be logged: asks before an expensive field is made. */
  enabled(level: LogLevel): boolean {
    return GRAVITY[level] >= GRAVITY[this.level];
  }

  /**
   * A logger that adds its own fields to this one's, and writes to the same place.
   *
   * @param fields What every record of the child carries.
   * @param options A name or level of its own.
   */
  child(
    fields: LogFields,
    options: Pick<LoggerOptions, "name" | "level"> = {},
  ): Logger {
    const name = options.name ?? this.#name;
    return new Logger({
      level: options.level ?? this.level,
      fields: merged(this.#fields, fields),
      sinks: this.#sinks,
      otel: this.#otel,
      ...(name === undefined ? {} : { name }),
    });
  }

  /** Logs at a level that is known only when running. */
  log(level: LogLevel, message: string, fields?: LogFields): void {
    if (!this.enabled(level)) return;
    const active = trace.getActiveSpan()?.spanContext();
    const span = active !== undefined && isSpanContextValid(active) ? active : undefined;
    const record: LogRecord = {
      time: new Date(),
      level,
      message,
      ...(this.#name === undefined ? {} : { logger: this.#name }),
      ...(span === undefined ? {} : { traceId: span.traceId, spanId: span.spanId }),
      fields: fields === undefined ? this.#fields : merged(this.#fields, fields),
    };
    if (this.#isRecorded(record)) withoutRecording(() => this.#write(record));
    else this.#write(record);
  }

  #isRecorded(record: LogRecord): boolean {
    if (!this.#otel) return false;
    try {
      return emitToOTel(record);
    } catch {
      // The line is written all the same.
      return false;
    }
  }

  #write(record: LogRecord): void {
    for (const sink of this.#sinks) {
      try {
        sink(record);
      } catch {
        // A log line that cannot be written is no reason for a request to fail.
      }
    }
  }

  /** Logs a step of a computation. */
  trace(message: string, fields?: LogFields): void {
    this.log("trace", message, fields);
  }

  /** Logs what helps to find a fault. */
  debug(message: string, fields?: LogFields): void {
    this.log("debug", message, fields);
  }

  /** Logs what happened in the normal course of things. */
  info(message: string, fields?: LogFields): void {
    this.log("info", message, fields);
  }

  /** Logs what went wrong and was handled. */
  warn(message: string, fields?: LogFields): void {
    this.log("warn", message, fields);
  }

  /** Logs what failed; the error goes into `fields` as it is. */
  error(message: string, fields?: LogFields): void {
    this.log("error", message, fields);
  }

  /** Logs what ends the process. */
  fatal(message: string, fields?: LogFields): void {
    this.log("fatal", message, fields);
  }
}

/** A getter among the fields may throw; the message is logged all the same. */
function merged(own: LogFields, given: LogFields): LogFields {
  try {
    return { ...own, ...given };
  } catch (error) {
    return { ...own, fields: `[threw ${error instanceof Error ? error.message : typeof error}]` };
  }
}

/**
 * Makes a logger.
 *
 * @example
 * ```ts
 * import { createLogger } from "@echelon/framework/telemetry";
 *
 * const log = createLogger({ name: "shop", level: "debug" });
 * log.info("order placed", { order: "o-1", total: 12.5 });
 * log.child({ customer: "c-7" }).error("payment failed", { error: new Error("card declined") });
 * ```
 */
export function createLogger(options: LoggerOptions = {}): Logger {
  return new Logger(options);
}
