import type { Attributes } from "./common.ts";
import type { ReceivedSpan, SpanKindName, StatusCodeName } from "./spans.ts";

/** A span and what it holds, with nothing in it that differs from one run to the next. */
export interface SpanTree {
  readonly name: string;
  readonly kind: SpanKindName;
  readonly attributes: Attributes;
  /** Only when it is not `UNSET`. */
  readonly status?: StatusCodeName;
  /** The names of the span's events, only when it has any. */
  readonly events?: readonly string[];
  /** The names of the linked spans, only when it has links; `?` for one that is not in the list. */
  readonly links?: readonly string[];
  readonly children: readonly SpanTree[];
}

/**
 * The spans as nested plain objects, so that a test can compare a whole trace, or several, with one
 * assertion. A span whose parent is not in the list is a root; siblings stand in the order in which
 * they started.
 *
 * @throws {Error} When a span is in the list twice, or its parents run in a circle.
 */
export function spanTree(spans: readonly ReceivedSpan[]): SpanTree[] {
  const byKey = new Map<string, ReceivedSpan>();
  for (const span of spans) {
    const key = keyOf(span.traceId, span.spanId);
    if (byKey.has(key)) {
      throw new Error(`Span "${span.name}" (${span.spanId}) is there twice`);
    }
    byKey.set(key, span);
  }
  const roots: ReceivedSpan[] = [];
  const children = new Map<string, ReceivedSpan[]>();
  for (const span of [...spans].sort(inOrder)) {
    const parent = keyOf(span.traceId, span.parentSpanId ?? "");
    if (!byKey.has(parent)) roots.push(span);
    else children.set(parent, [...children.get(parent) ?? [], span]);
  }

  let placed = 0;
  const toTree = (span: ReceivedSpan): SpanTree => {
    placed++;
    const links = span.links.map((link) =>
      byKey.get(keyOf(link.traceId, link.spanId))?.name ?? "?"
    );
    return {
      name: span.name,
      kind: span.kind,
      attributes: span.attributes,
      ...(span.status.code !== "UNSET" && { status: span.status.code }),
      ...(span.events.length > 0 &&
        { events: span.events.map((event) => event.name) }),
      ...(links.length > 0 && { links }),
      children: (children.get(keyOf(span.traceId, span.spanId)) ?? []).map(
        toTree,
      ),
    };
  };
  const trees = roots.map(toTree);
  if (placed < spans.length) {
    throw new Error(
      `The parents of ${spans.length - placed} spans run in a circle`,
    );
  }
  return trees;
}

function keyOf(traceId: string, spanId: string): string {
  return `${traceId}/${spanId}`;
}

/**
 * By their start; the clock may show many starts as one moment, and then those that ended, and so
 * arrived, first come first: what was done one after the other stays in order.
 */
function inOrder(a: ReceivedSpan, b: ReceivedSpan): number {
  return a.startTime < b.startTime ? -1 : a.startTime > b.startTime ? 1 : 0;
}
