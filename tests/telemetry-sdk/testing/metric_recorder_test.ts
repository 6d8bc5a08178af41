import assert from "node:assert/strict";
import { metrics } from "@opentelemetry/api";
import { startTestTelemetry } from "../../../telemetry-sdk/testing.ts";

Deno.test("metric() tells name, unit, kind and every series, and counts on between two look-ups", async () => {
  using telemetry = startTestTelemetry();
  const orders = metrics.getMeter("shop").createCounter("shop.orders", {
    unit: "{order}",
    description: "Orders placed",
  });
  orders.add(1, { channel: "web" });
  assert.equal(await telemetry.metricValue("shop.orders"), 1);
  orders.add(2, { channel: "web" });
  orders.add(4, { channel: "shop" });
  assert.deepEqual(await telemetry.metric("shop.orders"), {
    name: "shop.orders",
    description: "Orders placed",
    unit: "{order}",
    kind: "counter",
    meter: "shop",
    points: [
      { attributes: { channel: "web" }, value: 3 },
      { attributes: { channel: "shop" }, value: 4 },
    ],
  });
});

Deno.test("metricValue() finds a series by some of its attributes, in whatever order they were given", async () => {
  using telemetry = startTestTelemetry();
  const counter = metrics.getMeter("shop").createCounter("shop.orders");
  counter.add(1, { channel: "web", paid: true });
  await telemetry.metrics();
  counter.add(1, { paid: true, channel: "web" });
  counter.add(5, { channel: "shop", paid: true });
  assert.equal(await telemetry.metricValue("shop.orders", { channel: "web" }), 2);
  await assert.rejects(telemetry.metricValue("shop.orders", { paid: true }), {
    message: '2 series of the metric "shop.orders" with {"paid":true}, where one was expected; ' +
      'there is {"paid":true,"channel":"web"}, {"channel":"shop","paid":true}',
  });
  await assert.rejects(
    telemetry.metricValue("shop.orders", { channel: "fax" }),
    /^Error: No series of the metric "shop.orders" with {"channel":"fax"}, where one was expected; there is {"paid":true/,
  );
  await assert.rejects(telemetry.metric("shop.baskets"), {
    message: 'No metric "shop.baskets"; there is "shop.orders"',
  });
});

Deno.test("histogram() adds up what is measured between look-ups, and forgets it at a reset", async () => {
  using telemetry = startTestTelemetry();
  const sizes = metrics.getMeter("shop").createHistogram("shop.basket.size", {
    advice: { explicitBucketBoundaries: [1, 10] },
  });
  sizes.record(5);
  sizes.record(1);
  assert.equal((await telemetry.histogram("shop.basket.size")).count, 2);
  sizes.record(20);
  assert.deepEqual(await telemetry.histogram("shop.basket.size"), {
    count: 3,
    sum: 26,
    min: 1,
    max: 20,
    boundaries: [1, 10],
    counts: [1, 1, 1],
  });
  await telemetry.reset();
  sizes.record(2);
  assert.deepEqual(await telemetry.histogram("shop.basket.size"), {
    count: 1,
    sum: 2,
    min: 2,
    max: 2,
    boundaries: [1, 10],
    counts: [0, 1, 0],
  });
});

Deno.test("metricValue() and histogram() say which of them a metric wants", async () => {
  using telemetry = startTestTelemetry();
  const meter = metrics.getMeter("shop");
  meter.createHistogram("shop.basket.size").record(1);
  meter.createCounter("shop.orders").add(1);
  await assert.rejects(telemetry.metricValue("shop.basket.size"), /use histogram\(/);
  await assert.rejects(telemetry.histogram("shop.orders"), /use metricValue\(/);
});

Deno.test("metricValue() tells levels and what is observed as they are now", async () => {
  using telemetry = startTestTelemetry();
  const meter = metrics.getMeter("shop");
  const baskets = meter.createUpDownCounter("shop.baskets");
  let [queue, sold] = [7, 10];
  meter.createObservableGauge("shop.queue").addCallback((result) => result.observe(queue));
  meter.createObservableCounter("shop.sold").addCallback((result) => result.observe(sold));
  baskets.add(3);
  assert.equal(await telemetry.metricValue("shop.queue"), 7);
  await telemetry.reset();
  [queue, sold] = [1, 14];
  baskets.add(-1);
  assert.equal(await telemetry.metricValue("shop.queue"), 1);
  assert.equal(await telemetry.metricValue("shop.sold"), 4);
  assert.equal(await telemetry.metricValue("shop.baskets"), 2);
  assert.deepEqual(
    (await telemetry.metrics()).map(({ name, kind }) => `${name} ${kind}`).sort(),
    ["shop.baskets upDownCounter", "shop.queue gauge", "shop.sold counter"],
  );
});

Deno.test("metrics() says when the callback of an observed instrument failed", async () => {
  using telemetry = startTestTelemetry();
  metrics.getMeter("shop").createObservableGauge("shop.queue").addCallback(() => {
    throw new Error("no queue");
  });
  await assert.rejects(telemetry.metrics(), {
    name: "AggregateError",
    message: "A callback of an observed instrument failed",
  });
});
