/** A time that passes only when a test says so. */
export interface Clock {
  /** The time, as the options named `now` take it. */
  readonly now: () => number;
  /** Lets time pass. */
  pass(millis: number): void;
}

/** A clock that stands still at a time. */
export function stoppedClock(start = Date.UTC(2030, 0, 1)): Clock {
  let now = start;
  return { now: () => now, pass: (millis) => void (now += millis) };
}
