import { type ExportResult, ExportResultCode } from "@opentelemetry/core";
import {
  type CompressionAlgorithm,
  type IOtlpExportDelegate,
  OTLPExporterBase,
} from "@opentelemetry/otlp-exporter-base";
import type { LogRecordExporter, ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { ResolvedOtlp } from "../config/resolved.ts";
import type { ExportReport } from "./report.ts";
import { ReportingDelegate } from "./reporting_delegate.ts";

/** Stands in for the stock exporter until its module is loaded. */
class DeferredLogDelegate implements IOtlpExportDelegate<ReadableLogRecord[]> {
  readonly #exporter: Promise<LogRecordExporter>;

  constructor(exporter: Promise<LogRecordExporter>) {
    // Handled at once: the failure is told when something is to be exported.
    exporter.catch(() => {});
    this.#exporter = exporter;
  }

  export(records: ReadableLogRecord[], resultCallback: (result: ExportResult) => void): void {
    this.#exporter.then((exporter) => exporter.export(records, resultCallback)).catch(
      (error: Error) => resultCallback({ code: ExportResultCode.FAILED, error }),
    );
  }

  async forceFlush(): Promise<void> {
    await (await this.#exporter).forceFlush?.();
  }

  async shutdown(): Promise<void> {
    await (await this.#exporter).shutdown();
  }

  /** The stock exporter sets up its own. */
  setMetrics(): void {}
}

/** The stock log exporter, with the transport on `node:http`, loaded on first need. */
export function nodeLogExporter(config: ResolvedOtlp, report: ExportReport): LogRecordExporter {
  const stock = config.protocol === "http/json"
    ? import("@opentelemetry/exporter-logs-otlp-http")
    : import("@opentelemetry/exporter-logs-otlp-proto");
  const { certificate, clientKey, clientCertificate } = config;
  const exporter = stock.then(({ OTLPLogExporter }) =>
    new OTLPLogExporter({
      url: config.endpoint,
      headers: { ...config.headers },
      timeoutMillis: config.timeoutMillis,
      // An enum of strings whose members are exactly these two words.
      compression: config.compression as CompressionAlgorithm,
      httpAgentOptions: {
        ...(certificate !== undefined && { ca: certificate }),
        ...(clientKey !== undefined && { key: clientKey }),
        ...(clientCertificate !== undefined && { cert: clientCertificate }),
      },
    })
  );
  const delegate = new ReportingDelegate<ReadableLogRecord[]>(
    new DeferredLogDelegate(exporter),
    report,
    (records) => records.length,
  );
  return new OTLPExporterBase(delegate);
}
