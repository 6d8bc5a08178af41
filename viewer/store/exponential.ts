import type { ExponentialBuckets, ExponentialValue } from "../otlp/records.ts";
import type { Aggregate } from "./aggregate.ts";

/** More buckets than this on one side are merged pairwise. The SDKs' own bound is 160. */
const MAX_BUCKETS = 320;

/** Exponential histograms: the coarser of two scales is that of their sum. */
export const exponentialAggregate: Aggregate<ExponentialValue> = {
  add: (one, other) => combine(one, other, 1),
  subtract: (later, earlier) => combine(later, earlier, -1),
  isReset: (later, earlier) => later.count < earlier.count,
  fits: () => true,
  zero: ({ scale }) => ({
    type: "exponential",
    count: 0,
    sum: 0,
    scale,
    zeroCount: 0,
    positive: { offset: 0, counts: [] },
    negative: { offset: 0, counts: [] },
  }),
  bytes: ({ positive, negative }) => 240 + 8 * (positive.counts.length + negative.counts.length),
};

/** The same counts in half as many buckets, as often as it takes to reach a scale. */
export function atScale(value: ExponentialValue, scale: number): ExponentialValue {
  const steps = value.scale - scale;
  if (steps <= 0) return value;
  return {
    ...value,
    scale,
    positive: coarsen(value.positive, steps),
    negative: coarsen(value.negative, steps),
  };
}

/** The value with no more buckets on a side than there is room for. */
export function withinBuckets(
  value: ExponentialValue,
  max: number = MAX_BUCKETS,
): ExponentialValue {
  return atScale(value, commonScale([value], max));
}

/** The finest scale at which several values lie within so many buckets on each side. */
export function commonScale(
  values: readonly ExponentialValue[],
  max: number = MAX_BUCKETS,
): number {
  const scale = Math.min(...values.map((value) => value.scale));
  const steps = (["positive", "negative"] as const).map((side) => {
    let first = Number.POSITIVE_INFINITY;
    let last = Number.NEGATIVE_INFINITY;
    for (const value of values) {
      const { offset, counts } = trim(value[side]);
      if (counts.length === 0) continue;
      const width = 2 ** (value.scale - scale);
      first = Math.min(first, Math.floor(offset / width));
      last = Math.max(last, Math.floor((offset + counts.length - 1) / width));
    }
    let needed = 0;
    while (Math.floor(last / 2 ** needed) - Math.floor(first / 2 ** needed) >= max) needed++;
    return needed;
  });
  return scale - Math.max(...steps);
}

function coarsen(buckets: ExponentialBuckets, steps: number): ExponentialBuckets {
  const { offset, counts } = trim(buckets);
  const width = 2 ** steps;
  const first = Math.floor(offset / width);
  const last = Math.floor((offset + counts.length - 1) / width);
  const merged = new Array<number>(Math.max(0, last - first + 1)).fill(0);
  counts.forEach((count, i) => {
    const place = Math.floor((offset + i) / width) - first;
    merged[place] = (merged[place] ?? 0) + count;
  });
  return { offset: first, counts: merged };
}

/** Without the empty buckets at both ends, which a sender may have thousands of. */
function trim({ offset, counts }: ExponentialBuckets): ExponentialBuckets {
  const first = counts.findIndex((count) => count !== 0);
  if (first < 0) return { offset: 0, counts: [] };
  const last = counts.findLastIndex((count) => count !== 0);
  return { offset: offset + first, counts: counts.slice(first, last + 1) };
}

function combine(one: ExponentialValue, other: ExponentialValue, sign: 1 | -1): ExponentialValue {
  const scale = commonScale([one, other]);
  const [a, b] = [atScale(one, scale), atScale(other, scale)];
  return {
    type: "exponential",
    count: a.count + sign * b.count,
    sum: a.sum === undefined || b.sum === undefined ? undefined : a.sum + sign * b.sum,
    scale,
    zeroCount: a.zeroCount + sign * b.zeroCount,
    positive: combineBuckets(trim(a.positive), trim(b.positive), sign),
    negative: combineBuckets(trim(a.negative), trim(b.negative), sign),
  };
}

function combineBuckets(
  one: ExponentialBuckets,
  other: ExponentialBuckets,
  sign: 1 | -1,
): ExponentialBuckets {
  if (other.counts.length === 0) return one;
  const first = one.counts.length === 0 ? other.offset : Math.min(one.offset, other.offset);
  const end = Math.max(one.offset + one.counts.length, other.offset + other.counts.length);
  const counts = new Array<number>(end - first).fill(0);
  for (const [{ offset, counts: added }, factor] of [[one, 1], [other, sign]] as const) {
    added.forEach((count, i) => {
      const place = offset - first + i;
      counts[place] = (counts[place] ?? 0) + factor * count;
    });
  }
  return { offset: first, counts };
}
