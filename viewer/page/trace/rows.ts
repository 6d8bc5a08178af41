import type { LogEntry, Span } from "../../api/model.ts";

/** A row of the waterfall: a span, or a log where it was written. */
export type Row = SpanRow | LogRow;

/** A span; its `index` is its place in the list of spans. */
export interface SpanRow {
  readonly type: "span";
  readonly key: string;
  readonly index: number;
  readonly span: Span;
  readonly level: number;
  /** How many rows stand right below it, shown or not. */
  readonly children: number;
  readonly open: boolean;
}

/** A log, below the span that wrote it. */
export interface LogRow {
  readonly type: "log";
  readonly key: string;
  readonly log: LogEntry;
  readonly level: number;
}

/** What the rows are made from. */
export interface RowSource {
  readonly spans: readonly Span[];
  readonly logs: readonly LogEntry[];
}

type Item =
  & { readonly time: number; readonly level: number }
  & (
    | { readonly index: number }
    | { readonly log: LogEntry }
  );

/**
 * The rows of a waterfall from the top down: below a span come its children and its logs in the
 * order of time. Logs of no span that is here stand at the top level.
 *
 * @param source The spans, parents before children, and the logs of a trace.
 * @param collapsed The ids of the spans whose children are hidden.
 */
export function waterfallRows(
  { spans, logs }: RowSource,
  collapsed: ReadonlySet<string>,
): Row[] {
  const below = groupByParent(spans, logs);
  const rows: Row[] = [];
  const stack = itemsBelow(below, -1, 0);
  for (let item = stack.pop(); item !== undefined; item = stack.pop()) {
    const { level } = item;
    if ("log" in item) {
      rows.push({ type: "log", key: `log-${item.log.id}`, log: item.log, level });
      continue;
    }
    const { index } = item;
    const span = spans[index];
    if (span === undefined) continue;
    const children = below.get(index)?.length ?? 0;
    const open = children > 0 && !collapsed.has(span.spanId);
    rows.push({ type: "span", key: `span-${index}`, index, span, level, children, open });
    if (open) stack.push(...itemsBelow(below, index, level + 1));
  }
  return rows;
}

type Child =
  & { readonly time: number }
  & (
    | { readonly index: number }
    | { readonly log: LogEntry }
  );

function groupByParent(
  spans: readonly Span[],
  logs: readonly LogEntry[],
): Map<number, Child[]> {
  const below = new Map<number, Child[]>();
  const add = (parent: number, child: Child) => {
    const list = below.get(parent);
    if (list === undefined) below.set(parent, [child]);
    else list.push(child);
  };
  const places = new Map<string, number>();
  for (const [index, span] of spans.entries()) {
    if (!places.has(span.spanId)) places.set(span.spanId, index);
    add(span.parentIndex, { time: span.startTime, index });
  }
  for (const log of logs) {
    add(places.get(log.spanId ?? "") ?? -1, { time: log.time, log });
  }
  for (const list of below.values()) list.sort((a, b) => a.time - b.time);
  return below;
}

/** What is right below, the last first, as a stack wants it. */
function itemsBelow(below: ReadonlyMap<number, Child[]>, parent: number, level: number): Item[] {
  return (below.get(parent) ?? []).map((child) => ({ ...child, level })).reverse();
}
