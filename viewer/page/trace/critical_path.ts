/** What the path needs to know of a span; its place in the list is its identity. */
export interface PathSpan {
  /** The parent's place in the list; -1 at the top. */
  readonly parentIndex: number;
  readonly startTime: number;
  readonly durationMs: number;
}

/** A stretch of time, in milliseconds since the epoch. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Clocks are read one after the other: what is this little outside, in milliseconds, is inside. */
const SLACK = 0.001;

/** The SDKs of JavaScript start a span at a whole millisecond and so may be off by as much. */
const COARSE_SLACK = 1;

/**
 * The critical path of a trace: by the spans' places, the stretches in which the whole waited for a
 * span and for none of its children. It is found from the end backwards: the child that ended last
 * held its parent up; before that child began, the one that had ended last until then; and so on. A
 * child that ran beside such a one, or that outlived its parent, held nothing up. Nothing recurses,
 * since a chain can be as long as the trace.
 *
 * @param spans All spans. Of those at the top, the path begins at the longest.
 */
export function criticalPath(spans: readonly PathSpan[]): Map<number, readonly Stretch[]> {
  const path = new Map<number, Stretch[]>();
  const children = Map.groupBy(spans.keys(), (index) => spans[index]?.parentIndex ?? -1);
  const endOf = (index: number) => {
    const span = spans[index];
    return span === undefined ? -Infinity : span.startTime + span.durationMs;
  };
  const lengthOf = (index: number) => spans[index]?.durationMs ?? 0;
  const [top] = (children.get(-1) ?? []).sort((a, b) => lengthOf(b) - lengthOf(a));
  const work = top === undefined ? [] : [{ index: top, until: endOf(top) }];
  for (let next = work.pop(); next !== undefined; next = work.pop()) {
    const span = spans[next.index];
    if (span === undefined || path.has(next.index)) continue;
    const stretches: Stretch[] = [];
    let cursor = Math.min(endOf(next.index), next.until);
    for (const child of (children.get(next.index) ?? []).sort((a, b) => endOf(b) - endOf(a))) {
      const end = endOf(child);
      const start = spans[child]?.startTime ?? end;
      const slack = Number.isInteger(start) || Number.isInteger(span.startTime)
        ? COARSE_SLACK
        : SLACK;
      const isOutside = end > cursor + slack || start < span.startTime - slack;
      if (isOutside || start >= cursor) continue;
      const stop = Math.min(end, cursor);
      if (stop < cursor) stretches.push({ from: stop, to: cursor });
      work.push({ index: child, until: stop });
      cursor = Math.max(start, span.startTime);
    }
    if (cursor > span.startTime || stretches.length === 0) {
      stretches.push({ from: span.startTime, to: cursor });
    }
    path.set(next.index, stretches);
  }
  return path;
}

/** How long the whole waited for a span itself. */
export function lengthOf(stretches: readonly Stretch[]): number {
  return stretches.reduce((sum, { from, to }) => sum + to - from, 0);
}
