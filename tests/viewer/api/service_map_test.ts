import assert from "node:assert/strict";
import type { ServiceMap } from "../../../viewer/api/model.ts";
import { ask, id, send, span, startTestViewer, tracesRequest } from "../_viewer.ts";

Deno.test("GET /api/service-map shows services, and what does not tell about itself", async () => {
  await using viewer = await startTestViewer();
  await send(
    viewer,
    tracesRequest([
      span({ spanId: id(1), name: "GET /" }),
      span({
        spanId: id(2),
        parentSpanId: id(1),
        kind: 3,
        attributes: { "server.address": "stock.internal" },
      }),
      span({ spanId: id(3), parentSpanId: id(1), kind: 3, attributes: { "db.system.name": "kv" } }),
      span({
        spanId: id(4),
        parentSpanId: id(1),
        kind: 4,
        attributes: { "messaging.destination.name": "mail" },
      }),
      span({
        spanId: id(5),
        parentSpanId: id(1),
        kind: 3,
        status: 2,
        attributes: { "server.address": "pay.example" },
      }),
    ]),
  );
  await send(
    viewer,
    tracesRequest([
      span({ spanId: id(6), parentSpanId: id(2), status: 2, lasts: 30 }),
    ], "stock"),
  );
  await send(
    viewer,
    tracesRequest([
      span({
        traceId: id(2, 32),
        spanId: id(7),
        kind: 5,
        attributes: { "messaging.destination.name": "mail" },
      }),
    ], "worker"),
  );
  const map: ServiceMap = await ask(viewer, "/api/service-map");
  const names = new Map(map.nodes.map(({ id, name }) => [id, name]));
  assert.deepEqual(
    map.nodes.map(({ name, kind, count, errorCount }) => `${name} ${kind} ${count} ${errorCount}`)
      .sort(),
    [
      "kv database 1 0",
      "mail queue 1 0",
      "pay.example external 1 1",
      "shop service 1 0",
      "stock service 1 1",
      "worker service 1 0",
    ],
  );
  assert.deepEqual(
    map.edges.map(({ from, to, errorCount }) =>
      `${names.get(from)} -> ${names.get(to)} ${errorCount}`
    ).sort(),
    [
      "mail -> worker 0",
      "shop -> kv 0",
      "shop -> mail 0",
      "shop -> pay.example 1",
      "shop -> stock 1",
    ],
  );
  const stock = map.nodes.find(({ name }) => name === "stock");
  assert.deepEqual([stock?.p50Ms, stock?.p99Ms], [30, 30]);
  assert.deepEqual([map.traces, map.complete], [2, true]);
});

Deno.test("GET /api/service-map is empty when there is nothing", async () => {
  await using viewer = await startTestViewer();
  assert.deepEqual(await ask(viewer, "/api/service-map"), {
    nodes: [],
    edges: [],
    traces: 0,
    from: 0,
    to: 0,
    complete: true,
  });
});
