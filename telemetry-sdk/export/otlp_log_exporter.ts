import { OTLPExporterBase } from "@opentelemetry/otlp-exporter-base";
import {
  type IExportLogsServiceResponse,
  JsonLogsSerializer,
  LogsExporterMetricsHelper,
  ProtobufLogsSerializer,
} from "@opentelemetry/otlp-transformer";
import type { LogRecordExporter, ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { ResolvedOtlp } from "../config/resolved.ts";
import { createOtlpParts, type OtlpParts, type OtlpSignal, readPartialSuccess } from "./otlp.ts";
import type { ExportReport } from "./report.ts";

const LOG_SIGNAL: OtlpSignal<ReadableLogRecord[], IExportLogsServiceResponse> = {
  protobuf: ProtobufLogsSerializer,
  json: JsonLogsSerializer,
  componentName: "log",
  metricsHelper: LogsExporterMetricsHelper,
  partialSuccess: ({ partialSuccess }) =>
    readPartialSuccess(partialSuccess?.rejectedLogRecords, partialSuccess?.errorMessage),
};

/** Sends log records to an OTLP/HTTP receiver with `fetch`, and tells its report how that goes. */
export class OtlpLogExporter extends OTLPExporterBase<ReadableLogRecord[]>
  implements LogRecordExporter {
  /** Ends the waiting between attempts: a process that ends must not wait for it. */
  readonly drain: () => void;
  /** Gives up the exports under way. */
  readonly abandon: () => void;
  /** Has the exporter tell about its exports from now on. */
  readonly observe: OtlpParts<unknown>["observe"];

  /**
   * @param config Where and how to send.
   * @param report Told how each export went.
   */
  constructor(config: ResolvedOtlp, report: ExportReport) {
    const { delegate, drain, abandon, observe } = createOtlpParts(LOG_SIGNAL, config, report);
    super(delegate);
    this.drain = drain;
    this.abandon = abandon;
    this.observe = observe;
  }
}
