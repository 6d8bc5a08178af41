import type { MeterProvider, TracerProvider } from "@opentelemetry/api";
import type { ExportCounts } from "./export/report.ts";
import type { BatchStats } from "./traces/batch_stats.ts";

/** What became of the telemetry so far; a signal that is off has no entry. */
export interface TelemetryStats {
  /** Spans by fate, and the OTLP exports that carried them. */
  readonly traces?: BatchStats & { readonly exports: ExportCounts };
  /** The OTLP exports of metrics. */
  readonly metrics?: { readonly exports: ExportCounts };
}

/** Running telemetry, or, where {@linkcode Telemetry.active} is false, none. */
export interface Telemetry {
  /** Whether this SDK is registered with the OpenTelemetry API. */
  readonly active: boolean;
  /** The provider of tracers. */
  readonly tracerProvider: TracerProvider;
  /** The provider of meters. */
  readonly meterProvider: MeterProvider;
  /** Exports what has been recorded so far; failures are counted and reported, not thrown. */
  forceFlush(): Promise<void>;
  /** Exports what is left within the configured time, then unregisters; once. */
  shutdown(): Promise<void>;
  /** What became of the telemetry so far. */
  stats(): TelemetryStats;
}
