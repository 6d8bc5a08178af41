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
import type { ResourceMetrics } from "@opentelemetry/sdk-metrics";
import type { ResolvedOtlp, TemporalityPreference } from "../config/schema.ts";
import { createOtlpParts, type OtlpSignal, readPartialSuccess } from "./otlp.ts";
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
export const TEMPORALITY: Readonly<
  Record<TemporalityPreference, AggregationTemporalityPreference>
> = {
  cumulative: AggregationTemporalityPreference.CUMULATIVE,
  delta: AggregationTemporalityPreference.DELTA,
  lowmemory: AggregationTemporalityPreference.LOWMEMORY,
};

/** Sends metrics to an OTLP/HTTP receiver with `fetch`, and tells its report how that goes. */
export class OtlpMetricExporter extends OTLPMetricExporterBase {
  /** Ends the waiting between attempts: a process that ends must not wait for it. */
  readonly drain: () => void;
  /** Gives up the exports under way. */
  readonly abandon: () => void;

  constructor(
    config: ResolvedOtlp & { readonly temporality: TemporalityPreference },
    report: ExportReport,
  ) {
    const { delegate, drain, abandon } = createOtlpParts(METRIC_SIGNAL, config, report);
    super(delegate, { temporalityPreference: TEMPORALITY[config.temporality] });
    this.drain = drain;
    this.abandon = abandon;
  }
}
