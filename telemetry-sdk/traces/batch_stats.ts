/** Why a span did not arrive. */
export type DropReason = "queue_full" | "export_failed" | "invalid" | "shutdown";

/** What became of the spans that were given to a batch processor. */
export interface BatchStats {
  /** Spans waiting for their export. */
  readonly queued: number;
  /** Spans of the export under way. */
  readonly inFlight: number;
  /** Spans that the exporter delivered. */
  readonly exported: number;
  /** Spans lost, by reason. */
  readonly dropped: Readonly<Record<DropReason, number>>;
}

/** The counts at the start. */
export const NOTHING_DROPPED: BatchStats["dropped"] = {
  queue_full: 0,
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
      export_failed: sum(({ dropped }) => dropped.export_failed),
      invalid: sum(({ dropped }) => dropped.invalid),
      shutdown: sum(({ dropped }) => dropped.shutdown),
    },
  };
}
