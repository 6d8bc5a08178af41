/** Counts by bucket: `counts[i]` holds what is at most `bounds[i]`, the last what is above all. */
export interface Buckets {
  readonly bounds: readonly number[];
  readonly counts: readonly number[];
}

/**
 * A value that a share of the measurements does not exceed, as far as buckets can tell: within the
 * bucket it is taken to be spread evenly. What lies above the last bound is taken to be at it.
 *
 * @param buckets The histogram.
 * @param quantile From 0 to 1.
 * @returns `undefined` when nothing was measured.
 */
export function quantileOf({ bounds, counts }: Buckets, quantile: number): number | undefined {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total <= 0) return undefined;
  const rank = quantile * total;
  let below = 0;
  for (const [i, count] of counts.entries()) {
    if (count > 0 && below + count >= rank) {
      const upper = bounds[i];
      if (upper === undefined) return bounds.at(-1);
      const lower = bounds[i - 1] ?? Math.min(0, upper);
      return lower + (upper - lower) * Math.max(0, rank - below) / count;
    }
    below += count;
  }
  return bounds.at(-1);
}
