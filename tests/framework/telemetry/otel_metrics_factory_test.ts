import assert from "node:assert/strict";
import type { Attributes } from "@opentelemetry/api";
import { isMeasured } from "../../../framework/telemetry/active_meter.ts";
import {
  observeCacheSize,
  observeOpenRequests,
  observeQueueDepth,
} from "../../../framework/telemetry/metrics_gauges.ts";
import { MetricsRegistry } from "../../../framework/telemetry/metrics_registry.ts";
import { getOTelMetrics } from "../../../framework/telemetry/otel_metrics.ts";
import { activeMetrics, createMetrics } from "../../../framework/telemetry/otel_metrics_factory.ts";
import { RegistryMetrics } from "../../../framework/telemetry/registry_metrics.ts";
import { inMemoryTelemetry, type ReceivedMetric } from "../../_telemetry.ts";

function points(received: readonly ReceivedMetric[], name: string) {
  return received.find((metric) => metric.name === name)?.points
    .map(({ attributes, value, count }) => [attributes, value ?? count]);
}

Deno.test("createMetrics() makes instruments that record when the SDK comes later, and goes", async () => {
  const app = createMetrics();
  const orders = app.counter("shop.orders", { unit: "{order}", description: "Orders placed" });
  const carts = app.upDownCounter("shop.carts");
  const heat = app.gauge("shop.heat");
  const price = app.histogram("shop.price", { buckets: [1, 10] });
  let stock = 12;
  const end = app.observableGauge("shop.stock", (observe) => observe(stock, { item: "tea" }));
  const record = () => {
    orders.add(1);
    carts.add(-1);
    heat.record(20);
    price.record(5);
  };
  record();
  for (let registration = 0; registration < 2; registration++) {
    using telemetry = inMemoryTelemetry();
    record();
    record();
    stock += 1;
    const received = await telemetry.metrics();
    assert.deepEqual(points(received, "shop.orders"), [[{}, 2]]);
    assert.deepEqual(points(received, "shop.carts"), [[{}, -2]]);
    assert.deepEqual(points(received, "shop.heat"), [[{}, 20]]);
    assert.deepEqual(points(received, "shop.price"), [[{}, 2]]);
    assert.deepEqual(points(received, "shop.stock"), [[{ item: "tea" }, stock]]);
    const { unit, description } = received.find(({ name }) => name === "shop.orders") ?? {};
    assert.deepEqual([unit, description], ["{order}", "Orders placed"]);
    assert.deepEqual(received.find(({ name }) => name === "shop.price")?.points[0]?.bounds, [
      1,
      10,
    ]);
  }
  end();
  using telemetry = inMemoryTelemetry();
  record();
  assert.equal(points(await telemetry.metrics(), "shop.stock"), undefined);
});

Deno.test("activeMetrics() is undefined when nobody reads metrics", () => {
  assert.equal(isMeasured(), false);
  assert.equal(activeMetrics(), undefined);
  using _telemetry = inMemoryTelemetry();
  assert.equal(isMeasured(), true);
  assert.equal(activeMetrics(), getOTelMetrics());
});

Deno.test("createMetrics() drops what would spoil a series of the SDK, and never throws", async () => {
  using telemetry = inMemoryTelemetry();
  const app = createMetrics();
  const orders = app.counter("shop.orders");
  const circular: unknown[] = [];
  circular.push(circular);
  orders.add(1);
  for (const value of [NaN, -1, Infinity, 1n, "1"]) orders.add(value as number);
  for (const id of [1n, circular, {}, NaN]) orders.add(1, { id } as unknown as Attributes);
  app.counter("not a name").add(1);
  const end = app.observableGauge("shop.stock", (observe) => {
    observe(4);
    observe(NaN);
  });
  const received = await telemetry.metrics();
  end();
  assert.deepEqual(points(received, "shop.stock"), [[{}, 4]]);
  assert.deepEqual(points(received, "shop.orders"), [[{}, 5]]);
  assert.equal(points(received, "not a name"), undefined);
});

Deno.test("createMetrics() leaves ever new label values to the SDK's limit, and counts them all", async () => {
  using telemetry = inMemoryTelemetry();
  const orders = createMetrics().counter("shop.orders");
  for (let id = 0; id < 100_000; id++) orders.add(1, { id });
  const all = points(await telemetry.metrics(), "shop.orders") ?? [];
  assert.equal(all.length, 2_000);
  const overflow = all.find(([attributes]) =>
    (attributes as Attributes)["otel.metric.overflow"] === true
  );
  assert.equal(overflow?.[1], 100_000 - 1_999);
});

Deno.test("RegistryMetrics records the framework's metrics and the application's in its registry", async () => {
  const registry = new MetricsRegistry();
  const app = new RegistryMetrics(registry);
  app.recordCacheHit("products", "kv");
  app.counter("shop.orders").add(2);
  assert.equal(
    await registry.expose("prometheus"),
    `# HELP echelon_cache_hits_total Look-ups that a cache answered
# TYPE echelon_cache_hits_total counter
echelon_cache_hits_total{cache_name="products",cache_source="kv"} 1
# TYPE shop_orders_total counter
shop_orders_total 2
`,
  );
});

Deno.test("observeQueueDepth(), observeCacheSize() and observeOpenRequests() tell what there is", async () => {
  let asked = 0;
  const ends = [
    observeQueueDepth("mail", () => Promise.resolve(3)),
    observeQueueDepth("reports", () => 1),
    observeCacheSize("products", () => {
      asked += 1;
      return 40;
    }),
    observeOpenRequests("127.0.0.1:8000", () => 2),
  ];
  using telemetry = inMemoryTelemetry();
  createMetrics().recordCacheMiss("products");
  const received = await telemetry.metrics();
  assert.deepEqual(points(received, "echelon.jobs.queued"), [
    [{ "job.queue": "mail" }, 3],
    [{ "job.queue": "reports" }, 1],
  ]);
  assert.deepEqual(points(received, "echelon.cache.size"), [[{ "cache.name": "products" }, 40]]);
  assert.deepEqual(points(received, "echelon.http.open_requests"), [
    [{ "server.address": "127.0.0.1:8000" }, 2],
  ]);
  for (const end of ends) end();
  await telemetry.metrics();
  assert.equal(asked, 1);
});
