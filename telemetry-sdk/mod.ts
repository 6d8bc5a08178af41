/**
 * Traces, metrics and logs for an application on Deno, built from the OpenTelemetry packages and configured in code,
 * by the standard's `OTEL_*` variables, or both.
 *
 * @module
 */

export { ConfigFileError } from "./config/file/config_file_error.ts";
export { defineTelemetry } from "./config/schema.ts";
export type {
  BatchConfig,
  DiagnosticLevel,
  LimitsConfig,
  OtlpConfig,
  OtlpProtocol,
  PropagatorName,
  RedactAttribute,
  ResourceDetector,
  ResourceDetectorName,
  TelemetryConfig,
} from "./config/schema.ts";
export type { ConsoleMode, LogDestination, LogsConfig, Severity } from "./config/logs_schema.ts";
export type {
  HistogramAggregation,
  MetricDestination,
  MetricExporterName,
  MetricIntervals,
  MetricPreferences,
  MetricsConfig,
  PrometheusConfig,
  TemporalityPreference,
} from "./config/metrics_schema.ts";
export type {
  ExporterName,
  SamplerName,
  SpanDestination,
  SpanLimitsConfig,
  TracesConfig,
} from "./config/traces_schema.ts";
export type { ExportCounts } from "./export/report.ts";
export type { ProcessLifecycle } from "./lifecycle/process_lifecycle.ts";
export { PrometheusReader } from "./metrics/prometheus.ts";
export type { PrometheusNaming, PrometheusType } from "./metrics/prometheus.ts";
export { metricView } from "./metrics/views.ts";
export type { MetricView, ViewAggregation } from "./metrics/views.ts";
export { startTelemetry } from "./start.ts";
export type { Telemetry, TelemetryStats } from "./telemetry.ts";
export type { BatchSizes } from "./batch/batch_sizes.ts";
export { BatchLogRecordProcessor } from "./logs/batch_log_record_processor.ts";
export { EchelonLoggerProvider, type EchelonLoggerProviderOptions } from "./logs/provider.ts";
export { BatchSpanProcessor } from "./traces/batch_span_processor.ts";
export type { BatchStats, DropReason } from "./batch/batch_stats.ts";
export { EchelonTracerProvider, type EchelonTracerProviderOptions } from "./traces/provider.ts";
export { forceSampler, type ForceTraceOptions, ForceTracePropagator } from "./sampling/force.ts";
export {
  FORCE_TRACE_HEADER,
  type ForceTraceSecret,
  signTraceHeader,
  type SignTraceHeaderOptions,
} from "./sampling/force_header.ts";
export { guardedSampler } from "./sampling/guarded.ts";
export { type KeepWhatMatters, keepWhatMatters } from "./sampling/keep_what_matters.ts";
export { adjustedCount } from "./sampling/ot_trace_state.ts";
export { parentSampler, type ParentSamplerOptions } from "./sampling/parent.ts";
export { probabilitySampler } from "./sampling/probability.ts";
export { rateLimitingSampler } from "./sampling/rate_limiting.ts";
export type { RemoteParent } from "./sampling/remote_trust.ts";
export {
  ruleSampler,
  type RuleSamplerOptions,
  type SamplingAction,
  type SamplingRule,
} from "./sampling/rules.ts";
export type { ParentPlace, SpanMatch, ValuePattern } from "./sampling/span_match.ts";
export { createSampler } from "./sampling/standard.ts";
export { SwitchableSampler } from "./sampling/switchable.ts";
export type { KeepWhatMattersOptions } from "./sampling/tail_options.ts";
export type { EarlyReason, KeepReason, TailStats } from "./sampling/tail_stats.ts";
export type { TextPattern } from "./sampling/text_pattern.ts";
export type { RateLimit } from "./sampling/token_bucket.ts";
export {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
} from "@opentelemetry/sdk-trace-base";
