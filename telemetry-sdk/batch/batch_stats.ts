/**
 * Why an item did not arrive: `queue_full` by the number of items waiting, `memory_full` by their bytes,
 * `invalid` because nothing could be made of it, `export_failed` and `shutdown` as they say.
 */
export type DropReason = "queue_full" | "memory_full" | "export_failed" | "invalid" | "shutdown";

/** What became of the items that were given to a batch processor: spans, or log records. */
export interface BatchStats {
  /** Items waiting for their export. */
  readonly queued: number;
  /** Items of the export under way. */
  readonly inFlight: number;
  /** Items that the exporter delivered. */
  readonly exported: number;
  /** Items lost, by reason. */
  readonly dropped: Readonly<Record<DropReason, number>>;
}

/** The counts at the start. */
export const NOTHING_DROPPED: BatchStats["dropped"] = {
  queue_full: 0,
  memory_full: 0,
  export_failed: 0,
  invalid: 0,
  shutdown: 0,
};

/** Adds up the counts of several processors. */
export function sumStats(all: readonly BatchStats[]): BatchStats {
  const sum = (pick: (stats: BatchStats) => number) =>
    all.reduce((total, stats) => total + pick(stats), 0);
  return {
    queued: sum((stats) => stats.queued),
    inFlight: sum((stats) => stats.inFlight),
    exported: sum((stats) => stats.exported),
    dropped: {
      queue_full: sum(({ dropped }) => dropped.queue_full),
      memory_full: sum(({ dropped }) => dropped.memory_full),
      export_failed: sum(({ dropped }) => dropped.export_failed),
      invalid: sum(({ dropped }) => dropped.invalid),
      shutdown: sum(({ dropped }) => dropped.shutdown),
    },
  };
}

/** How many items were lost, whatever the reason. */
export function countDropped({ dropped }: BatchStats): number {
  return Object.values(dropped).reduce((sum, count) => sum + count, 0);
}
