import assert from "node:assert/strict";
import { Store } from "../../../viewer/store/store.ts";
import { metricData } from "../../../viewer/api/metric_data.ts";
import type { MetricData } from "../../../viewer/api/model.ts";
import { Query } from "../../../viewer/api/query.ts";
import { metricsRequest, nanos } from "../_viewer.ts";
import { decode } from "./_records.ts";

const DELTA = 1;
const CUMULATIVE = 2;

interface Step {
  readonly start?: number;
  readonly at: number;
}

/** Feeds points to a store, one request each, and asks for the metric's series. */
async function show(
  type: "sum" | "histogram" | "exponentialHistogram",
  temporality: number,
  steps: readonly (Step & Readonly<Record<string, unknown>>)[],
): Promise<MetricData> {
  const store = new Store({ maxBytes: 64 * 2 ** 20 });
  for (const { start, at, ...value } of steps) {
    const point = {
      ...(start !== undefined && { startTimeUnixNano: nanos(start) }),
      timeUnixNano: nanos(at),
      ...value,
    };
    const data = { aggregationTemporality: temporality, isMonotonic: true, dataPoints: [point] };
    await store.add(await decode("metrics", metricsRequest([{ name: "m", [type]: data }])));
  }
  const [instrument] = store.metrics.instruments();
  return metricData(store, instrument?.id ?? "", new Query(new URLSearchParams()));
}

function numbers(data: MetricData): (readonly [number, number | undefined])[] {
  assert.ok(data.shape === "number");
  return data.series[0]?.points.map(({ value, rate }) => [value, rate] as const) ?? [];
}

Deno.test("a counter shows the same when it is sent as delta and as cumulative", async () => {
  const cumulative = await show("sum", CUMULATIVE, [
    { start: 0, at: 1000, asInt: 3 },
    { start: 0, at: 2000, asInt: 5 },
    { start: 0, at: 4000, asInt: 5 },
  ]);
  const delta = await show("sum", DELTA, [
    { start: 0, at: 1000, asInt: 3 },
    { start: 1000, at: 2000, asInt: 2 },
    { start: 2000, at: 4000, asInt: 0 },
  ]);
  assert.deepEqual(numbers(cumulative), [[3, 3], [5, 2], [5, 0]]);
  assert.deepEqual(numbers(delta), numbers(cumulative));
});

Deno.test("a counter goes on when its process began anew", async () => {
  const fallen = await show("sum", CUMULATIVE, [
    { at: 1000, asInt: 100 },
    { at: 2000, asInt: 110 },
    { at: 3000, asInt: 4 },
  ]);
  assert.deepEqual(numbers(fallen), [[100, undefined], [110, 10], [114, 4]]);
  const risen = await show("sum", CUMULATIVE, [
    { start: 500, at: 1000, asInt: 100 },
    { start: 1500, at: 2000, asInt: 130 },
  ]);
  assert.deepEqual(numbers(risen).map(([value]) => value), [100, 230]);
});

Deno.test("a counter has no rate at its first point when it had run for long", async () => {
  const data = await show("sum", CUMULATIVE, [
    { start: -3_600_000, at: 1000, asInt: 9000 },
    { start: -3_600_000, at: 2000, asInt: 9001 },
  ]);
  assert.deepEqual(numbers(data), [[9000, undefined], [9001, 1]]);
});

Deno.test("a series passes over points that are no newer than its last", async () => {
  const data = await show("sum", CUMULATIVE, [
    { at: 2000, asInt: 2 },
    { at: 2000, asInt: 3 },
    { at: 1000, asInt: 1 },
  ]);
  assert.deepEqual(numbers(data), [[2, undefined]]);
});

Deno.test("a series goes on after a point that was dated in the far future", async () => {
  const year = 365 * 24 * 60 * 60_000;
  const data = await show("sum", CUMULATIVE, [
    { at: 1000, asInt: 2 },
    { at: 100 * year, asInt: 3 },
    { at: 2000, asInt: 4 },
    { at: 3000, asInt: 5 },
  ]);
  assert.deepEqual(numbers(data).map(([value]) => value), [4, 5]);
});

Deno.test("a first delta is shown when it is not said since when it counts", async () => {
  const data = await show("histogram", DELTA, [
    { at: 1000, count: 3, bucketCounts: [1, 2], explicitBounds: [1] },
  ]);
  assert.ok(data.shape === "histogram");
  const [point] = data.series[0]?.points ?? [];
  assert.deepEqual([point?.count, point?.intervalMs], [3, 0]);
  assert.deepEqual(numbers(await show("sum", DELTA, [{ at: 1000, asInt: 3 }])), [[3, undefined]]);
});

function histograms(data: MetricData) {
  assert.ok(data.shape === "histogram");
  const [series] = data.series;
  return {
    bounds: series?.bounds,
    points: series?.points.map(({ count, counts, sum }) => [count, counts, sum]),
  };
}

Deno.test("a histogram shows what came between its points", async () => {
  const explicitBounds = [1, 10];
  const data = await show("histogram", CUMULATIVE, [
    { start: 0, at: 1000, count: 2, sum: 3, bucketCounts: [1, 1, 0], explicitBounds },
    { start: 0, at: 2000, count: 5, sum: 33, bucketCounts: [1, 3, 1], explicitBounds },
  ]);
  assert.deepEqual(histograms(data), {
    bounds: [1, 10],
    points: [[2, [1, 1, 0], 3], [3, [0, 2, 1], 30]],
  });
});

Deno.test("a histogram estimates its quantiles within their buckets", async () => {
  const data = await show("histogram", DELTA, [
    { start: 0, at: 1000, count: 100, bucketCounts: [50, 50, 0], explicitBounds: [1, 3] },
  ]);
  assert.ok(data.shape === "histogram");
  const { p50, p95, p99 } = data.series[0]?.points[0] ?? {};
  assert.deepEqual([p50, p95?.toFixed(2), p99?.toFixed(2)], [1, "2.80", "2.96"]);
});

Deno.test("a histogram begins anew when its bounds have changed", async () => {
  const data = await show("histogram", DELTA, [
    { start: 0, at: 1000, count: 1, bucketCounts: [1, 0], explicitBounds: [1] },
    { start: 1000, at: 2000, count: 2, bucketCounts: [0, 2], explicitBounds: [5] },
  ]);
  assert.deepEqual(histograms(data), { bounds: [5], points: [[2, [0, 2], undefined]] });
});

Deno.test("an exponential histogram keeps its counts when its scale changes", async () => {
  const data = await show("exponentialHistogram", CUMULATIVE, [
    {
      start: 0,
      at: 1000,
      count: 4,
      scale: 1,
      zeroCount: 1,
      positive: { offset: 0, bucketCounts: [1, 1] },
      negative: { offset: 2, bucketCounts: [1] },
    },
    {
      start: 0,
      at: 2000,
      count: 7,
      scale: 0,
      zeroCount: 1,
      positive: { offset: 0, bucketCounts: [2, 3] },
      negative: { offset: 1, bucketCounts: [1] },
    },
  ]);
  // At scale 0 a bucket reaches from a power of two to the next one.
  assert.deepEqual(histograms(data), {
    bounds: [-4, -2, 1, 2, 4],
    points: [[4, [0, 1, 1, 2, 0, 0], undefined], [3, [0, 0, 0, 0, 3, 0], undefined]],
  });
});

Deno.test("an exponential histogram is shown when its buckets lie absurdly far apart", async () => {
  const far = (offset: number, at: number) => ({
    start: at - 1000,
    at,
    count: 1,
    scale: 20,
    positive: { offset, bucketCounts: [1] },
  });
  const data = await show("exponentialHistogram", DELTA, [
    far(-2_000_000_000, 1000),
    far(2_000_000_000, 2000),
  ]);
  assert.ok(data.shape === "histogram");
  const [series] = data.series;
  assert.deepEqual(series?.points.map(({ count }) => count), [1, 1]);
  assert.ok((series?.bounds.length ?? 0) < 200);
  assert.ok(series?.bounds.every(Number.isFinite));
  assert.deepEqual(
    series?.points.map(({ counts }) => counts.reduce((sum, count) => sum + count, 0)),
    [1, 1],
  );
});
