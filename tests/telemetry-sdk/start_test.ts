import assert from "node:assert/strict";
import { context, metrics, propagation, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { BasicTracerProvider, InMemorySpanExporter } from "@opentelemetry/sdk-trace-base";
import { startTelemetry, type TelemetryConfig } from "../../telemetry-sdk/mod.ts";
import { Collector } from "./_collector.ts";

function quiet(collector: Collector, config: TelemetryConfig = {}): TelemetryConfig {
  return { otlp: { endpoint: collector.url }, processHooks: false, ...config };
}

Deno.test("startTelemetry() gives what runs already when called again", async () => {
  await using collector = new Collector();
  const first = startTelemetry(quiet(collector));
  const second = startTelemetry({ serviceName: "other" });
  assert.equal(second, first);
  await first.shutdown();
  const third = startTelemetry(quiet(collector));
  assert.notEqual(third, first);
  assert.equal(third.active, true);
  await third.shutdown();
});

Deno.test("startTelemetry() registers every global, and shutdown() takes them back", async () => {
  await using collector = new Collector();
  const telemetry = startTelemetry(quiet(collector, { traces: { sampler: "always_on" } }));
  const carrier: Record<string, string> = {};
  const span = trace.getTracer("test").startSpan("one");
  const active = trace.setSpan(ROOT_CONTEXT, span);
  await context.with(active, async () => {
    await Promise.resolve();
    assert.equal(trace.getActiveSpan(), span);
    propagation.inject(context.active(), carrier);
  });
  span.end();
  metrics.getMeter("test").createCounter("count").add(1);
  assert.match(carrier["traceparent"] ?? "", new RegExp(span.spanContext().traceId));
  await telemetry.forceFlush();
  assert.deepEqual(collector.spanNames, ["one"]);
  assert.equal(telemetry.stats().traces?.exported, 1);
  assert.deepEqual(telemetry.stats().metrics?.exports, { succeeded: 1, failed: 0, rejected: 0 });
  await telemetry.shutdown();
  assert.equal(trace.getTracer("test").startSpan("noop").isRecording(), false);
  assert.equal(context.with(active, () => trace.getActiveSpan()), undefined);
});

Deno.test("startTelemetry() takes exporters, processors and samplers of the application's own", async () => {
  const exporter = new InMemorySpanExporter();
  const telemetry = startTelemetry({
    processHooks: false,
    traces: { exporters: [exporter], spanLimits: { attributeCountLimit: 1 } },
    metrics: { exporters: [] },
  });
  trace.getTracer("test").startSpan("one", { attributes: { a: 1, b: 2 } }).end();
  await telemetry.forceFlush();
  const [span] = exporter.getFinishedSpans();
  assert.deepEqual(span?.attributes, { a: 1 });
  assert.equal(span?.resource.attributes["service.name"], "echelon");
  assert.equal(telemetry.stats().metrics, undefined);
  await telemetry.shutdown();
});

Deno.test("startTelemetry() is not active beside another SDK, and leaves that one alone", async () => {
  const other = new BasicTracerProvider();
  trace.setGlobalTracerProvider(other);
  try {
    const telemetry = startTelemetry({
      processHooks: false,
      traces: { exporters: ["console"] },
      metrics: { exporters: ["console"] },
    });
    assert.equal(telemetry.active, false);
    await telemetry.shutdown();
    assert.ok(trace.getTracer("test").startSpan("theirs").isRecording());
  } finally {
    trace.disable();
    await other.shutdown();
  }
});

Deno.test("startTelemetry() starts nothing when disabled in code", () => {
  const telemetry = startTelemetry({ disabled: true });
  assert.equal(telemetry.active, false);
  assert.equal(trace.getTracer("test").startSpan("noop").isRecording(), false);
});

Deno.test({
  name: "startTelemetry() configured in code needs no permission but the way to the receiver",
  permissions: { net: ["127.0.0.1"] },
  async fn() {
    await using collector = new Collector();
    const telemetry = startTelemetry(quiet(collector));
    assert.equal(telemetry.active, true);
    trace.getTracer("test").startSpan("one").end();
    await telemetry.shutdown();
    assert.deepEqual(collector.spanNames, ["one"]);
  },
});
