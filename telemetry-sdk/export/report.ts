/** Counts of one exporter that reach further than success and failure of a batch. */
export interface ExportCounts {
  /** Exports that the receiver took. */
  readonly succeeded: number;
  /** Exports that failed for good. */
  readonly failed: number;
  /** Items that the receiver refused although it took the export (OTLP's partial success). */
  readonly rejected: number;
}

/** What an {@linkcode ExportReport} needs to know about its exporter. */
export interface ExportReportOptions {
  /** Where the data goes, in a form that may be shown. */
  readonly destination: string;
  /** What is sent, in the plural. */
  readonly items: "spans" | "metrics" | "log records";
  /** Where lines go. */
  readonly say: (line: string) => void;
  /** A clock in milliseconds; the system's by default. */
  readonly now?: () => number;
}

/** What one of the items is called; metrics are lost by the export, and refused by the point. */
const UNITS: Readonly<Record<ExportReportOptions["items"], string>> = {
  "spans": "span",
  "metrics": "data point",
  "log records": "log record",
};

/** The shortest time between two lines about the same destination that only repeat or reverse each other. */
const QUIET_MILLIS = 30_000;

/**
 * Tells how exporting goes: one line when it begins to fail, one when it works again, silence between. A
 * destination that flaps is told about at most once per half minute.
 */
export class ExportReport {
  readonly #options: ExportReportOptions;
  readonly #now: () => number;
  #succeeded = 0;
  #failed = 0;
  #rejected = 0;
  #failingSince: number | undefined;
  #lost = 0;
  #toldFailure = false;
  #lastFailureLine = -Infinity;
  #lastRejectionLine = -Infinity;

  constructor(options: ExportReportOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** The counts so far. */
  get counts(): ExportCounts {
    return { succeeded: this.#succeeded, failed: this.#failed, rejected: this.#rejected };
  }

  /** An export arrived. */
  succeeded(): void {
    this.#succeeded++;
    if (this.#failingSince === undefined) return;
    const { destination, items, say } = this.#options;
    if (this.#toldFailure) {
      const lost = items === "metrics" ? "" : `; ${this.#lost} ${items} were dropped meanwhile`;
      say(`export of ${items} to ${destination} works again${lost}`);
    }
    this.#failingSince = undefined;
    this.#toldFailure = false;
    this.#lost = 0;
  }

  /**
   * An export failed for good.
   *
   * @param reason Why, in words.
   * @param lost How many items went with it.
   */
  failed(reason: string, lost: number): void {
    const now = this.#now();
    this.#failed++;
    this.#lost += lost;
    this.#failingSince ??= now;
    if (this.#toldFailure || now - this.#lastFailureLine < QUIET_MILLIS) return;
    this.#toldFailure = true;
    this.#lastFailureLine = now;
    const { destination, items, say } = this.#options;
    say(
      `export of ${items} to ${destination} is failing since ${
        new Date(this.#failingSince).toISOString()
      }: ${reason}`,
    );
  }

  /** The receiver took an export and refused part of it, or had something to say about it. */
  rejected(count: number, message: string): void {
    this.#rejected += count;
    const now = this.#now();
    if (now - this.#lastRejectionLine < QUIET_MILLIS) return;
    this.#lastRejectionLine = now;
    const { destination, items, say } = this.#options;
    const what = count > 0 ? `refused ${count} ${UNITS[items]}${count === 1 ? "" : "s"}` : "warns";
    say(`${destination} ${what}: ${message || "it gave no reason"}`);
  }
}
