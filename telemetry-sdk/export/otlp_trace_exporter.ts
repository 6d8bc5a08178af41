import { OTLPExporterBase } from "@opentelemetry/otlp-exporter-base";
import {
  type IExportTraceServiceResponse,
  JsonTraceSerializer,
  ProtobufTraceSerializer,
  TraceExporterMetricsHelper,
} from "@opentelemetry/otlp-transformer";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace-base";
import type { ResolvedOtlp } from "../config/resolved.ts";
import { createOtlpParts, type OtlpParts, type OtlpSignal, readPartialSuccess } from "./otlp.ts";
import type { ExportReport } from "./report.ts";

const TRACE_SIGNAL: OtlpSignal<ReadableSpan[], IExportTraceServiceResponse> = {
  protobuf: ProtobufTraceSerializer,
  json: JsonTraceSerializer,
  componentName: "span",
  metricsHelper: TraceExporterMetricsHelper,
  partialSuccess: ({ partialSuccess }) =>
    readPartialSuccess(partialSuccess?.rejectedSpans, partialSuccess?.errorMessage),
};

/** Sends spans to an OTLP/HTTP receiver with `fetch`, and tells its report how that goes. */
export class OtlpTraceExporter extends OTLPExporterBase<ReadableSpan[]> implements SpanExporter {
  /** Ends the waiting between attempts: a process that ends must not wait for it. */
  readonly drain: () => void;
  /** Gives up the exports under way. */
  readonly abandon: () => void;
  /** Has the exporter tell about its exports from now on. */
  readonly observe: OtlpParts<unknown>["observe"];

  constructor(config: ResolvedOtlp, report: ExportReport) {
    const { delegate, drain, abandon, observe } = createOtlpParts(TRACE_SIGNAL, config, report);
    super(delegate);
    this.drain = drain;
    this.abandon = abandon;
    this.observe = observe;
  }
}
