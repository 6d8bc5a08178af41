/** How much an event matters, from the least to the most. */
export type DebugLevel = "trace" | "debug" | "info" | "warn" | "error";

/** What is told from this level on; `off` tells nothing. */
export type DebugThreshold = DebugLevel | "off";

const RANKS: Readonly<Record<DebugThreshold, number>> = {
  trace: 0,
  debug: 1,
  info: 2,
  warn: 3,
  error: 4,
  off: 5,
};

/** Whether a level reaches a threshold. */
export function reaches(level: DebugLevel, threshold: DebugThreshold): boolean {
  return RANKS[level] >= RANKS[threshold];
}

/**
 * The threshold as given, checked: it may come from a variable or a file.
 *
 * @param threshold The threshold.
 * @param subject What it is for, as the error names it.
 * @throws {TypeError} When there is no such level.
 */
export function checkedThreshold(threshold: DebugThreshold, subject: string): DebugThreshold {
  if (Object.hasOwn(RANKS, threshold)) return threshold;
  throw new TypeError(
    `Cannot debug ${subject} at level "${threshold}": expected one of ${
      Object.keys(RANKS).join(", ")
    }`,
  );
}
