import type { ExponentialBuckets, ExponentialValue, HistogramValue } from "../otlp/records.ts";
import { atScale, commonScale } from "../store/exponential.ts";

/** Counts of several histograms over the same buckets. */
export interface CommonBuckets {
  /** The upper bounds, rising; the last bucket has none. */
  readonly bounds: readonly number[];
  /** One more than there are bounds, for each histogram. */
  readonly counts: readonly (readonly number[])[];
}

/** As many buckets on one side as a heat map can show. */
const SHOWN_BUCKETS = 64;

/** Brings the histograms of one series to the same explicit bounds. */
export function explicitBuckets(
  values: readonly (HistogramValue | ExponentialValue)[],
): CommonBuckets {
  const exponential = values.filter((value) => value.type === "exponential");
  if (exponential.length > 0) return fromExponential(exponential);
  const explicit = values.filter((value) => value.type === "histogram");
  const last = explicit.at(-1);
  return { bounds: last?.bounds ?? [], counts: explicit.map(({ counts }) => counts) };
}

function fromExponential(values: readonly ExponentialValue[]): CommonBuckets {
  const scale = commonScale(values, SHOWN_BUCKETS);
  const scaled = values.map((value) => atScale(value, scale));
  const positive = extent(scaled.map((value) => value.positive));
  const negative = extent(scaled.map((value) => value.negative));
  const bound = (index: number) => 2 ** (index * 2 ** -scale);
  const bounds: number[] = [];
  // A negative bucket reaches from minus its upper bound to minus its lower one.
  for (let i = negative.end - 1; i >= negative.first; i--) bounds.push(-bound(i + 1));
  if (negative.end > negative.first) bounds.push(-bound(negative.first));
  if (positive.end > positive.first || bounds.length === 0) bounds.push(bound(positive.first));
  for (let i = positive.first; i < positive.end; i++) bounds.push(bound(i + 1));
  const counts = scaled.map((value) => {
    const below = countsWithin(value.negative, negative).toReversed();
    const above = countsWithin(value.positive, positive);
    return [
      // Nothing lies below the lowest bound of the negative side.
      ...(below.length > 0 ? [0, ...below] : []),
      value.zeroCount,
      ...above,
      ...(above.length > 0 || below.length === 0 ? [0] : []),
    ];
  });
  return distinct(bounds, counts);
}

interface Extent {
  readonly first: number;
  readonly end: number;
}

function extent(sides: readonly ExponentialBuckets[]): Extent {
  let first = Number.POSITIVE_INFINITY;
  let end = Number.NEGATIVE_INFINITY;
  for (const { offset, counts } of sides) {
    if (counts.length === 0) continue;
    first = Math.min(first, offset);
    end = Math.max(end, offset + counts.length);
  }
  return end > first ? { first, end } : { first: 0, end: 0 };
}

function countsWithin({ offset, counts }: ExponentialBuckets, { first, end }: Extent): number[] {
  return Array.from({ length: end - first }, (_, i) => counts[first + i - offset] ?? 0);
}

/** Merges buckets whose bounds a double does not tell apart, such as those beyond its range. */
function distinct(bounds: readonly number[], counts: readonly number[][]): CommonBuckets {
  const kept: number[] = [];
  const merged = counts.map(() => [0]);
  const add = (bucket: number) => {
    merged.forEach((own, i) => {
      own[own.length - 1] = (own.at(-1) ?? 0) + (counts[i]?.[bucket] ?? 0);
    });
  };
  bounds.forEach((bound, bucket) => {
    add(bucket);
    if (!Number.isFinite(bound) || bound <= (kept.at(-1) ?? Number.NEGATIVE_INFINITY)) return;
    kept.push(bound);
    for (const own of merged) own.push(0);
  });
  add(bounds.length);
  return { bounds: kept, counts: merged };
}

/** Three quantiles, estimated within their buckets; nothing where nothing was counted. */
export function quantiles(
  bounds: readonly number[],
  counts: readonly number[],
): { readonly p50?: number; readonly p95?: number; readonly p99?: number } {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total <= 0 || bounds.length === 0) return {};
  const at = (share: number) => quantile(bounds, counts, share * total);
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

function quantile(bounds: readonly number[], counts: readonly number[], rank: number): number {
  let below = 0;
  for (let i = 0; i < bounds.length; i++) {
    const count = counts[i] ?? 0;
    const upper = bounds[i] ?? 0;
    if (count > 0 && below + count >= rank) {
      // The lowest bucket has no lower bound of its own: what is measured is seldom negative.
      const lower = bounds[i - 1] ?? Math.min(0, upper);
      return lower + (upper - lower) * ((rank - below) / count);
    }
    below += count;
  }
  return bounds.at(-1) ?? 0;
}
