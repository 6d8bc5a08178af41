/**
 * What the viewer's JSON API speaks: types only, shared by the server and the page.
 *
 * - A time is milliseconds since the epoch with a fraction; a duration is milliseconds.
 * - Identifiers are lower-case hexadecimal: 32 digits for a trace, 16 for a span.
 * - A property that is not known is left out.
 * - Texts come from whoever sent them: show them as text and as nothing else.
 */

export type {
  Attribute,
  AttributeValue,
  Resource,
  Scope,
  WrappedValue,
} from "./model/attributes.ts";
export type { ImportResult } from "./model/import_result.ts";
export type { LiveEventName, LiveEvents } from "./model/live.ts";
export type { LogEntry, LogPage } from "./model/logs.ts";
export type {
  Exemplar,
  HistogramMetric,
  HistogramPoint,
  HistogramSeries,
  MetricData,
  MetricInstrument,
  MetricKind,
  MetricList,
  NumberMetric,
  NumberPoint,
  NumberSeries,
  SummaryMetric,
  SummaryPoint,
  SummarySeries,
} from "./model/metrics.ts";
export type { Pipeline, PipelineDrop, Pipelines, PipelineSignal } from "./model/pipeline.ts";
export type { ServiceEdge, ServiceMap, ServiceNode } from "./model/service_map.ts";
export type { ApiError, Signal } from "./model/signal.ts";
export type {
  FileStorage,
  LogStorage,
  MetricStorage,
  RequestCounts,
  StorageState,
  TraceStorage,
} from "./model/storage.ts";
export type {
  BackLink,
  Facet,
  Facets,
  Span,
  SpanEvent,
  SpanKind,
  SpanLink,
  SpanPage,
  SpanProblem,
  SpanStatus,
  TraceDetail,
  TracePage,
  TraceSummary,
} from "./model/traces.ts";
