import { context, ROOT_CONTEXT } from "@opentelemetry/api";
import { suppressTracing } from "@opentelemetry/core";
import { BatchExport, type BatchExportOptions } from "./batch_export.ts";
import { type BatchSizes, type CompleteSizes, completeSizes } from "./batch_sizes.ts";
import { type BatchStats, type DropReason, NOTHING_DROPPED } from "./batch_stats.ts";
import { BoundedQueue } from "./bounded_queue.ts";

/** What differs between the signals that are exported in batches. */
export interface BatchQueueOptions<Item> extends BatchExportOptions<Item> {
  /** How much is gathered, and how long it may take. */
  readonly sizes: BatchSizes;
  /** About how many bytes an item takes, cheaply; without it only the number of items is bounded. */
  readonly sizeOf?: (item: Item) => number;
}

interface FlushWaiter {
  /** The flush is done when so many items have left the queue for good. */
  readonly target: number;
  readonly resolve: () => void;
}

/**
 * Gathers items and exports them in batches: one export at a time, in the order in which they came, within a
 * queue that is bounded by number and by bytes. Every item that is lost is counted by its reason. Nothing that
 * an exporter or an item's data does reaches the application.
 */
export class BatchQueue<Item> {
  readonly #options: BatchQueueOptions<Item>;
  readonly #sizes: CompleteSizes;
  readonly #queue: BoundedQueue<Item>;
  readonly #export: BatchExport<Item>;
  readonly #dropped: Record<DropReason, number> = { ...NOTHING_DROPPED };
  readonly #waiters: FlushWaiter[] = [];
  #inFlight = 0;
  #exported = 0;
  /** Items accepted into the queue, and items that have left it for good, in whichever way. */
  #accepted = 0;
  #settled = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timerFired = false;
  #exporting = false;
  #closed: Promise<void> | undefined;
  #abandoned = false;

  /**
   * @param options Sizes, and what to do with the items.
   * @throws {RangeError} When a size cannot work.
   */
  constructor(options: BatchQueueOptions<Item>) {
    this.#options = options;
    this.#sizes = completeSizes(options.sizes);
    const { maxQueueSize, maxQueueBytes, exportTimeoutMillis } = this.#sizes;
    this.#queue = new BoundedQueue(maxQueueSize, maxQueueBytes);
    const settle = this.#settle.bind(this);
    this.#export = new BatchExport(options, { timeoutMillis: exportTimeoutMillis, settle });
  }

  /** Takes an item, or counts why it cannot. */
  add(item: Item): void {
    if (this.#closed !== undefined || this.#abandoned) {
      this.#dropped.shutdown++;
      return;
    }
    const refused = this.#queue.add(item, this.#sizeOf(item));
    if (refused !== undefined) {
      this.#dropped[refused]++;
      return;
    }
    this.#accepted++;
    if (this.#isFull()) this.#start();
    else this.#schedule();
  }

  /** What became of the items so far. */
  stats(): BatchStats {
    return {
      queued: this.#queue.length,
      inFlight: this.#inFlight,
      exported: this.#exported,
      dropped: { ...this.#dropped },
    };
  }

  /** Exports every item that has come by now. Resolves also when exports fail: losses are counted, not thrown. */
  async flush(): Promise<void> {
    if (this.#settled === this.#accepted) return;
    await new Promise<void>((resolve) => {
      this.#waiters.push({ target: this.#accepted, resolve });
      this.#start();
    });
  }

  /** Takes no more items and exports what is left; once. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  /** Gives up what is queued or under way, and counts it as lost to the shutdown. */
  abandon(): void {
    this.#abandoned = true;
    this.#dropped.shutdown += this.#queue.length + this.#inFlight;
    this.#settled = this.#accepted;
    this.#queue.clear();
    this.#inFlight = 0;
    clearTimeout(this.#timer);
    this.#export.stop();
    this.#releaseWaiters();
  }

  async #close(): Promise<void> {
    // The caller's assignment of the promise must come before the flush, or an item added now would be accepted.
    await Promise.resolve();
    await this.flush();
    clearTimeout(this.#timer);
  }

  #sizeOf(item: Item): number {
    try {
      const size = this.#options.sizeOf?.(item) ?? 0;
      return size > 0 ? size : 0;
    } catch {
      // What cannot even be measured is found invalid when it is to be exported.
      return 0;
    }
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#exporting) return;
    // Under the root context, so that the timer does not keep the request that happened to start it.
    context.with(ROOT_CONTEXT, () => {
      this.#timer = setTimeout(() => {
        this.#timerFired = true;
        this.#start();
      }, this.#sizes.scheduledDelayMillis);
    });
    if (this.#timer !== undefined) Deno.unrefTimer(this.#timer);
  }

  #start(): void {
    if (this.#exporting) return;
    this.#exporting = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    context.with(suppressTracing(ROOT_CONTEXT), () => void this.#run());
  }

  /** Exports batch after batch while there is a reason to; never rejects. */
  async #run(): Promise<void> {
    while (
      this.#queue.length > 0 && (this.#isFull() || this.#timerFired || this.#waiters.length > 0)
    ) {
      this.#timerFired = false;
      const { maxExportBatchSize, maxExportBatchBytes } = this.#sizes;
      const batch = this.#queue.take(maxExportBatchSize, maxExportBatchBytes);
      this.#inFlight = batch.length;
      await this.#export.run(batch);
      if (this.#abandoned) break;
      this.#queue.release();
      this.#releaseWaiters();
    }
    this.#exporting = false;
    this.#timerFired = false;
    if (this.#queue.length > 0) this.#schedule();
  }

  #isFull(): boolean {
    return this.#queue.length >= this.#sizes.maxExportBatchSize ||
      this.#queue.bytes >= this.#sizes.maxExportBatchBytes;
  }

  #releaseWaiters(): void {
    while (this.#waiters[0] !== undefined && this.#waiters[0].target <= this.#settled) {
      this.#waiters.shift()?.resolve();
    }
  }

  /** Notes the fate of items of the batch under way. */
  #settle(fate: DropReason | "exported", count: number): void {
    if (fate === "exported") this.#exported += count;
    else this.#dropped[fate] += count;
    this.#inFlight -= count;
    this.#settled += count;
  }
}
