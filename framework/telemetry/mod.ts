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
export { OTelMetrics } from "./otel_metrics.ts";
export type {
  AuthAttemptRecord,
  DbOperationRecord,
  HttpRequestRecord,
  JobRecord,
  JobSendRecord,
} from "./metric_records.ts";
export { createLogger, Logger } from "./logger.ts";
export type { LogFields, LoggerOptions, LogLevel, LogRecord, LogSink } from "./logger.ts";
