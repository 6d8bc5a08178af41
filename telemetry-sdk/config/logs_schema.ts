import type { LogRecordExporter, LogRecordProcessor, SdkLogRecord } from "@opentelemetry/sdk-logs";
import type { CONSOLE_MODES, SEVERITIES } from "./names.ts";
import type { BatchConfig, LimitsConfig, OtlpConfig } from "./schema.ts";
import type { ExporterName } from "./traces_schema.ts";

/** How grave a log record is. */
export type Severity = typeof SEVERITIES[number];
/** What becomes of the program's own `console`. */
export type ConsoleMode = typeof CONSOLE_MODES[number];

/** One place that log records go to, with settings of its own. */
export interface LogDestination {
  /** What exports: a name, or an exporter. */
  readonly exporter: ExporterName | LogRecordExporter;
  /** OTLP settings of this destination, before the signal's. */
  readonly otlp?: OtlpConfig | undefined;
  /** How records are batched for it, before the signal's settings. */
  readonly batch?: BatchConfig | undefined;
  /** Which records it gets; all unless told. One that throws lets the record through. */
  readonly filter?: ((record: SdkLogRecord) => boolean) | undefined;
}

/** Settings of the logs signal. */
export interface LogsConfig {
  /**
   * Where log records go: names, exporters, or destinations with settings of their own. An empty list records
   * for the given processors only.
   */
  readonly exporters?: readonly (ExporterName | LogRecordExporter | LogDestination)[] | undefined;
  /** Settings of the OTLP exporter for logs, before the shared ones. */
  readonly otlp?: OtlpConfig | undefined;
  /** How records are batched for the exporters. */
  readonly batch?: BatchConfig | undefined;
  /** How much one record may hold, before the shared limits. */
  readonly limits?: LimitsConfig | undefined;
  /** Further processors, called before the batches. */
  readonly processors?: readonly LogRecordProcessor[] | undefined;
  /** Less grave records are dropped. */
  readonly minimumSeverity?: Severity | undefined;
  /** `capture`: `console` is printed and recorded; `replace`: recorded only; `ignore`: left alone. */
  readonly console?: ConsoleMode | undefined;
}
