/**
 * The one place of the framework that talks to the OpenTelemetry API: spans, context, metrics and
 * the logger. It works with whichever SDK is registered, and costs next to nothing with none.
 *
 * @module
 */
export {
  context,
  getActiveSpan,
  isOTELEnabled,
  metrics,
  recordSpanException,
  setRouteAttribute,
  setSpanAttributes,
  SpanKind,
  trace,
  withSpan,
} from "./otel.ts";
export type { Attributes, Context, Link, Span, SpanContext, SpanOptions } from "./otel.ts";
export {
  bindListener,
  bindMessageHandler,
  bindSocketListener,
  bindToRoot,
  runFromRoot,
} from "./context_binding.ts";
export { bindIterable, bindStream } from "./context_binding_streams.ts";
export { createTracedFetch } from "./http_client.ts";
export type { Fetch, TracedFetchOptions } from "./http_client.ts";
export { tracedFetch, traceFetch } from "./http_client_global.ts";
export type { IgnoredRequests } from "./http_client_ignore.ts";
export {
  deleteRequestContext,
  extractFromCarrier,
  extractFromHeaders,
  getRequestContext,
  injectIntoCarrier,
  injectIntoHeaders,
  linkFromCarrier,
  setRequestContext,
  withSpan as withActiveSpan,
} from "./otel_context.ts";
export type { TraceCarrier } from "./otel_context.ts";
export { isMeasured } from "./active_meter.ts";
export type {
  Counter,
  Gauge,
  Histogram,
  HistogramOptions,
  InstrumentOptions,
  Metrics,
  Observe,
  Observer,
  UpDownCounter,
} from "./metrics.ts";
export { metricsHandler } from "./metrics_endpoint.ts";
export type { MetricsHandler } from "./metrics_endpoint.ts";
export { observeCacheSize, observeOpenRequests, observeQueueDepth } from "./metrics_gauges.ts";
export type { CountNow } from "./metrics_gauges.ts";
export { MetricsRegistry } from "./metrics_registry.ts";
export type { MetricsRegistryOptions, ObservedKind } from "./metrics_registry.ts";
export type { InstrumentMeter } from "./metrics_registry_meter.ts";
export type { MetricProblemSink } from "./metric_input.ts";
export { OTelMetrics } from "./otel_metrics.ts";
export { activeMetrics, createMetrics } from "./otel_metrics_factory.ts";
export type { PrometheusNaming, PrometheusSource } from "./prometheus_source.ts";
export type { FamilySubject, FamilyType, Labels } from "./prometheus_names.ts";
export type {
  ExpositionFormat,
  HistogramSeries,
  MetricFamily,
  ValueSeries,
} from "./prometheus_text.ts";
export { redactQuery, redactText, redactUrl } from "./redact.ts";
export type { SecretKey } from "./redact.ts";
export type { RedactionOptions } from "./redaction.ts";
export { RegistryMetrics } from "./registry_metrics.ts";
export { observeRuntime } from "./runtime_metrics.ts";
export type {
  AuthAttemptRecord,
  DbOperationRecord,
  HttpClientRequestRecord,
  HttpRequestRecord,
  JobRecord,
  JobSendRecord,
} from "./metric_records.ts";
export { createLogger, Logger } from "./logger.ts";
export type { LogFields, LoggerOptions, LogLevel, LogRecord, LogSink } from "./logger.ts";
