import { diag } from "@opentelemetry/api";
import {
  createNoopLogger,
  type Logger,
  type LoggerOptions,
  type LoggerProvider,
} from "@opentelemetry/api-logs";
import type { Resource } from "@opentelemetry/resources";
import {
  LoggerProvider as SdkLoggerProvider,
  type LogRecordProcessor,
} from "@opentelemetry/sdk-logs";
import { cleanText } from "../batch/clean_scalar.ts";
import type { Severity } from "../config/logs_schema.ts";
import { cleanAttributes, type RecordLimits } from "./clean_record.ts";
import { EchelonLogger, type LoggerState } from "./echelon_logger.ts";
import { SEVERITY_NUMBERS } from "./severity.ts";

/** Everything a logger provider is made of; nothing is left to the environment. */
export interface EchelonLoggerProviderOptions {
  readonly resource: Resource;
  readonly processors: readonly LogRecordProcessor[];
  readonly limits: RecordLimits;
  /** Less grave records are dropped; `trace` unless told. */
  readonly minimumSeverity?: Severity | undefined;
}

/** The logger provider of this SDK: the stock one, behind loggers that nothing can make throw. */
export class EchelonLoggerProvider implements LoggerProvider {
  readonly #sdk: SdkLoggerProvider;
  readonly #processors: readonly LogRecordProcessor[];
  readonly #state: LoggerState;
  readonly #loggers = new WeakMap<Logger, EchelonLogger>();
  #severity: Severity;
  #shutdown: Promise<void> | undefined;

  /** @param options All that the provider needs. */
  constructor(options: EchelonLoggerProviderOptions) {
    const { resource, processors, limits, minimumSeverity = "trace" } = options;
    this.#processors = processors;
    this.#sdk = new SdkLoggerProvider({
      resource,
      processors: [...processors],
      logRecordLimits: { ...limits },
    });
    this.#severity = minimumSeverity;
    this.#state = {
      limits,
      minimumSeverity: SEVERITY_NUMBERS[minimumSeverity],
      closed: false,
      emitting: false,
      created: 0,
      invalid: 0,
      late: 0,
    };
  }

  /** Less grave records are dropped; may be changed while running. */
  get minimumSeverity(): Severity {
    return this.#severity;
  }

  set minimumSeverity(severity: Severity) {
    this.#severity = severity;
    this.#state.minimumSeverity = SEVERITY_NUMBERS[severity];
  }

  /** Records that were submitted so far. */
  get created(): number {
    return this.#state.created;
  }

  /** Records that were lost before they reached a processor. */
  get lost(): { readonly invalid: number; readonly shutdown: number } {
    return { invalid: this.#state.invalid, shutdown: this.#state.late };
  }

  /** A logger for one part of a program; the same one for the same name, version and options. */
  getLogger(name: string, version?: string, options: LoggerOptions = {}): Logger {
    const sdk = this.#sdkLogger(name, version, options);
    let logger = this.#loggers.get(sdk);
    if (logger === undefined) {
      logger = new EchelonLogger(sdk, this.#state);
      this.#loggers.set(sdk, logger);
    }
    return logger;
  }

  /** Exports what was recorded so far; never rejects. */
  async forceFlush(): Promise<void> {
    // Not by the stock provider: it sets a timer of 30 seconds for each processor.
    await Promise.allSettled(this.#processors.map((processor) => processor.forceFlush()));
  }

  /** Exports what is left, takes no more records and shuts the processors down; once, and never rejects. */
  shutdown(): Promise<void> {
    this.#shutdown ??= this.#close();
    return this.#shutdown;
  }

  async #close(): Promise<void> {
    // What is logged while this flush runs goes out with the one of the processors' own shutdown.
    await this.forceFlush();
    this.#state.closed = true;
    await Promise.allSettled([this.#sdk.shutdown()]);
  }

  #sdkLogger(name: string, version: string | undefined, options: LoggerOptions): Logger {
    try {
      const { schemaUrl, attributes } = options;
      return this.#sdk.getLogger(
        cleanText(name ?? ""),
        version === undefined ? undefined : cleanText(version),
        {
          ...(schemaUrl !== undefined && { schemaUrl: cleanText(schemaUrl) }),
          ...(attributes !== undefined &&
            { attributes: cleanAttributes(attributes, this.#state.limits) }),
        },
      );
    } catch (error) {
      const shown = typeof name === "string" ? `"${name}"` : `a ${typeof name}`;
      diag.warn(`Cannot make a logger of ${shown}: expected a name, a version and options`, error);
      return createNoopLogger();
    }
  }
}
