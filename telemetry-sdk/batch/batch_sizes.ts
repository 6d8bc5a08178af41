/** How much is gathered, and how long it may take. */
export interface BatchSizes {
  /** Items kept while waiting for export; what comes on top is dropped and counted. */
  readonly maxQueueSize: number;
  /** Items in one export. */
  readonly maxExportBatchSize: number;
  /** The longest that an item waits for its batch to fill. */
  readonly scheduledDelayMillis: number;
  /** The longest that one export may take; 0 means no limit. */
  readonly exportTimeoutMillis: number;
  /** Bytes kept while waiting for export and during it, by estimate; 64 MiB unless told. */
  readonly maxQueueBytes?: number | undefined;
  /** Bytes in one export, by estimate; an item that is larger goes alone. 4 MiB unless told. */
  readonly maxExportBatchBytes?: number | undefined;
}

/** Sizes with every default filled in. */
export type CompleteSizes = { readonly [Name in keyof BatchSizes]-?: number };

const MEBIBYTE = 1024 * 1024;

/** The bounds by bytes where nothing is said. */
export const DEFAULT_BYTES = {
  maxQueueBytes: 64 * MEBIBYTE,
  // Below every receiver's limit: a collector takes 20 MiB over HTTP, and 4 MiB where it passes on by gRPC.
  maxExportBatchBytes: 4 * MEBIBYTE,
};

/** A timer that is set for longer goes off at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * Checks sizes and fills in what they leave out. A batch of none would never empty the queue, so sizes that
 * cannot work are refused rather than mended.
 *
 * @throws {RangeError} When a size is not a positive whole number, or a time is negative.
 */
export function completeSizes(sizes: BatchSizes): CompleteSizes {
  const positive = (name: keyof BatchSizes, value: number) => {
    if (Number.isInteger(value) && value > 0) return value;
    throw new RangeError(`Cannot batch with ${name} "${value}": expected a whole number above 0`);
  };
  const millis = (name: keyof BatchSizes, value: number) => {
    if (value >= 0) return Math.min(value, LONGEST_TIMER);
    throw new RangeError(`Cannot batch with ${name} "${value}": expected milliseconds`);
  };
  const maxQueueSize = positive("maxQueueSize", sizes.maxQueueSize);
  const batchSize = positive("maxExportBatchSize", sizes.maxExportBatchSize);
  return {
    maxQueueSize,
    // A batch that the queue cannot hold would be waited for until the delay, while items are dropped.
    maxExportBatchSize: Math.min(batchSize, maxQueueSize),
    scheduledDelayMillis: millis("scheduledDelayMillis", sizes.scheduledDelayMillis),
    exportTimeoutMillis: millis("exportTimeoutMillis", sizes.exportTimeoutMillis),
    maxQueueBytes: positive("maxQueueBytes", sizes.maxQueueBytes ?? DEFAULT_BYTES.maxQueueBytes),
    maxExportBatchBytes: positive(
      "maxExportBatchBytes",
      sizes.maxExportBatchBytes ?? DEFAULT_BYTES.maxExportBatchBytes,
    ),
  };
}
