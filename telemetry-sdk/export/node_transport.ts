import { type ExportResult, ExportResultCode } from "@opentelemetry/core";
import { OTLPMetricExporterBase } from "@opentelemetry/exporter-metrics-otlp-http";
import type { CompressionAlgorithm, IOtlpExportDelegate } from "@opentelemetry/otlp-exporter-base";
import { OTLPExporterBase } from "@opentelemetry/otlp-exporter-base";
import type { LogRecordExporter, ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { PushMetricExporter, ResourceMetrics } from "@opentelemetry/sdk-metrics";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace-base";
import type { ResolvedOtlp } from "../config/resolved.ts";
import { type OtlpMetricSettings, stockPreferences } from "./otlp_metric_exporter.ts";
import type { ExportReport } from "./report.ts";
import { ReportingDelegate } from "./reporting_delegate.ts";

/** What the stock exporters of all signals have in common. */
interface StockExporter<Items> {
  export(items: Items, resultCallback: (result: ExportResult) => void): void;
  forceFlush?(): Promise<void>;
  shutdown(): Promise<void>;
}

/**
 * Stands in for a stock exporter until its module is loaded, so that only who asks for the `node` transport
 * pays for it. A stock exporter that cannot be made (its constructor reads variables that the process may not
 * be allowed to read) fails each export with that reason.
 */
class DeferredDelegate<Items> implements IOtlpExportDelegate<Items> {
  readonly #exporter: Promise<StockExporter<Items>>;

  constructor(exporter: Promise<StockExporter<Items>>) {
    // Handled at once: the failure is told when something is to be exported.
    exporter.catch(() => {});
    this.#exporter = exporter;
  }

  export(items: Items, resultCallback: (result: ExportResult) => void): void {
    this.#exporter.then((exporter) => exporter.export(items, resultCallback)).catch(
      (error: Error) => {
        resultCallback({ code: ExportResultCode.FAILED, error });
      },
    );
  }

  async forceFlush(): Promise<void> {
    await (await this.#exporter).forceFlush?.();
  }

  async shutdown(): Promise<void> {
    await (await this.#exporter).shutdown();
  }

  /** The stock exporters set up their own. */
  setMetrics(): void {}
}

/** The stock trace exporter, with the transport on `node:http`, loaded on first need. */
export function nodeTraceExporter(config: ResolvedOtlp, report: ExportReport): SpanExporter {
  const stock = config.protocol === "http/json"
    ? import("@opentelemetry/exporter-trace-otlp-http")
    : import("@opentelemetry/exporter-trace-otlp-proto");
  const exporter = stock.then(({ OTLPTraceExporter }) =>
    new OTLPTraceExporter(stockOptions(config))
  );
  const delegate = new ReportingDelegate<ReadableSpan[]>(
    new DeferredDelegate(exporter),
    report,
    { count: (spans) => spans.length },
  );
  return new OTLPExporterBase(delegate);
}

/** The stock metric exporter, with the transport on `node:http`, loaded on first need. */
export function nodeMetricExporter(
  config: OtlpMetricSettings,
  report: ExportReport,
): PushMetricExporter {
  const stock = config.protocol === "http/json"
    ? import("@opentelemetry/exporter-metrics-otlp-http")
    : import("@opentelemetry/exporter-metrics-otlp-proto");
  const preferences = stockPreferences(config);
  const exporter = stock.then(({ OTLPMetricExporter }) =>
    new OTLPMetricExporter({ ...stockOptions(config), ...preferences })
  );
  const delegate = new ReportingDelegate<ResourceMetrics>(
    new DeferredDelegate(exporter),
    report,
    { count: () => 0 },
  );
  return new OTLPMetricExporterBase(delegate, preferences);
}

/** The stock log exporter, with the transport on `node:http`, loaded on first need. */
export function nodeLogExporter(config: ResolvedOtlp, report: ExportReport): LogRecordExporter {
  const stock = config.protocol === "http/json"
    ? import("@opentelemetry/exporter-logs-otlp-http")
    : import("@opentelemetry/exporter-logs-otlp-proto");
  const exporter = stock.then(({ OTLPLogExporter }) => new OTLPLogExporter(stockOptions(config)));
  const delegate = new ReportingDelegate<ReadableLogRecord[]>(
    new DeferredDelegate(exporter),
    report,
    { count: (records) => records.length },
  );
  return new OTLPExporterBase(delegate);
}

function stockOptions(config: ResolvedOtlp) {
  const { certificate, clientKey, clientCertificate } = config;
  return {
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
  };
}
