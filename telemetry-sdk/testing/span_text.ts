import type { AttributeValue } from "@opentelemetry/api";
import type { TestSpan } from "./test_span.ts";

/** What a tree of spans shows beside names, kinds and failures. */
export interface SpanTreeOptions {
  /** The attributes to show, by name, in this order; none unless told. */
  readonly attributes?: readonly string[];
  /** Whether the spans' events are shown; not unless told. */
  readonly events?: boolean;
}

/**
 * Spans as an indented text with nothing in it that differs from one run to the next. A span whose parent is
 * not among them stands at the margin.
 *
 * @param spans The spans, in the order in which siblings are shown.
 * @param options What to show.
 */
export function spanText(spans: readonly TestSpan[], options: SpanTreeOptions = {}): string {
  const known = new Set(spans.map(keyOf));
  const children = Map.groupBy(spans, (span) => {
    const parent = span.parentSpanId && keyOf({ ...span, spanId: span.parentSpanId });
    return parent !== undefined && known.has(parent) ? parent : "";
  });
  const lines: string[] = [];
  const write = (span: TestSpan, depth: number) => {
    const indent = "  ".repeat(depth);
    lines.push(indent + spanLine(span, options));
    for (const { name } of options.events === true ? span.events : []) {
      lines.push(`${indent}  * ${oneLine(name)}`);
    }
    for (const child of children.get(keyOf(span)) ?? []) write(child, depth + 1);
  };
  for (const root of children.get("") ?? []) write(root, 0);
  return lines.join("\n");
}

function keyOf({ traceId, spanId }: Pick<TestSpan, "traceId" | "spanId">): string {
  return `${traceId}/${spanId}`;
}

function spanLine(
  { name, kind, status, attributes }: TestSpan,
  { attributes: wanted = [] }: SpanTreeOptions,
): string {
  const shown = wanted.flatMap((key) => {
    const value = attributes[key];
    return value === undefined ? [] : [`${key}=${valueText(value)}`];
  });
  return [
    `${kind} ${oneLine(name)}`,
    ...(status.code === "UNSET" ? [] : [status.code]),
    ...(status.message === undefined ? [] : [JSON.stringify(status.message)]),
    ...(shown.length === 0 ? [] : [`{${shown.join(", ")}}`]),
  ].join(" ");
}

function valueText(value: AttributeValue): string {
  // JSON has no NaN and no Infinity.
  return typeof value === "number" ? String(value) : JSON.stringify(value);
}

/** A line break in a name must not look like another span. */
function oneLine(text: string): string {
  return text.replaceAll(/[\r\n\u2028\u2029]/g, " ");
}
