/** How far the two clocks may drift apart before the fine one is set again. */
const MAX_DRIFT_MILLIS = 10;

let origin = performance.timeOrigin;

/** The time of day with fractions of a millisecond: milliseconds since the epoch. */
export function timeOfDay(): number {
  const elapsed = performance.now();
  const now = Date.now();
  // The time of the process's start is wrong once the machine slept or its clock was set.
  if (Math.abs(origin + elapsed - now) > MAX_DRIFT_MILLIS) origin = now - elapsed;
  return origin + elapsed;
}
