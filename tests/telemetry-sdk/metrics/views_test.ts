import assert from "node:assert/strict";
import { JsonMetricsSerializer } from "@opentelemetry/otlp-transformer";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { PrometheusReader } from "../../../telemetry-sdk/metrics/prometheus.ts";
import { type MetricView, metricView } from "../../../telemetry-sdk/metrics/views.ts";
import { readMetrics, type ReceivedMetric } from "../../_otlp/metrics.ts";

/** What comes out of an SDK with these views, in which two routes were measured. */
async function measured(...views: MetricView[]): Promise<ReceivedMetric[]> {
  const reader = new PrometheusReader();
  const provider = new MeterProvider({ views: views.map(metricView), readers: [reader] });
  const meter = provider.getMeter("shop");
  const duration = meter.createHistogram("shop.duration", { unit: "s" });
  for (const route of ["/a", "/b"]) duration.record(2, { route, method: "GET" });
  meter.createCounter("shop.orders").add(1, { route: "/a" });
  const { resourceMetrics } = await reader.collect();
  await provider.shutdown();
  const sent = JsonMetricsSerializer.serializeRequest(resourceMetrics);
  return readMetrics(JSON.parse(new TextDecoder().decode(sent)));
}

Deno.test("metricView() renames an instrument and describes it anew", async () => {
  const view = { instrument: "shop.orders", rename: "orders", description: "All of them" };
  const orders = (await measured(view)).find(({ name }) => name === "orders");
  assert.equal(orders?.description, "All of them");
});

Deno.test("metricView() drops attributes, so that series become one", async () => {
  const [duration] = await measured({ instrument: "shop.*", dropAttributes: ["route"] });
  assert.deepEqual(duration?.points.map(({ attributes, count }) => [attributes, count]), [
    [{ method: "GET" }, 2],
  ]);
});

Deno.test("metricView() keeps only the attributes that it names", async () => {
  const [duration] = await measured({ instrument: "*", unit: "s", keepAttributes: ["route"] });
  assert.deepEqual(duration?.points.map(({ attributes }) => attributes), [
    { route: "/a" },
    { route: "/b" },
  ]);
});

Deno.test("metricView() gives a histogram other buckets", async () => {
  const view = { instrument: "shop.duration", aggregation: { buckets: [1, 5] } };
  const [duration] = await measured(view);
  assert.deepEqual(duration?.points[0]?.bounds, [1, 5]);
  assert.deepEqual(duration?.points[0]?.bucketCounts, [0, 1, 0]);
});

Deno.test("metricView() makes a histogram exponential", async () => {
  const view = { instrument: "shop.duration", aggregation: { exponential: { maxBuckets: 20 } } };
  const [duration] = await measured(view);
  assert.equal(duration?.type, "exponentialHistogram");
  assert.equal(duration?.points[0]?.count, 1);
});

Deno.test("metricView() drops an instrument, and sums up a histogram", async () => {
  const [drop, sum] = await Promise.all([
    measured({ instrument: "shop.duration", aggregation: "drop" }),
    measured({ instrument: "shop.duration", aggregation: "sum" }),
  ]);
  assert.deepEqual(drop.map(({ name }) => name), ["shop.orders"]);
  assert.deepEqual([sum[0]?.type, sum[0]?.points[0]?.value], ["sum", 2]);
});

Deno.test("metricView() limits the series, and selects by meter", async () => {
  const instrument = "shop.duration";
  const [[limited], [other]] = await Promise.all([
    measured({ instrument, cardinalityLimit: 2 }),
    measured({ instrument, cardinalityLimit: 2, meter: "other" }),
  ]);
  assert.deepEqual(limited?.points[1]?.attributes, { "otel.metric.overflow": true });
  assert.deepEqual(other?.points[1]?.attributes, { route: "/b", method: "GET" });
});

for (
  const [view, error] of [
    [{ instrument: "" }, /A view selects nothing/],
    [{ instrument: "a.*.b*" }, /more than one "\*"/],
    [{ instrument: "a.*", rename: "b" }, /"a\.\*" cannot rename to "b"/],
    [{ instrument: "a", aggregation: { buckets: [2, 1] } }, /buckets \[2,1\] are of no use/],
    [{ instrument: "a", aggregation: { exponential: { maxBuckets: 1 } } }, /no "maxBuckets"/],
    [{ instrument: "a", cardinalityLimit: 0.5 }, /0.5 is no "cardinalityLimit"/],
  ] as const satisfies readonly (readonly [MetricView, RegExp])[]
) {
  Deno.test(`metricView() refuses ${JSON.stringify(view)}`, () => {
    assert.throws(() => metricView(view), error);
  });
}
