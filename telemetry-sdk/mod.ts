/**
 * Traces and metrics for an application on Deno, built from the OpenTelemetry packages and configured in code,
 * by the standard's `OTEL_*` variables, or both.
 *
 * @module
 */

export type {
  BatchConfig,
  DiagnosticLevel,
  ExporterName,
  MetricsConfig,
  OtlpConfig,
  OtlpProtocol,
  PropagatorName,
  SamplerName,
  TelemetryConfig,
  TemporalityPreference,
  TracesConfig,
} from "./config/schema.ts";
export type { ExportCounts } from "./export/report.ts";
export type { ProcessLifecycle } from "./lifecycle/process_lifecycle.ts";
export { PrometheusReader } from "./metrics/prometheus.ts";
export type { PrometheusNaming, PrometheusType } from "./metrics/prometheus.ts";
export { metricView } from "./metrics/views.ts";
export type { MetricView, ViewAggregation } from "./metrics/views.ts";
export { startTelemetry } from "./start.ts";
export type { Telemetry, TelemetryStats } from "./telemetry.ts";
export { BatchSpanProcessor } from "./traces/batch_span_processor.ts";
export type { BatchStats, DropReason } from "./traces/batch_stats.ts";
export { EchelonTracerProvider, type EchelonTracerProviderOptions } from "./traces/provider.ts";
export { createSampler } from "./traces/sampler.ts";
export {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
} from "@opentelemetry/sdk-trace-base";
