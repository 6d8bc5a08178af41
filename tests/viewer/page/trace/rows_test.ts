import assert from "node:assert/strict";
import type { LogEntry, Span } from "../../../../viewer/api/model.ts";
import { type Row, waterfallRows } from "../../../../viewer/page/trace/rows.ts";

function span(spanId: string, parentIndex: number, startTime: number): Span {
  return {
    spanId,
    parentIndex,
    depth: 0,
    name: spanId,
    kind: "internal",
    service: "shop",
    resourceId: "r",
    scopeIndex: 0,
    startTime,
    durationMs: 10,
    status: "unset",
    attributes: [],
    events: [],
    links: [],
    whole: true,
  };
}

function log(id: string, spanId: string | undefined, time: number): LogEntry {
  return {
    id,
    time,
    severityNumber: 9,
    body: id,
    attributes: [],
    service: "shop",
    resourceId: "r",
    scope: "",
    whole: true,
    ...(spanId !== undefined && { spanId }),
  };
}

function shape(rows: readonly Row[]): string[] {
  return rows.map((row) =>
    "  ".repeat(row.level) + (row.type === "log" ? `log ${row.log.id}` : row.span.spanId)
  );
}

const spans = [span("root", -1, 0), span("a", 0, 1), span("b", 1, 2), span("c", 0, 8)];

Deno.test("waterfallRows() places logs by time among the children of their span", () => {
  const logs = [log("late", "root", 5), log("inner", "b", 3), log("lost", "nobody", 1)];
  assert.deepEqual(shape(waterfallRows({ spans, logs }, new Set())), [
    "root",
    "  a",
    "    b",
    "      log inner",
    "  log late",
    "  c",
    "log lost",
  ]);
});

Deno.test("waterfallRows() hides what is below a collapsed span", () => {
  const rows = waterfallRows({ spans, logs: [log("inner", "b", 3)] }, new Set(["a"]));
  assert.deepEqual(shape(rows), ["root", "  a", "  c"]);
  const [, a] = rows;
  assert.ok(a?.type === "span");
  assert.deepEqual([a.children, a.open], [1, false]);
});

Deno.test("waterfallRows() bears a chain of 20,000 spans and spans of one id", () => {
  const chain = Array.from({ length: 20_000 }, (_, i) => span("same", i - 1, i));
  const rows = waterfallRows({ spans: chain, logs: [] }, new Set());
  assert.equal(rows.length, 20_000);
  assert.equal(rows.at(-1)?.level, 19_999);
});
