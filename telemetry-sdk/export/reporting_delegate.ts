import { type ExportResult, ExportResultCode } from "@opentelemetry/core";
import type { IOtlpExportDelegate } from "@opentelemetry/otlp-exporter-base";
import type { ExportReport } from "./report.ts";

/** Passes exports on and tells a report how each of them went. */
export class ReportingDelegate<Items> implements IOtlpExportDelegate<Items> {
  readonly #inner: IOtlpExportDelegate<Items>;
  readonly #report: ExportReport;
  readonly #count: (items: Items) => number;
  #silent = false;

  /**
   * @param inner What exports.
   * @param report What is told.
   * @param count How many items an export holds.
   */
  constructor(
    inner: IOtlpExportDelegate<Items>,
    report: ExportReport,
    count: (items: Items) => number,
  ) {
    this.#inner = inner;
    this.#report = report;
    this.#count = count;
  }

  /** Stops telling: what ends after a deadline is accounted for by whoever set it. */
  silence(): void {
    this.#silent = true;
  }

  export(items: Items, resultCallback: (result: ExportResult) => void): void {
    this.#inner.export(items, (result) => {
      if (!this.#silent) this.#tell(items, result);
      resultCallback(result);
    });
  }

  #tell(items: Items, { code, error }: ExportResult): void {
    if (code === ExportResultCode.SUCCESS) this.#report.succeeded();
    else this.#report.failed(error?.message ?? "no reason given", this.#count(items));
  }

  forceFlush(): Promise<void> {
    return this.#inner.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.#inner.shutdown();
  }

  setMetrics(...metrics: Parameters<IOtlpExportDelegate<Items>["setMetrics"]>): void {
    this.#inner.setMetrics(...metrics);
  }
}
