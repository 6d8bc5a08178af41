import type { MeterProvider, TracerProvider } from "@opentelemetry/api";
import type { LoggerProvider } from "@opentelemetry/api-logs";
import type { Sampler } from "@opentelemetry/sdk-trace-base";
import type { BatchStats } from "./batch/batch_stats.ts";
import type { Severity } from "./config/logs_schema.ts";
import type { SamplerName } from "./config/traces_schema.ts";
import type { ExportCounts } from "./export/report.ts";

/** What became of the telemetry so far; a signal that is off has no entry. */
export interface TelemetryStats {
  /** Spans by fate, and the OTLP exports that carried them. */
  readonly traces?: BatchStats & { readonly exports: ExportCounts };
  /** The OTLP exports of metrics. */
  readonly metrics?: { readonly exports: ExportCounts };
  /** Log records by fate, and the OTLP exports that carried them. */
  readonly logs?: BatchStats & { readonly exports: ExportCounts };
}

/** Running telemetry, or, where {@linkcode Telemetry.active} is false, none. */
export interface Telemetry {
  /** Whether this SDK is registered with the OpenTelemetry API. */
  readonly active: boolean;
  /** The provider of tracers. */
  readonly tracerProvider: TracerProvider;
  /** The provider of meters. */
  readonly meterProvider: MeterProvider;
  /** The provider of loggers. */
  readonly loggerProvider: LoggerProvider;
  /**
   * Has another sampler decide about the spans that start from now on. Traces that have begun stay as they are
   * where the sampler follows its parents.
   *
   * @param sampler A sampler's name, or a sampler.
   * @param ratio The share that a ratio sampler keeps, from 0 to 1; 1 unless told.
   * @throws {TypeError} When it is no sampler; the current one then stays.
   */
  setSampler(sampler: SamplerName | Sampler, ratio?: number): void;
  /**
   * Drops log records that are less grave, from now on.
   *
   * @param severity The least severity that is recorded.
   */
  setSeverity(severity: Severity): void;
  /** Exports what has been recorded so far; failures are counted and reported, not thrown. */
  forceFlush(): Promise<void>;
  /** Exports what is left within the configured time, then unregisters; once. */
  shutdown(): Promise<void>;
  /** What became of the telemetry so far. */
  stats(): TelemetryStats;
}
