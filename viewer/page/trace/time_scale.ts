/** A stretch of time that a width shows. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

/** Where a moment is in a window, in percent of its width; outside it is below 0 or above 100. */
export function percentAt({ from, to }: TimeWindow, time: number): number {
  return to > from ? 100 * (time - from) / (to - from) : 0;
}

/** Whether a window shows a moment. */
export function isWithin({ from, to }: TimeWindow, time: number): boolean {
  return time >= from && time <= to;
}

/** Even offsets from the window's start to mark on a ruler, in milliseconds. */
export function ticksOf(lengthMs: number, most: number): number[] {
  if (!(lengthMs > 0) || most < 1) return [0];
  const rough = lengthMs / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power)
    .find((candidate) => candidate >= rough * 0.999) ?? 10 * power;
  const count = Math.floor(lengthMs / step + 1e-9);
  return Array.from({ length: count + 1 }, (_, i) => i * step);
}

/** A mark on the ruler. */
export interface Mark {
  /** How long after the trace's start, in milliseconds. */
  readonly offset: number;
  /** Where in the window, in percent of its width. */
  readonly percent: number;
}

/** The round moments after the trace's start that a window shows. */
export function marksIn(window: TimeWindow, traceStart: number): Mark[] {
  const length = window.to - window.from;
  const [, step = length] = ticksOf(length, 5);
  const offset = window.from - traceStart;
  const first = Math.max(0, Math.ceil(offset / step - 1e-6));
  const marks: Mark[] = [];
  for (let i = first; i * step <= (offset + length) * (1 + 1e-9); i++) {
    marks.push({ offset: i * step, percent: 100 * (i * step - offset) / length });
    if (marks.length > 20) break;
  }
  return marks;
}

/** The window that holds every span, and never nothing. */
export function windowOf(
  spans: readonly { readonly startTime: number; readonly durationMs: number }[],
): TimeWindow {
  let from = Infinity;
  let to = -Infinity;
  for (const { startTime, durationMs } of spans) {
    from = Math.min(from, startTime);
    to = Math.max(to, startTime + durationMs);
  }
  if (!(from < Infinity)) return { from: 0, to: 1 };
  return { from, to: Math.max(to, from + 0.001) };
}

/** A window half as long or twice as long around a moment, within the bounds of the whole. */
export function zoomed(window: TimeWindow, whole: TimeWindow, factor: number): TimeWindow {
  const middle = (window.from + window.to) / 2;
  const half = Math.max((window.to - window.from) * factor / 2, (whole.to - whole.from) / 2e5);
  const from = Math.max(whole.from, middle - half);
  const to = Math.min(whole.to, middle + half);
  return { from, to };
}
