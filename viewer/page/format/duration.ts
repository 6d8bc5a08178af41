/**
 * A duration for people: three digits that matter and the unit they are in.
 *
 * @param ms The duration in milliseconds.
 */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms)) return "–";
  if (ms < 0) return `-${formatDuration(-ms)}`;
  if (ms === 0) return "0 ms";
  if (ms < 0.001) return `${digits(ms * 1e6)} ns`;
  if (ms < 1) return `${digits(ms * 1000)} µs`;
  if (ms < 999.5) return `${digits(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 59.95) return `${digits(seconds)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${Math.round(minutes / 1440)} d`;
}

/** A duration on a ruler, where round ones stand: without zeros behind the point. */
export function formatTick(ms: number): string {
  return withoutZeros(formatDuration(ms));
}

/** `50.0 ms` becomes `50 ms`. */
export function withoutZeros(text: string): string {
  return text.replace(/(\.\d*?)0+(?=\D|$)/, "$1").replace(/\.(?=\D|$)/, "");
}

function digits(value: number): string {
  const places = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return value.toFixed(places);
}
