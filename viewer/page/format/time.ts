const CLOCK: Intl.DateTimeFormatOptions = {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
};
const clock = new Intl.DateTimeFormat("en-GB", CLOCK);
const clockMillis = new Intl.DateTimeFormat("en-GB", { ...CLOCK, fractionalSecondDigits: 3 });
const full = new Intl.DateTimeFormat("en-GB", {
  ...CLOCK,
  weekday: "short",
  year: "numeric",
  month: "short",
  day: "numeric",
  fractionalSecondDigits: 3,
  timeZoneName: "short",
});

/** A date that `Intl` can format: beyond the calendar's ends it would throw. */
function isOnCalendar(ms: number): boolean {
  return Number.isFinite(ms) && Math.abs(ms) <= 8.64e15;
}

/** The time of day, such as `18:04:05`. */
export function formatClock(ms: number): string {
  return isOnCalendar(ms) ? clock.format(ms) : "–";
}

/** The time of day with milliseconds. */
export function formatClockMillis(ms: number): string {
  return isOnCalendar(ms) ? clockMillis.format(ms) : "–";
}

/** The whole date and time, for a title. */
export function formatDateTime(ms: number): string {
  return isOnCalendar(ms) ? full.format(ms) : "a time beyond the calendar";
}

/**
 * How long ago something was, or how far ahead it is.
 *
 * @param ms The moment, in milliseconds since the epoch.
 * @param now The present moment.
 */
export function formatAgo(ms: number, now: number): string {
  if (!isOnCalendar(ms)) return "–";
  const seconds = Math.round((now - ms) / 1000);
  const span = coarse(Math.abs(seconds));
  // Clocks differ by a little between machines; that is no future.
  if (seconds > -2 && seconds < 2) return "now";
  return seconds < 0 ? `in ${span}` : `${span} ago`;
}

function coarse(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}
