import { ok, problem, skipped, type Verdict, warning } from "./finding.ts";

/** Beyond this, spans of two machines stand in the wrong order. */
const WARNING_MILLIS = 60_000;
/** Beyond this, backends drop what they get, or show it where nobody looks. */
const PROBLEM_MILLIS = 300_000;

/**
 * Compares this machine's clock with a receiver's.
 *
 * @param host Whose clock.
 * @param aheadMillis How far it is ahead of this one's; undefined where it did not tell.
 */
export function checkClock(host: string, aheadMillis: number | undefined): Verdict {
  if (aheadMillis === undefined) return skipped(`${host} does not tell the time.`);
  const apart = Math.abs(aheadMillis);
  if (apart <= WARNING_MILLIS) return ok(`This machine's clock agrees with that of ${host}.`);
  const message = `This machine's clock is ${duration(apart)} ${
    aheadMillis > 0 ? "behind" : "ahead of"
  } that of ${host}.`;
  const advice = "Set the clocks by NTP: telemetry carries this machine's time.";
  return apart > PROBLEM_MILLIS ? problem(message, advice) : warning(message, advice);
}

function duration(millis: number): string {
  const seconds = Math.round(millis / 1000);
  return seconds < 120
    ? `${seconds} seconds`
    : seconds < 7200
    ? `${Math.round(seconds / 60)} minutes`
    : `${Math.round(seconds / 3600)} hours`;
}
