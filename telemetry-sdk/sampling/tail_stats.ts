/** Why a local trace was kept. */
export type KeepReason =
  /** One of its spans had status Error. */
  | "failed"
  /** It took longer than its threshold. */
  | "slow"
  /** One of its spans carried the mark, or a signed header forced it. */
  | "marked"
  /** The base rate, or a caller that is followed, had it sampled. */
  | "sampled";

/** Why a local trace was decided on before its root ended. */
export type EarlyReason =
  /** Too much was held; the oldest had to go. */
  | "memory"
  /** It had been held for too long. */
  | "time"
  /** A flush was asked for. */
  | "flush"
  /** The end. */
  | "shutdown";

/** What became of the traces that {@linkcode keepWhatMatters} saw. */
export interface TailStats {
  /** What waits for its decision; of the spans only those that have ended. */
  readonly held: { readonly traces: number; readonly spans: number; readonly bytes: number };
  /** Local traces kept, by reason. */
  readonly kept: Readonly<Record<KeepReason, number>>;
  /** Local traces dropped by the base rate. */
  readonly dropped: number;
  /** Those of the kept and the dropped whose decision did not wait for the root's end. */
  readonly decidedEarly: Readonly<Record<EarlyReason, number>>;
  /** Ended spans, by what their trace's decision made of them. */
  readonly spans: { readonly kept: number; readonly dropped: number };
  /** Those of the spans that ended after the decision on their trace. */
  readonly lateSpans: { readonly kept: number; readonly dropped: number };
}

/** The counts of {@linkcode TailStats} that only grow. */
export class TailCounts {
  /** Local traces kept. */
  readonly kept: Record<KeepReason, number> = { failed: 0, slow: 0, marked: 0, sampled: 0 };
  /** Decisions that did not wait. */
  readonly decidedEarly: Record<EarlyReason, number> = {
    memory: 0,
    time: 0,
    flush: 0,
    shutdown: 0,
  };
  /** Ended spans. */
  readonly spans: { kept: number; dropped: number } = { kept: 0, dropped: 0 };
  /** Spans that ended after the decision. */
  readonly lateSpans: { kept: number; dropped: number } = { kept: 0, dropped: 0 };
  /** Local traces dropped. */
  dropped = 0;
}
