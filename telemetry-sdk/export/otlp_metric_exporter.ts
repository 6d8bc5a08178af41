import {
  AggregationTemporalityPreference,
  OTLPMetricExporterBase,
} from "@opentelemetry/exporter-metrics-otlp-http";
import {
  type IExportMetricsServiceResponse,
  JsonMetricsSerializer,
  MetricsExporterMetricsHelper,
  ProtobufMetricsSerializer,
} from "@opentelemetry/otlp-transformer";
import {
  type AggregationSelector,
  AggregationType,
  InstrumentType,
  type ResourceMetrics,
} from "@opentelemetry/sdk-metrics";
import type { MetricPreferences, TemporalityPreference } from "../config/metrics_schema.ts";
import type { Complete, ResolvedOtlp } from "../config/resolved.ts";
import { createOtlpParts, type OtlpParts, type OtlpSignal, readPartialSuccess } from "./otlp.ts";
import type { ExportReport } from "./report.ts";

const METRIC_SIGNAL: OtlpSignal<ResourceMetrics, IExportMetricsServiceResponse> = {
  protobuf: ProtobufMetricsSerializer,
  json: JsonMetricsSerializer,
  componentName: "metric",
  metricsHelper: MetricsExporterMetricsHelper,
  partialSuccess: ({ partialSuccess }) =>
    readPartialSuccess(partialSuccess?.rejectedDataPoints, partialSuccess?.errorMessage),
};

/** The stock exporters' name for each preference. */
const TEMPORALITY: Readonly<
  Record<TemporalityPreference, AggregationTemporalityPreference>
> = {
  cumulative: AggregationTemporalityPreference.CUMULATIVE,
  delta: AggregationTemporalityPreference.DELTA,
  lowmemory: AggregationTemporalityPreference.LOWMEMORY,
};

/** Settings of an exporter of metrics. */
export type OtlpMetricSettings = ResolvedOtlp & Complete<MetricPreferences>;

/** The preferences as the stock exporters take them. */
export function stockPreferences({ temporality, histogramAggregation }: OtlpMetricSettings) {
  const exponential = histogramAggregation === "base2_exponential_bucket_histogram";
  const aggregationPreference: AggregationSelector = (instrument) =>
    exponential && instrument === InstrumentType.HISTOGRAM
      ? { type: AggregationType.EXPONENTIAL_HISTOGRAM }
      : { type: AggregationType.DEFAULT };
  return { temporalityPreference: TEMPORALITY[temporality], aggregationPreference };
}

/** Sends metrics to an OTLP/HTTP receiver with `fetch`, and tells its report how that goes. */
export class OtlpMetricExporter extends OTLPMetricExporterBase {
  /** Ends the waiting between attempts: a process that ends must not wait for it. */
  readonly drain: () => void;
  /** Gives up the exports under way. */
  readonly abandon: () => void;
  /** Has the exporter tell about its exports from now on. */
  readonly observe: OtlpParts<unknown>["observe"];

  constructor(config: OtlpMetricSettings, report: ExportReport) {
    const { delegate, drain, abandon, observe } = createOtlpParts(METRIC_SIGNAL, config, report);
    super(delegate, stockPreferences(config));
    this.drain = drain;
    this.abandon = abandon;
    this.observe = observe;
  }
}
