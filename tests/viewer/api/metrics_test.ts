import assert from "node:assert/strict";
import type { MetricData, MetricList, Resource } from "../../../viewer/api/model.ts";
import type { Viewer } from "../../../viewer/mod.ts";
import {
  ask,
  askRefused,
  attribute,
  metricsRequest,
  nanos,
  send,
  span,
  startTestViewer,
  THEN,
  TRACE_ID,
  tracesRequest,
} from "../_viewer.ts";

async function sendCounter(viewer: Viewer, seconds: number, routes: readonly string[]) {
  await send(
    viewer,
    metricsRequest([{
      name: "requests",
      description: "Requests served",
      unit: "{request}",
      sum: {
        aggregationTemporality: 2,
        isMonotonic: true,
        dataPoints: routes.map((route, i) => ({
          timeUnixNano: nanos(seconds * 1000 + i),
          asInt: seconds * 10,
          attributes: [attribute("route", route)],
          exemplars: [{
            timeUnixNano: nanos(seconds * 1000),
            asInt: 1,
            traceId: TRACE_ID,
            filteredAttributes: [attribute("user", "u1")],
          }],
        })),
      },
    }]),
  );
}

async function only(viewer: Viewer, query = ""): Promise<MetricData> {
  const { instruments: [instrument] }: MetricList = await ask(viewer, "/api/metrics");
  return await ask(viewer, `/api/metrics/${instrument?.id}?${query}`);
}

Deno.test("GET /api/metrics lists instruments and finds them by text and service", async () => {
  await using viewer = await startTestViewer();
  await sendCounter(viewer, 1, ["/", "/orders"]);
  await send(
    viewer,
    metricsRequest([{
      name: "load",
      gauge: { dataPoints: [{ timeUnixNano: nanos(0), asDouble: 0.5 }] },
    }], "stock"),
  );
  const { instruments }: MetricList = await ask(viewer, "/api/metrics");
  assert.deepEqual(instruments.map(({ service, name }) => `${service} ${name}`), [
    "shop requests",
    "stock load",
  ]);
  const [requests] = instruments;
  assert.deepEqual({ ...requests, id: "" }, {
    id: "",
    service: "shop",
    scope: "test",
    name: "requests",
    description: "Requests served",
    unit: "{request}",
    kind: "counter",
    temporality: "cumulative",
    seriesCount: 2,
    attributeKeys: ["route"],
    lastTime: THEN + 1001,
  });
  const names = async (query: string) =>
    (await ask<MetricList>(viewer, `/api/metrics?${query}`)).instruments.map(({ name }) => name);
  assert.deepEqual(await names("q=SERVED"), ["requests"]);
  assert.deepEqual(await names("service=stock"), ["load"]);
});

Deno.test("GET /api/metrics/{id} cuts out the time, the series and the points that are wanted", async () => {
  await using viewer = await startTestViewer();
  for (let second = 1; second <= 40; second++) {
    await sendCounter(viewer, second, second === 40 ? ["/"] : ["/", "/orders"]);
  }
  const data = await only(viewer);
  assert.ok(data.shape === "number");
  assert.deepEqual([data.series.length, data.seriesTotal], [2, 2]);
  assert.deepEqual(data.series[0]?.attributes, [{ key: "route", value: "/" }]);
  assert.equal(data.series[0]?.points.length, 40);

  const part = await only(viewer, `attr=route:/orders&from=${THEN + 10_000}&to=${THEN + 12_999}`);
  assert.ok(part.shape === "number");
  assert.deepEqual(part.series.map(({ points }) => points), [[
    { time: THEN + 10_001, value: 100, rate: 10 },
    { time: THEN + 11_001, value: 110, rate: 10 },
    { time: THEN + 12_001, value: 120, rate: 10 },
  ]]);

  const few = await only(viewer, "points=10&series=1");
  assert.ok(few.shape === "number");
  assert.deepEqual([few.series.length, few.seriesTotal], [1, 2]);
  const [series] = few.series;
  assert.equal(series?.points.length, 10);
  assert.deepEqual(series?.points.at(-1), { time: THEN + 40_000, value: 400, rate: 10 });
});

Deno.test("GET /api/metrics/{id} gives exemplars and whether their traces are kept", async () => {
  await using viewer = await startTestViewer();
  await sendCounter(viewer, 1, ["/"]);
  const exemplar = async () => (await only(viewer)).series[0]?.exemplars[0];
  assert.deepEqual(await exemplar(), {
    time: THEN + 1000,
    value: 1,
    traceId: TRACE_ID,
    traceKnown: false,
    attributes: [{ key: "user", value: "u1" }],
  });
  await send(viewer, tracesRequest([span()]));
  assert.equal((await exemplar())?.traceKnown, true);
  await sendCounter(viewer, 2, ["/"]);
  const { series: [series] } = await only(viewer);
  assert.deepEqual(series?.exemplars.map(({ time }) => time), [THEN + 1000, THEN + 2000]);
});

Deno.test("GET /api/metrics/{id} and /api/resources/{id} answer 404 when there is none", async () => {
  await using viewer = await startTestViewer();
  await sendCounter(viewer, 1, ["/"]);
  const { series: [series] } = await only(viewer);
  const resource: Resource = await ask(viewer, `/api/resources/${series?.resourceId}`);
  assert.deepEqual(resource.attributes, [{ key: "service.name", value: "shop" }]);
  assert.equal((await askRefused(viewer, "/api/metrics/none")).status, 404);
  assert.equal((await askRefused(viewer, "/api/resources/none")).status, 404);
});

Deno.test("GET /api/metrics/{id} shows a summary with its quantiles", async () => {
  await using viewer = await startTestViewer();
  const quantileValues = [{ quantile: 0.5, value: 2 }, { quantile: 0.99, value: 9 }];
  await send(
    viewer,
    metricsRequest([{
      name: "old",
      summary: { dataPoints: [{ timeUnixNano: nanos(1), count: "3", sum: 12, quantileValues }] },
    }]),
  );
  const data = await only(viewer);
  assert.ok(data.shape === "summary");
  assert.deepEqual(data.series[0]?.points, [
    { time: THEN + 1, count: 3, sum: 12, quantiles: quantileValues },
  ]);
});
