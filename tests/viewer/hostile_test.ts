import assert from "node:assert/strict";
import type { TracePage } from "../../viewer/api/model.ts";
import {
  ask,
  askTrace,
  attribute,
  id,
  metricsRequest,
  nanos,
  send,
  span,
  startTestViewer,
  tracesRequest,
} from "./_viewer.ts";

Deno.test("a circle of parents is shown once, and said to be one", async () => {
  await using viewer = await startTestViewer();
  await send(
    viewer,
    tracesRequest([
      span({ spanId: id(1), parentSpanId: id(2), name: "a", at: 1 }),
      span({ spanId: id(2), parentSpanId: id(3), name: "b", at: 2 }),
      span({ spanId: id(3), parentSpanId: id(1), name: "c", at: 3 }),
      span({ spanId: id(4), parentSpanId: id(4), name: "itself", at: 4 }),
      span({ spanId: id(5), parentSpanId: id(3), name: "hangs on", at: 5 }),
    ]),
  );
  const { spans } = await askTrace(viewer);
  assert.deepEqual(spans.map(({ name, depth, problems }) => [name, depth, problems]), [
    ["a", 0, ["parent-cycle"]],
    ["c", 1, undefined],
    ["b", 2, undefined],
    ["hangs on", 2, undefined],
    ["itself", 0, ["parent-cycle"]],
  ]);
});

Deno.test("spans with the same id are all shown, under the parent that was running", async () => {
  await using viewer = await startTestViewer();
  await send(
    viewer,
    tracesRequest([
      span({ spanId: id(1), name: "early", at: 0, lasts: 10 }),
      span({ spanId: id(1), name: "late", at: 100, lasts: 10 }),
      span({ spanId: id(2), parentSpanId: id(1), name: "child", at: 105, lasts: 1 }),
    ]),
  );
  const { spans } = await askTrace(viewer);
  assert.deepEqual(spans.map(({ name, parentIndex, problems }) => [name, parentIndex, problems]), [
    ["early", -1, ["duplicate-id"]],
    ["late", -1, ["duplicate-id"]],
    ["child", 1, undefined],
  ]);
});

Deno.test("a span from the future is shown as one", async () => {
  await using viewer = await startTestViewer();
  const soon = String(BigInt(Date.now() + 3_600_000) * 1_000_000n);
  const never = String(2n ** 64n - 1n);
  await send(
    viewer,
    tracesRequest([
      { ...span({ spanId: id(1) }), startTimeUnixNano: soon, endTimeUnixNano: never },
    ]),
  );
  const { spans: [found], trace } = await askTrace(viewer);
  assert.deepEqual(found?.problems, ["future"]);
  assert.ok(Number.isFinite(trace.durationMs));
});

Deno.test("markup, controls and odd keys come out as they came in, as JSON and nothing else", async () => {
  await using viewer = await startTestViewer();
  const name = `<script>alert(1)</script>\u202e\u0000"'&`;
  const odd = ["__proto__", "constructor", "toString", "", "<img src=x onerror=alert(1)>"];
  await send(
    viewer,
    tracesRequest([
      { ...span({ name }), attributes: odd.map((key) => attribute(key, name)) },
    ], name),
  );
  const answer = await fetch(`${viewer.url}/api/traces`);
  assert.match(answer.headers.get("content-type") ?? "", /^application\/json/);
  assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
  const { traces: [trace] }: TracePage = await answer.json();
  assert.deepEqual([trace?.name, trace?.service], [name, name]);
  const { spans: [found] } = await askTrace(viewer);
  assert.deepEqual(found?.attributes, odd.map((key) => ({ key, value: name })));
  const filtered: TracePage = await ask(
    viewer,
    `/api/traces?attr=${encodeURIComponent(`__proto__:${name}`)}`,
  );
  assert.equal(filtered.traces.length, 1);
});

Deno.test("a trace as deep as it has spans is laid out", async () => {
  await using viewer = await startTestViewer();
  const depth = 20_000;
  const spans = Array.from(
    { length: depth },
    (_, i) =>
      span({ spanId: id(i + 1), ...(i > 0 && { parentSpanId: id(i) }), at: i, lasts: depth - i }),
  );
  await send(viewer, tracesRequest(spans));
  const trace = await askTrace(viewer);
  assert.equal(trace.spans.length, depth);
  assert.equal(trace.spans.at(-1)?.depth, depth - 1);
});

Deno.test("a huge trace is counted whole, kept in part and answered within bounds", async () => {
  await using viewer = await startTestViewer();
  const attributes = { text: "x".repeat(3000) };
  for (let part = 0; part < 6; part++) {
    const spans = Array.from(
      { length: 5000 },
      (_, i) => span({ spanId: id(part * 5000 + i + 1), name: "many", at: i, attributes }),
    );
    await send(viewer, tracesRequest(spans));
  }
  const answer = await fetch(`${viewer.url}/api/traces/${(await row()).traceId}`);
  const text = await answer.text();
  assert.ok(text.length < 32 * 2 ** 20, `${text.length}`);
  const { trace, spans } = JSON.parse(text);
  assert.equal(trace.spanCount, 30_000);
  assert.equal(trace.spanCount - trace.spansNotKept, spans.length);
  assert.ok(spans.length > 1000 && spans.length <= 20_000);
  assert.deepEqual([spans[0].whole, spans.at(-1).whole], [true, false]);
  assert.deepEqual(spans.at(-1).attributes, []);
  async function row() {
    const { traces: [found] }: TracePage = await ask(viewer, "/api/traces");
    assert.ok(found);
    return found;
  }
});

Deno.test("a span with very many links is kept, and one that is too large is refused alone", async () => {
  await using viewer = await startTestViewer({ memoryMb: 64 });
  const links = Array.from(
    { length: 20_000 },
    (_, i) => ({ traceId: id(i + 1, 32), spanId: id(1) }),
  );
  await send(viewer, tracesRequest([span({ links })]));
  const { spans: [found] } = await askTrace(viewer);
  assert.equal(found?.links.length, 20_000);
  const huge = JSON.stringify(tracesRequest([
    span({ spanId: id(2), attributes: { text: "x".repeat(9 * 2 ** 20) } }),
  ]));
  const answer = await fetch(`${viewer.url}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: huge,
  });
  const { partialSuccess } = await answer.json();
  assert.equal(partialSuccess.rejectedSpans, "1");
  assert.match(partialSuccess.errorMessage, /larger than/);
});

Deno.test("a metric with senseless numbers does not break the page's answers", async () => {
  await using viewer = await startTestViewer();
  const points = [
    { timeUnixNano: nanos(1), asDouble: 1e308 },
    { timeUnixNano: nanos(1), asDouble: -1e308 },
    { timeUnixNano: nanos(2), asInt: "9223372036854775807" },
  ];
  const data = { aggregationTemporality: 1, isMonotonic: true, dataPoints: points };
  await send(viewer, metricsRequest([{ name: "sum", sum: data }]));
  const { instruments: [instrument] } = await ask<{ instruments: { id: string }[] }>(
    viewer,
    "/api/metrics",
  );
  const text = await (await fetch(`${viewer.url}/api/metrics/${instrument?.id}`)).text();
  assert.doesNotMatch(text, /null/);
});
