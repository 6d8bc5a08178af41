import { TraceFlags } from "@opentelemetry/api";
import type { ReadableSpan, SpanExporter, SpanProcessor } from "@opentelemetry/sdk-trace-base";
import { BatchQueue } from "../batch/batch_queue.ts";
import type { BatchSizes } from "../batch/batch_sizes.ts";
import type { BatchStats } from "../batch/batch_stats.ts";
import { attributesSize } from "../batch/item_size.ts";
import { resourceReady } from "../batch/resource_ready.ts";
import { sanitizeSpan } from "./sanitize.ts";

/**
 * Gathers ended spans and hands them to an exporter in batches: one export at a time, in the order in which
 * spans ended, within a queue that is bounded by number and by bytes. Every span that is lost is counted by its
 * reason. Nothing that an exporter or a span's data does reaches the application.
 */
export class BatchSpanProcessor implements SpanProcessor {
  readonly #exporter: SpanExporter;
  readonly #queue: BatchQueue<ReadableSpan>;
  #shutdown: Promise<void> | undefined;

  /**
   * @param exporter Where batches go; it is shut down with the processor.
   * @param sizes Sizes and times.
   * @throws {RangeError} When a size cannot work.
   */
  constructor(exporter: SpanExporter, sizes: BatchSizes) {
    this.#exporter = exporter;
    this.#queue = new BatchQueue<ReadableSpan>({
      sizes,
      export: (spans, done) => exporter.export(spans, done),
      sanitize: sanitizeSpan,
      sizeOf: spanSize,
      ready: resourceReady,
    });
  }

  /** Does nothing; part of the interface. */
  onStart(): void {}

  /** Takes an ended span, if it is sampled. */
  onEnd(span: ReadableSpan): void {
    if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0) this.#queue.add(span);
  }

  /** What became of the spans so far. */
  stats(): BatchStats {
    return this.#queue.stats();
  }

  /** Exports every span that has ended by now. Resolves also when exports fail: losses are counted, not thrown. */
  forceFlush(): Promise<void> {
    return this.#queue.flush();
  }

  /** Takes no more spans, exports what is left and shuts the exporter down; once. */
  shutdown(): Promise<void> {
    this.#shutdown ??= this.#queue.close().then(async () => {
      try {
        await this.#exporter.shutdown();
      } catch {
        // What the exporter could not deliver has been counted by its own exports.
      }
    });
    return this.#shutdown;
  }

  /** Gives up what is queued or under way, and counts it as lost to the shutdown. */
  abandon(): void {
    this.#queue.abandon();
  }
}

/** About what ids, times, kind and status take. */
const BARE_SPAN_BYTES = 150;

function spanSize({ name, attributes, events, links }: ReadableSpan): number {
  let size = BARE_SPAN_BYTES + name.length + attributesSize(attributes);
  for (const event of events) size += BARE_SPAN_BYTES + attributesSize(event.attributes);
  for (const link of links) size += BARE_SPAN_BYTES + attributesSize(link.attributes);
  return size;
}
