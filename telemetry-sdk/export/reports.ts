import { redactedUrl } from "../config/endpoint.ts";
import type { ResolvedOtlp } from "../config/resolved.ts";
import { type ExportCounts, ExportReport, type ExportReportOptions } from "./report.ts";

/** The reports of one signal, one for each destination that speaks OTLP. */
export class ExportReports {
  readonly #items: ExportReportOptions["items"];
  readonly #say: (line: string) => void;
  readonly #reports: ExportReport[] = [];

  /**
   * @param items What is sent, in the plural.
   * @param say Where lines go.
   */
  constructor(items: ExportReportOptions["items"], say: (line: string) => void) {
    this.#items = items;
    this.#say = say;
  }

  /** Makes the report of one more destination. */
  open({ endpoint, transport }: ResolvedOtlp): ExportReport {
    const report = new ExportReport({
      destination: transport === "stdout" ? "standard output" : redactedUrl(endpoint),
      items: this.#items,
      say: this.#say,
    });
    this.#reports.push(report);
    return report;
  }

  /** The sum over all destinations. */
  get counts(): ExportCounts {
    const sum = (pick: (counts: ExportCounts) => number) =>
      this.#reports.reduce((total, { counts }) => total + pick(counts), 0);
    return {
      succeeded: sum(({ succeeded }) => succeeded),
      failed: sum(({ failed }) => failed),
      rejected: sum(({ rejected }) => rejected),
    };
  }
}
