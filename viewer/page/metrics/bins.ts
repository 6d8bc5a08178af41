import type { HistogramPoint } from "../../api/model.ts";
import type { Buckets } from "./histogram.ts";
import { quantileOf } from "./histogram.ts";

/** What histograms of one instrument recorded in a stretch of time. */
export interface Bin {
  /** The end of the stretch, in milliseconds since the epoch. */
  readonly time: number;
  readonly counts: readonly number[];
  readonly count: number;
  /** Over how long the counts were made, in milliseconds. */
  readonly lengthMs: number;
}

/** Columns of time over all series of a histogram. */
export interface Bins {
  readonly bounds: readonly number[];
  readonly bins: readonly Bin[];
  readonly from: number;
  readonly widthMs: number;
}

/** What is needed of a series. */
export interface BinnedSeries {
  readonly bounds: readonly number[];
  readonly points: readonly Pick<HistogramPoint, "time" | "counts" | "count" | "intervalMs">[];
}

/**
 * Sums series into columns of time. A column is never narrower than the time between two points of
 * a series, or every other one would be empty. Series of other bounds than the first are left out.
 *
 * @param series The series.
 * @param most The most columns.
 */
export function binPoints(series: readonly BinnedSeries[], most: number): Bins | undefined {
  const bounds = series.find(({ points }) => points.length > 0)?.bounds;
  if (bounds === undefined) return undefined;
  const key = JSON.stringify(bounds);
  const points = series.filter((one) => JSON.stringify(one.bounds) === key)
    .flatMap(({ points }) => points);
  let from = Infinity;
  let to = -Infinity;
  for (const { time, intervalMs } of points) {
    from = Math.min(from, time - intervalMs);
    to = Math.max(to, time);
  }
  const widthMs = Math.max(1, medianInterval(points), (to - from) / most);
  const columns = Math.max(1, Math.ceil((to - from) / widthMs - 1e-6));
  const counts = Array.from(
    { length: columns },
    () => new Array<number>(bounds.length + 1).fill(0),
  );
  for (const point of points) {
    // A point tells of what came before it: its middle says which column it belongs to.
    const middle = point.time - Math.min(point.intervalMs, widthMs) / 2;
    const column = Math.max(0, Math.min(columns - 1, Math.floor((middle - from) / widthMs)));
    for (const [i, count] of point.counts.entries()) {
      const row = counts[column];
      if (row !== undefined) row[i] = (row[i] ?? 0) + count;
    }
  }
  const bins = counts.map((row, i) => ({
    time: from + (i + 1) * widthMs,
    counts: row,
    count: row.reduce((sum, count) => sum + count, 0),
    lengthMs: widthMs,
  }));
  return { bounds, bins, from, widthMs };
}

function medianInterval(points: BinnedSeries["points"]): number {
  const intervals = points.map(({ intervalMs }) => intervalMs).filter((ms) => ms > 0)
    .sort((a, b) => a - b);
  return intervals[Math.floor(intervals.length / 2)] ?? 1000;
}

/** A quantile of each column; null where nothing was recorded. */
export function quantilesOf({ bounds, bins }: Bins, quantile: number): (number | null)[] {
  return bins.map(({ counts }) => quantileOf({ bounds, counts }, quantile) ?? null);
}

/** All columns in one. */
export function totalOf({ bounds, bins }: Bins): Buckets {
  const counts = new Array<number>(bounds.length + 1).fill(0);
  for (const bin of bins) {
    for (const [i, count] of bin.counts.entries()) counts[i] = (counts[i] ?? 0) + count;
  }
  return { bounds, counts };
}
