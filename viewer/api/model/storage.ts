/** `GET /api/state`: what is kept, what it takes, and what had to go. */
export interface StorageState {
  /** Of the viewer. */
  readonly version: string;
  /** When the viewer was started. */
  readonly startTime: number;
  /** The viewer's clock when it answered. */
  readonly now: number;
  /** An estimate of what all that is kept takes. */
  readonly bytes: number;
  readonly maxBytes: number;
  readonly traces: TraceStorage;
  readonly logs: LogStorage;
  readonly metrics: MetricStorage;
  readonly requests: RequestCounts;
  /** Left out when nothing is written to a file. */
  readonly file?: FileStorage;
}

export interface TraceStorage {
  readonly traces: number;
  readonly spans: number;
  readonly bytes: number;
  /** Spans received since the start. */
  readonly received: number;
  /** Whole traces that made room, the oldest first. */
  readonly evictedTraces: number;
  /** The spans in them. */
  readonly evictedSpans: number;
  /** Spans counted but not kept, because their trace was too large. */
  readonly spansNotKept: number;
  /** Spans that arrived twice. */
  readonly duplicates: number;
}

export interface LogStorage {
  readonly logs: number;
  readonly bytes: number;
  readonly received: number;
  readonly evicted: number;
}

export interface MetricStorage {
  readonly instruments: number;
  readonly series: number;
  readonly points: number;
  readonly bytes: number;
  /** Points received since the start. */
  readonly received: number;
  /** Older points that were thinned out or made room. */
  readonly evictedPoints: number;
  /** Points refused because there were too many series. */
  readonly refusedPoints: number;
}

export interface RequestCounts {
  readonly accepted: number;
  /** Refused as a whole: bad data, too large, a wrong type. */
  readonly refused: number;
  /** Single items that were refused within an accepted request. */
  readonly refusedItems: number;
  /** Why the newest refusal was made. */
  readonly lastProblem?: string;
}

export interface FileStorage {
  readonly path: string;
  readonly bytes: number;
  readonly maxBytes: number;
  /** Why writing stopped, or what was left out. */
  readonly problem?: string;
}
