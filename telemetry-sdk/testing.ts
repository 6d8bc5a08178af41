/**
 * Telemetry in memory, for the tests of whatever makes telemetry.
 *
 * @module
 */

export type { WaitOptions } from "./testing/arrivals.ts";
export type { Query } from "./testing/found.ts";
export type { TestLog } from "./testing/log_recorder.ts";
export type { SpanTreeOptions } from "./testing/span_text.ts";
export { startTestTelemetry } from "./testing/start_test_telemetry.ts";
export { TestClock } from "./testing/test_clock.ts";
export type {
  TestHistogram,
  TestMetric,
  TestMetricKind,
  TestMetricPoint,
} from "./testing/test_metric.ts";
export type {
  SpanKindName,
  SpanStatusName,
  TestSpan,
  TestSpanEvent,
  TestSpanLink,
} from "./testing/test_span.ts";
export type { TestTelemetry, TestTelemetryOptions } from "./testing/test_telemetry.ts";
