import { isSpanContextValid, trace } from "@opentelemetry/api";
import { consoleSink, type LogFormat } from "./log_output.ts";

/** The levels, from the quietest matter to the gravest. */
export type LogLevel = "trace" | "debug" | "info" | "warn" | "error" | "fatal";

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
}

const GRAVITY: Readonly<Record<LogLevel, number>> = {
  trace: 1,
  debug: 5,
  info: 9,
  warn: 13,
  error: 17,
  fatal: 21,
};

/**
 * A logger of structured records. Inside a span every record carries its `traceId` and `spanId`,
 * so that a log line leads to its trace and back.
 */
export class Logger {
  /** Less grave records are dropped; may be changed while running. */
  level: LogLevel;
  readonly #name: string | undefined;
  readonly #fields: LogFields;
  readonly #sinks: readonly LogSink[];

  /** @param options Name, level, format, fields and sinks; every one may be left out. */
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
      fields: { ...this.#fields, ...fields },
      sinks: this.#sinks,
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
      fields: fields === undefined ? this.#fields : { ...this.#fields, ...fields },
    };
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
