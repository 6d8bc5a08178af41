import assert from "node:assert/strict";
import { context, metrics, trace, TraceFlags } from "@opentelemetry/api";
import { logs, SeverityNumber } from "@opentelemetry/api-logs";
import { startTestTelemetry, TestClock } from "../../../telemetry-sdk/testing.ts";

Deno.test("A tracer, counter or logger that a module keeps records into the test that runs", async () => {
  // As at the top of a module: a tracer from before any test, and the rest from the first one.
  const tracer = trace.getTracer("shop");
  const kept = (() => {
    using _telemetry = startTestTelemetry();
    tracer.startSpan("first").end();
    const meter = metrics.getMeter("shop");
    return {
      tracer: trace.getTracer("shop"),
      logger: logs.getLogger("shop"),
      counter: meter.createCounter("shop.orders"),
      levels: meter.createUpDownCounter("shop.baskets"),
      sizes: meter.createHistogram("shop.basket.size"),
      gauge: meter.createGauge("shop.temperature"),
    };
  })();
  // Between two tests nothing is recorded, and nothing throws.
  kept.tracer.startSpan("between").end();
  kept.logger.emit({ body: "between" });
  kept.counter.add(100);
  assert.equal(kept.logger.enabled(), false);

  using telemetry = startTestTelemetry();
  tracer.startSpan("from before").end();
  kept.tracer.startSpan("kept").end();
  kept.logger.emit({ body: "kept" });
  kept.counter.add(1);
  kept.levels.add(2);
  kept.sizes.record(3);
  kept.gauge.record(4);
  assert.ok(kept.logger.enabled());
  assert.deepEqual(telemetry.spans().map(({ name }) => name), ["from before", "kept"]);
  assert.deepEqual(telemetry.logs().map(({ body }) => body), ["kept"]);
  assert.equal(await telemetry.metricValue("shop.orders"), 1);
  assert.equal(await telemetry.metricValue("shop.baskets"), 2);
  assert.equal((await telemetry.histogram("shop.basket.size")).sum, 3);
  assert.equal(await telemetry.metricValue("shop.temperature"), 4);
});

Deno.test("startActiveSpan() takes its three forms", () => {
  using telemetry = startTestTelemetry();
  const tracer = trace.getTracer("shop", "1.2.3");
  const remote = trace.setSpanContext(context.active(), {
    traceId: "a".repeat(32),
    spanId: "b".repeat(16),
    traceFlags: TraceFlags.SAMPLED,
  });
  assert.equal(tracer.startActiveSpan("one", (span) => (span.end(), 1)), 1);
  tracer.startActiveSpan("two", { attributes: { a: 1 } }, (span) => span.end());
  tracer.startActiveSpan("three", { root: false }, remote, (span) => {
    assert.equal(trace.getActiveSpan(), span);
    span.end();
  });
  assert.deepEqual(
    telemetry.spans().map(({ name, attributes, parentSpanId, tracer }) => ({
      name,
      attributes,
      parentSpanId,
      tracer,
    })),
    [
      { name: "one", attributes: {}, parentSpanId: undefined, tracer: "shop" },
      { name: "two", attributes: { a: 1 }, parentSpanId: undefined, tracer: "shop" },
      { name: "three", attributes: {}, parentSpanId: "b".repeat(16), tracer: "shop" },
    ],
  );
});

Deno.test("A clock tells the times of spans, events, exceptions and log records", () => {
  const clock = new TestClock("2026-05-01T12:00:00Z");
  using telemetry = startTestTelemetry({ clock });
  const span = trace.getTracer("shop").startSpan("checkout");
  clock.advance(1000);
  span.addEvent("paid");
  span.addEvent("shipped", { by: "van" });
  span.addEvent("given", new Date("2026-05-01T12:00:00.500Z"));
  clock.advance(500);
  span.recordException(new Error("boom"));
  logs.getLogger("shop").emit({ body: "sold", severityNumber: SeverityNumber.INFO });
  clock.advance(250);
  span.end();

  const { startTime, durationMillis, events } = telemetry.findSpan("checkout");
  assert.equal(startTime.toISOString(), "2026-05-01T12:00:00.000Z");
  assert.equal(durationMillis, 1750);
  assert.deepEqual(events.map(({ name, time }) => `${name} ${time.toISOString().slice(17)}`), [
    "paid 01.000Z",
    "shipped 01.000Z",
    "given 00.500Z",
    "exception 01.500Z",
  ]);
  assert.deepEqual(events[1]?.attributes, { by: "van" });
  assert.equal(telemetry.findLog("sold").time.toISOString(), "2026-05-01T12:00:01.500Z");
});

Deno.test("A clock leaves a time alone that was given", () => {
  using telemetry = startTestTelemetry({ clock: new TestClock("2026-05-01T12:00:00Z") });
  const startTime = new Date("2026-04-01T00:00:00Z");
  trace.getTracer("shop").startSpan("given", { startTime }).end(
    new Date("2026-04-01T00:00:01Z"),
  );
  const span = telemetry.findSpan("given");
  assert.deepEqual([span.startTime, span.durationMillis], [startTime, 1000]);
});
