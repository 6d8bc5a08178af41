import { startOf, type StoredSpan } from "../store/trace.ts";

/** A span in its place in the waterfall. */
export interface PlacedSpan {
  readonly span: StoredSpan;
  /** The parent's place in the list; -1 at the top. */
  readonly parentIndex: number;
  readonly depth: number;
  readonly parentMissing: boolean;
  readonly inCycle: boolean;
  readonly duplicateId: boolean;
}

/**
 * Lays out the spans of a trace depth first, siblings by their start. Whatever the spans say of
 * each other, each is there once: one whose parent is missing is put at the top, and so is the
 * first span of a circle of parents.
 */
export function placeSpans(spans: readonly StoredSpan[]): PlacedSpan[] {
  const sorted = spans.toSorted((a, b) => startOf(a) - startOf(b));
  const byId = Map.groupBy(sorted, ({ spanId }) => spanId);
  const parents = new Map<StoredSpan, StoredSpan>();
  const children = new Map<StoredSpan, StoredSpan[]>();
  const tops: StoredSpan[] = [];
  for (const span of sorted) {
    const parent = parentOf(span, byId);
    if (parent === undefined) {
      tops.push(span);
      continue;
    }
    parents.set(span, parent);
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [span]);
    else siblings.push(span);
  }

  const placed: PlacedSpan[] = [];
  const seen = new Set<StoredSpan>();
  const place = (top: StoredSpan, inCycle: boolean) => {
    const waiting = [{ span: top, parentIndex: -1, depth: 0 }];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { span, parentIndex, depth } = next;
      if (seen.has(span)) continue;
      seen.add(span);
      const index = placed.push({
        span,
        parentIndex,
        depth,
        parentMissing: span.parentSpanId !== "" && !parents.has(span),
        inCycle: inCycle && span === top,
        duplicateId: (byId.get(span.spanId)?.length ?? 0) > 1,
      }) - 1;
      for (const child of (children.get(span) ?? []).toReversed()) {
        waiting.push({ span: child, parentIndex: index, depth: depth + 1 });
      }
    }
  };
  for (const top of tops) place(top, false);
  // What no top leads to goes around in a circle, or hangs on one.
  for (const span of sorted) {
    if (!seen.has(span)) place(span, true);
  }
  return placed;
}

/** Of several spans with the parent's id, the one that was running when this one began. */
function parentOf(
  span: StoredSpan,
  byId: ReadonlyMap<string, readonly StoredSpan[]>,
): StoredSpan | undefined {
  if (span.parentSpanId === "") return undefined;
  const candidates = byId.get(span.parentSpanId);
  if (candidates === undefined || candidates.length === 1) return candidates?.[0];
  const start = startOf(span);
  const others = candidates.filter((candidate) => candidate !== span);
  return others.find((other) =>
    startOf(other) <= start && start <= startOf(other) + other.durationMs
  ) ?? others[0];
}
