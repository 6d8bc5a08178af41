import assert from "node:assert/strict";
import type { Facets, SpanPage, TracePage } from "../../../viewer/api/model.ts";
import type { Viewer } from "../../../viewer/mod.ts";
import {
  ask,
  askRefused,
  askTrace,
  attribute,
  id,
  logsRequest,
  nanos,
  send,
  span,
  type SpanShape,
  startTestViewer,
  THEN,
  tracesRequest,
} from "../_viewer.ts";

/** Sends traces of one span each; their numbers are their ids. */
async function sendTraces(viewer: Viewer, shapes: readonly SpanShape[]): Promise<void> {
  for (const [i, shape] of shapes.entries()) {
    const one = span({ traceId: id(i + 1, 32), spanId: id(i + 1), ...shape });
    await send(viewer, tracesRequest([one], i % 2 === 0 ? "shop" : "stock"));
  }
}

/** The numbers of the traces that a query finds. */
async function find(viewer: Viewer, query: string): Promise<number[]> {
  const { traces, complete }: TracePage = await ask(viewer, `/api/traces?${query}`);
  assert.ok(complete);
  return traces.map(({ traceId }) => Number.parseInt(traceId, 16));
}

Deno.test("GET /api/traces finds traces by what they are like", async () => {
  await using viewer = await startTestViewer();
  const http = (route: string, status: number) => ({
    "http.request.method": "GET",
    "http.route": route,
    "http.response.status_code": status,
  });
  await sendTraces(viewer, [
    { name: "GET /orders/:id", attributes: http("/orders/:id", 200), lasts: 5 },
    { name: "GET /orders", attributes: http("/orders", 404), lasts: 50 },
    { name: "POST /pay", attributes: http("/pay", 500), lasts: 500, status: 2, at: 1000 },
    { name: "job.process", kind: 5, attributes: { "job.name": "receipt:send", tries: 2 } },
  ]);
  assert.deepEqual(await find(viewer, ""), [4, 3, 2, 1]);
  assert.deepEqual(await find(viewer, "q=ORDERS"), [2, 1]);
  assert.deepEqual(await find(viewer, `q=${id(3, 32)}`), [3]);
  assert.deepEqual(await find(viewer, "service=stock"), [4, 2]);
  assert.deepEqual(await find(viewer, "route=/orders/:id"), [1]);
  assert.deepEqual(await find(viewer, "status=error"), [3]);
  assert.deepEqual(await find(viewer, "status=ok"), [4, 2, 1]);
  assert.deepEqual(await find(viewer, "status=404"), [2]);
  assert.deepEqual(await find(viewer, "status=5xx"), [3]);
  assert.deepEqual(await find(viewer, "minDurationMs=50"), [3, 2]);
  assert.deepEqual(await find(viewer, "attr=job.name:receipt:send"), [4]);
  assert.deepEqual(await find(viewer, "attr=job.name&attr=tries:2"), [4]);
  assert.deepEqual(await find(viewer, "attr=tries:3"), []);
  assert.deepEqual(await find(viewer, "attr=http.route&attr=service.name:stock"), [2]);
  assert.deepEqual(await find(viewer, `from=${THEN + 500}`), [3]);
  assert.deepEqual(await find(viewer, `to=${THEN + 500}&q=orders`), [2, 1]);
  const facets: Facets = await ask(viewer, "/api/facets");
  assert.deepEqual(facets.services, [{ value: "shop", count: 2 }, { value: "stock", count: 2 }]);
  assert.deepEqual(facets.routes.map(({ value }) => value), ["/orders", "/orders/:id", "/pay"]);
});

Deno.test("GET /api/traces gives page after page, and none twice when traces arrive between", async () => {
  await using viewer = await startTestViewer();
  await sendTraces(viewer, Array.from({ length: 25 }, () => ({})));
  const seen: string[] = [];
  let next: string | undefined = "";
  do {
    const page: TracePage = await ask(
      viewer,
      `/api/traces?limit=10${next === "" ? "" : `&before=${next}`}`,
    );
    seen.push(...page.traces.map(({ traceId }) => traceId));
    next = page.next;
    await send(viewer, tracesRequest([span({ traceId: id(100 + seen.length, 32) })]));
  } while (next !== undefined);
  assert.deepEqual(seen, Array.from({ length: 25 }, (_, i) => id(25 - i, 32)));
});

Deno.test("GET /api/traces says which parameter is wrong", async () => {
  await using viewer = await startTestViewer();
  for (
    const [query, parameter] of [
      ["limit=0", "limit"],
      ["limit=1.5", "limit"],
      ["before=newest", "before"],
      ["status=bad", "status"],
      ["minDurationMs=-1", "minDurationMs"],
      ["from=today", "from"],
      [`q=${"x".repeat(2000)}`, "q"],
    ]
  ) {
    const { status, message } = await askRefused(viewer, `/api/traces?${query}`);
    assert.equal(status, 400);
    assert.ok(message.startsWith(`Parameter "${parameter}"`), message);
  }
});

Deno.test("GET /api/traces/{id} lays the spans out depth first, whatever their order of arrival", async () => {
  await using viewer = await startTestViewer();
  const shapes: SpanShape[] = [
    { spanId: id(4), parentSpanId: id(2), name: "grandchild", at: 3 },
    { spanId: id(3), parentSpanId: id(1), name: "second", at: 6, status: 2 },
    { spanId: id(2), parentSpanId: id(1), name: "first", at: 2 },
    { spanId: id(1), name: "root", at: 0, lasts: 20 },
    { spanId: id(5), parentSpanId: id(99), name: "orphan", at: 1 },
  ];
  for (const shape of shapes) await send(viewer, tracesRequest([span(shape)]));
  const { spans, trace } = await askTrace(viewer);
  assert.deepEqual(
    spans.map(({ name, depth, parentIndex, problems }) => [name, depth, parentIndex, problems]),
    [
      ["root", 0, -1, undefined],
      ["first", 1, 0, undefined],
      ["grandchild", 2, 1, undefined],
      ["second", 1, 0, undefined],
      ["orphan", 0, -1, ["parent-missing"]],
    ],
  );
  assert.deepEqual([trace.name, trace.spanCount, trace.errorCount], ["root", 5, 1]);
  assert.deepEqual([trace.rootSeen, trace.durationMs], [true, 20]);
});

Deno.test("GET /api/traces tells that a root was not seen, and takes the first span for it", async () => {
  await using viewer = await startTestViewer();
  await send(
    viewer,
    tracesRequest([
      span({ spanId: id(2), parentSpanId: id(1), name: "later", at: 5 }),
      span({ spanId: id(3), parentSpanId: id(1), name: "earlier", at: 1 }),
    ]),
  );
  const { traces: [trace] }: TracePage = await ask(viewer, "/api/traces");
  assert.deepEqual([trace?.name, trace?.rootSeen], ["earlier", false]);
});

Deno.test("GET /api/traces/{id} can be followed along links, there and back", async () => {
  await using viewer = await startTestViewer();
  const [orders, receipts] = [id(1, 32), id(2, 32)];
  const enqueue = { traceId: orders, spanId: id(2) };
  await send(
    viewer,
    tracesRequest([
      span({ traceId: receipts, spanId: id(3), name: "job.process", kind: 5, links: [enqueue] }),
    ], "worker"),
  );
  const [alone] = (await askTrace(viewer, receipts)).spans;
  assert.deepEqual(alone?.links, [{ ...enqueue, attributes: [], known: false }]);

  await send(
    viewer,
    tracesRequest([
      span({ traceId: orders, spanId: id(1), name: "POST /orders" }),
      span({ traceId: orders, spanId: id(2), parentSpanId: id(1), name: "job.enqueue", kind: 4 }),
    ]),
  );
  const [linked] = (await askTrace(viewer, receipts)).spans;
  assert.deepEqual(linked?.links, [
    { ...enqueue, attributes: [], known: true, name: "job.enqueue", service: "shop" },
  ]);
  assert.deepEqual((await askTrace(viewer, orders)).linkedFrom, [{
    traceId: receipts,
    spanId: id(3),
    name: "job.process",
    service: "worker",
    startTime: THEN,
    toSpanId: id(2),
  }]);
});

Deno.test("GET /api/traces/{id} has the logs of the trace in order of time", async () => {
  await using viewer = await startTestViewer();
  await send(viewer, tracesRequest([span()]));
  const { trace: { traceId } } = await askTrace(viewer);
  const log = (at: number, text: string, of = traceId) => ({
    timeUnixNano: nanos(at),
    body: { stringValue: text },
    traceId: of,
  });
  await send(viewer, logsRequest([log(5, "second"), log(1, "first"), log(2, "other", id(9, 32))]));
  const { logs, trace, resources } = await askTrace(viewer);
  assert.deepEqual(logs.map(({ body }) => body), ["first", "second"]);
  assert.equal(trace.logCount, 2);
  assert.ok(logs.every(({ resourceId }) => resources.some(({ id }) => id === resourceId)));
});

Deno.test("GET /api/traces/{id}/spans/{id} gives whole what the trace shows cut", async () => {
  await using viewer = await startTestViewer();
  const long = "x".repeat(1_000_000);
  const many = { key: "many", value: { arrayValue: { values: Array(500).fill({ intValue: 1 }) } } };
  await send(
    viewer,
    tracesRequest([
      { ...span({ name: `GET ${long}` }), attributes: [attribute("long", long), many] },
    ]),
  );
  const { spans: [cut] } = await askTrace(viewer);
  assert.ok(cut && !cut.whole);
  assert.ok(JSON.stringify(cut).length < 10_000);
  const { spans: [whole] }: SpanPage = await ask(
    viewer,
    `/api/traces/${
      id(0, 32).replace(/.*/, "0AF7651916CD43DD8448EB211C80319C")
    }/spans/${cut.spanId}`,
  );
  assert.ok(whole?.whole);
  assert.equal(whole.name, `GET ${long}`);
  assert.equal(whole.attributes[0]?.value, long);
  assert.equal((whole.attributes[1]?.value as unknown[]).length, 500);
});

Deno.test("GET /api/traces/{id} answers 404 when there is none", async () => {
  await using viewer = await startTestViewer();
  await send(viewer, tracesRequest([span()]));
  for (const path of [id(5, 32), "x", "%3Cscript%3E", "..%2f..%2fetc"]) {
    assert.equal((await askRefused(viewer, `/api/traces/${path}`)).status, 404);
  }
  const { trace: { traceId } } = await askTrace(viewer);
  assert.equal((await askRefused(viewer, `/api/traces/${traceId}/spans/${id(9)}`)).status, 404);
  assert.equal((await askRefused(viewer, "/api/traces/%ff")).status, 400);
  assert.equal((await askRefused(viewer, "/api/nothing")).status, 404);
});

Deno.test("GET /api/traces/{id} is the same whichever letters the id is written in", async () => {
  await using viewer = await startTestViewer();
  const traceId = id(0xabc, 32);
  await send(viewer, tracesRequest([span({ traceId, spanId: id(1) })]));
  const linking = span({ traceId: id(2, 32), spanId: id(2), links: [{ traceId, spanId: id(1) }] });
  await send(viewer, tracesRequest([linking]));
  await send(viewer, logsRequest([{ traceId, body: { stringValue: "hi" } }]));
  const detail = await askTrace(viewer, traceId);
  assert.deepEqual([detail.logs.length, detail.linkedFrom.length], [1, 1]);
  assert.deepEqual(await askTrace(viewer, traceId.toUpperCase()), detail);
});
