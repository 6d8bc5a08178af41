import type { ExportResult } from "@opentelemetry/core";
import type { DropReason } from "./batch_stats.ts";
import { exportOnce } from "./export_once.ts";

/** How items become an export. */
export interface BatchExportOptions<Item> {
  /** Sends a batch and tells how that went. */
  readonly export: (items: Item[], done: (result: ExportResult) => void) => void;
  /** Makes an item fit for serialisation; nothing returned, or a throw, means that it cannot be. */
  readonly sanitize: (item: Item) => Item | undefined;
  /** What an export has to wait for, if anything; where it fails, the export goes on. */
  readonly ready?: (items: readonly Item[]) => Promise<void> | undefined;
}

/** What an export is bound by, and who hears of it. */
export interface BatchExportSurroundings {
  /** The longest that one call of the exporter may take; 0 means no limit. */
  readonly timeoutMillis: number;
  /** Hears the fate of each item, once. */
  readonly settle: (fate: DropReason | "exported", count: number) => void;
}

/** Exports one batch after the other, and finds the items in it that cannot be exported. Never rejects. */
export class BatchExport<Item> {
  readonly #options: BatchExportOptions<Item>;
  readonly #surroundings: BatchExportSurroundings;
  #stopped = false;
  #stopAttempt = () => {};

  /**
   * @param options What to do with the items.
   * @param surroundings The timeout, and who hears of the items' fates.
   */
  constructor(options: BatchExportOptions<Item>, surroundings: BatchExportSurroundings) {
    this.#options = options;
    this.#surroundings = surroundings;
  }

  /** Exports a batch; afterwards each item's fate has been told, unless the export was stopped. */
  async run(batch: readonly Item[]): Promise<void> {
    const pending = this.#pending(batch);
    if (pending !== undefined) await pending;
    if (this.#stopped) return;
    const items: Item[] = [];
    for (const item of batch) {
      const sane = this.#sanitize(item);
      if (sane === undefined) this.#surroundings.settle("invalid", 1);
      else items.push(sane);
    }
    if (items.length > 0) await this.#halving(items);
  }

  /** Gives up the export under way and every later one, and tells no more fates. */
  stop(): void {
    this.#stopped = true;
    this.#stopAttempt();
  }

  #pending(batch: readonly Item[]): Promise<void> | undefined {
    try {
      return this.#options.ready?.(batch)?.catch(() => {});
    } catch {
      return undefined;
    }
  }

  /** A getter or a `toString` of the application's may throw; then there is nothing to export. */
  #sanitize(item: Item): Item | undefined {
    try {
      return this.#options.sanitize(item);
    } catch {
      return undefined;
    }
  }

  /**
   * An item that still cannot be serialised makes the exporter throw; halving finds it, and it alone is lost. So it
   * is with what a receiver finds too large.
   */
  async #halving(items: Item[]): Promise<void> {
    const { timeoutMillis, settle } = this.#surroundings;
    const attempt = exportOnce((done) => this.#options.export(items, done), timeoutMillis);
    this.#stopAttempt = attempt.stop;
    const outcome = await attempt.outcome;
    if (this.#stopped) return;
    if (outcome === "delivered") settle("exported", items.length);
    else if (outcome === "failed") settle("export_failed", items.length);
    else if (items.length === 1) settle(outcome === "threw" ? "invalid" : "export_failed", 1);
    else {
      const middle = items.length >> 1;
      await this.#halving(items.slice(0, middle));
      if (!this.#stopped) await this.#halving(items.slice(middle));
    }
  }
}
