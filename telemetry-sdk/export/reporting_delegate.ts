import { type ExportResult, ExportResultCode } from "@opentelemetry/core";
import type { IOtlpExportDelegate } from "@opentelemetry/otlp-exporter-base";
import { BatchTooLargeError } from "../batch/batch_too_large_error.ts";
import type { ExportReport } from "./report.ts";

/** Passes exports on and tells a report how each of them went. */
export class ReportingDelegate<Items> implements IOtlpExportDelegate<Items> {
  readonly #inner: IOtlpExportDelegate<Items>;
  readonly #report: ExportReport;
  readonly #count: (items: Items) => number;
  readonly #isHalved: boolean;
  #silent = false;

  /**
   * @param inner What exports.
   * @param report What is told.
   * @param options How many items an export holds, and whether one that is too large comes again in halves.
   */
  constructor(
    inner: IOtlpExportDelegate<Items>,
    report: ExportReport,
    { count, isHalved = false }: {
      readonly count: (items: Items) => number;
      readonly isHalved?: boolean;
    },
  ) {
    this.#inner = inner;
    this.#report = report;
    this.#count = count;
    this.#isHalved = isHalved;
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
    if (code === ExportResultCode.SUCCESS) return this.#report.succeeded();
    const lost = this.#count(items);
    // Its halves come next, and tell of themselves.
    if (this.#isHalved && lost > 1 && error instanceof BatchTooLargeError) return;
    this.#report.failed(error?.message ?? "no reason given", lost);
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
