import { context, ROOT_CONTEXT, TraceFlags } from "@opentelemetry/api";
import { type ExportResult, ExportResultCode, suppressTracing } from "@opentelemetry/core";
import type { ReadableSpan, SpanExporter, SpanProcessor } from "@opentelemetry/sdk-trace-base";
import type { ResolvedConfig } from "../config/schema.ts";
import { type BatchStats, type DropReason, NOTHING_DROPPED } from "./batch_stats.ts";
import { sanitizeSpan } from "./sanitize.ts";

interface FlushWaiter {
  /** The flush is done when so many spans have left the processor. */
  readonly target: number;
  readonly resolve: () => void;
}

/**
 * Gathers ended spans and hands them to an exporter in batches: one export at a time, in the order in which
 * spans ended, within a bounded queue. Every span that is lost is counted by its reason. Nothing that an
 * exporter or a span's data does reaches the application.
 */
export class BatchSpanProcessor implements SpanProcessor {
  readonly #exporter: SpanExporter;
  readonly #config: ResolvedConfig["traces"]["batch"];
  readonly #dropped: Record<DropReason, number> = { ...NOTHING_DROPPED };
  readonly #waiters: FlushWaiter[] = [];
  #queue: ReadableSpan[] = [];
  #inFlight: readonly ReadableSpan[] = [];
  #exported = 0;
  /** Spans accepted into the queue, and spans that have left it for good, in whichever way. */
  #accepted = 0;
  #settled = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timerFired = false;
  #exporting = false;
  #shutdown: Promise<void> | undefined;
  #abandoned = false;
  #stopExport = () => {};

  /**
   * @param exporter Where batches go; it is shut down with the processor.
   * @param config Sizes and times, complete.
   */
  constructor(exporter: SpanExporter, config: ResolvedConfig["traces"]["batch"]) {
    this.#exporter = exporter;
    this.#config = config;
  }

  /** Does nothing; part of the interface. */
  onStart(): void {}

  /** Takes an ended span, if it is sampled. */
  onEnd(span: ReadableSpan): void {
    if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) === 0) return;
    if (this.#shutdown !== undefined) {
      this.#dropped.shutdown++;
    } else if (this.#queue.length >= this.#config.maxQueueSize) {
      this.#dropped.queue_full++;
    } else {
      this.#queue.push(span);
      this.#accepted++;
      if (this.#queue.length >= this.#config.maxExportBatchSize) this.#start();
      else this.#schedule();
    }
  }

  /** What became of the spans so far. */
  stats(): BatchStats {
    return {
      queued: this.#queue.length,
      inFlight: this.#inFlight.length,
      exported: this.#exported,
      dropped: { ...this.#dropped },
    };
  }

  /** Exports every span that has ended by now. Resolves also when exports fail: losses are counted, not thrown. */
  async forceFlush(): Promise<void> {
    if (this.#settled === this.#accepted) return;
    await new Promise<void>((resolve) => {
      this.#waiters.push({ target: this.#accepted, resolve });
      this.#start();
    });
  }

  /** Takes no more spans, exports what is left and shuts the exporter down; once. */
  shutdown(): Promise<void> {
    this.#shutdown ??= this.#close();
    return this.#shutdown;
  }

  /** Gives up what is queued or under way, and counts it as lost to the shutdown. */
  abandon(): void {
    this.#abandoned = true;
    this.#dropped.shutdown += this.#queue.length + this.#inFlight.length;
    this.#settled = this.#accepted;
    this.#queue = [];
    this.#inFlight = [];
    this.#stopExport();
    this.#releaseWaiters();
  }

  async #close(): Promise<void> {
    // The caller's assignment of the promise must come before the flush, or a span ending now would be accepted.
    await Promise.resolve();
    await this.forceFlush();
    clearTimeout(this.#timer);
    try {
      await this.#exporter.shutdown();
    } catch {
      // What the exporter could not deliver has been counted by its own exports.
    }
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#exporting) return;
    // Under the root context, so that the timer does not keep the request that happened to start it.
    context.with(ROOT_CONTEXT, () => {
      this.#timer = setTimeout(() => {
        this.#timerFired = true;
        this.#start();
      }, this.#config.scheduledDelayMillis);
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
      const batch = this.#queue.splice(0, this.#config.maxExportBatchSize);
      this.#inFlight = batch;
      await this.#exportSanitized(batch);
      if (this.#abandoned) break;
      this.#inFlight = [];
      this.#settled += batch.length;
      this.#releaseWaiters();
    }
    this.#exporting = false;
    this.#timerFired = false;
    if (this.#queue.length > 0) this.#schedule();
  }

  #isFull(): boolean {
    return this.#queue.length >= this.#config.maxExportBatchSize;
  }

  #releaseWaiters(): void {
    while (this.#waiters[0] !== undefined && this.#waiters[0].target <= this.#settled) {
      this.#waiters.shift()?.resolve();
    }
  }

  async #exportSanitized(batch: readonly ReadableSpan[]): Promise<void> {
    const spans: ReadableSpan[] = [];
    for (const span of batch) {
      const sane = trySanitize(span);
      if (sane === undefined) this.#dropped.invalid++;
      else spans.push(sane);
    }
    if (spans.length > 0) await this.#exportHalving(spans);
  }

  /** A span that still cannot be serialised makes the exporter throw; halving finds it, and it alone is lost. */
  async #exportHalving(spans: ReadableSpan[]): Promise<void> {
    const result = await this.#exportOnce(spans);
    if (this.#abandoned) return;
    if (result === "delivered") this.#exported += spans.length;
    else if (result === "failed") this.#dropped.export_failed += spans.length;
    else if (spans.length === 1) this.#dropped.invalid++;
    else {
      const middle = spans.length >> 1;
      await this.#exportHalving(spans.slice(0, middle));
      await this.#exportHalving(spans.slice(middle));
    }
  }

  #exportOnce(spans: ReadableSpan[]): Promise<"delivered" | "failed" | "threw"> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve("failed"), this.#config.exportTimeoutMillis);
      Deno.unrefTimer(timer);
      const settle = (outcome: "delivered" | "failed" | "threw") => {
        clearTimeout(timer);
        resolve(outcome);
      };
      this.#stopExport = () => settle("failed");
      try {
        this.#exporter.export(spans, ({ code }: ExportResult) => {
          settle(code === ExportResultCode.SUCCESS ? "delivered" : "failed");
        });
      } catch {
        settle("threw");
      }
    });
  }
}

/** A getter or a `toString` of the application's may throw; then there is nothing to export. */
function trySanitize(span: ReadableSpan): ReadableSpan | undefined {
  try {
    return sanitizeSpan(span);
  } catch {
    return undefined;
  }
}
