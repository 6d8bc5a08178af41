import type {
  LogRecordExporter,
  LogRecordProcessor,
  ReadableLogRecord,
} from "@opentelemetry/sdk-logs";
import { BatchQueue } from "../batch/batch_queue.ts";
import type { BatchSizes } from "../batch/batch_sizes.ts";
import type { BatchStats } from "../batch/batch_stats.ts";
import { attributesSize, valueSize } from "../batch/item_size.ts";
import { resourceReady } from "../batch/resource_ready.ts";
import { sanitizeLogRecord } from "./sanitize.ts";

/**
 * Gathers log records and hands them to an exporter in batches: one export at a time, in the order in which they
 * were logged, within a queue that is bounded by number and by bytes. Every record that is lost is counted by its
 * reason. Nothing that an exporter or a record's data does reaches the application.
 */
export class BatchLogRecordProcessor implements LogRecordProcessor {
  readonly #exporter: LogRecordExporter;
  readonly #queue: BatchQueue<ReadableLogRecord>;
  #shutdown: Promise<void> | undefined;

  /**
   * @param exporter Where batches go; it is shut down with the processor.
   * @param sizes Sizes and times.
   * @throws {RangeError} When a size cannot work.
   */
  constructor(exporter: LogRecordExporter, sizes: BatchSizes) {
    this.#exporter = exporter;
    this.#queue = new BatchQueue<ReadableLogRecord>({
      sizes,
      export: (records, done) => exporter.export(records, done),
      sanitize: sanitizeLogRecord,
      sizeOf: recordSize,
      ready: resourceReady,
    });
  }

  /** Takes a record. */
  onEmit(record: ReadableLogRecord): void {
    this.#queue.add(record);
  }

  /** What became of the records so far. */
  stats(): BatchStats {
    return this.#queue.stats();
  }

  /** Exports every record of now. Resolves also when exports fail: losses are counted, not thrown. */
  forceFlush(): Promise<void> {
    return this.#queue.flush();
  }

  /** Takes no more records, exports what is left and shuts the exporter down; once. */
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

/** About what ids, times and severity take. */
const BARE_RECORD_BYTES = 100;

function recordSize({ body, attributes }: ReadableLogRecord): number {
  return BARE_RECORD_BYTES + valueSize(body) + attributesSize(attributes);
}
