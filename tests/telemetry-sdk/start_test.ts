import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { context, metrics, propagation, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { BasicTracerProvider, InMemorySpanExporter } from "@opentelemetry/sdk-trace-base";
import { AggregationTemporality, InMemoryMetricExporter } from "@opentelemetry/sdk-metrics";
import {
  BatchSpanProcessor,
  keepWhatMatters,
  startTelemetry,
  type TelemetryConfig,
} from "../../telemetry-sdk/mod.ts";
import { Collector } from "./_collector.ts";

const SIZES = {
  maxQueueSize: 10,
  maxExportBatchSize: 10,
  scheduledDelayMillis: 1000,
  exportTimeoutMillis: 1000,
};

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

Deno.test("startTelemetry() leaves nothing running where one of the signals cannot be made", async () => {
  const closed = Promise.withResolvers<void>();
  class Told extends InMemoryMetricExporter {
    override shutdown(): Promise<void> {
      closed.resolve();
      return super.shutdown();
    }
  }
  const used = keepWhatMatters({ baseRatio: 1 });
  used.processor(new BatchSpanProcessor(new InMemorySpanExporter(), SIZES));
  const telemetry = startTelemetry({
    processHooks: false,
    traces: { exporters: [new InMemorySpanExporter()], sampler: used },
    metrics: { exporters: [new Told(AggregationTemporality.CUMULATIVE)] },
    logs: { exporters: [] },
  });
  assert.equal(telemetry.active, false);
  // The sanitizer would find the interval of a reader that goes on.
  await closed.promise;
});

Deno.test("startTelemetry() leaves a sampler that was set as it is when the file's edit is about something else", async () => {
  const path = await Deno.makeTempFile({ suffix: ".yaml" });
  const severity = (least: string) =>
    Deno.writeTextFile(
      path,
      `file_format: "1.0"
tracer_provider:
  processors: [{ batch: { exporter: { console: } } }]
  sampler: { always_on: }
logger_provider:
  processors: [{ batch: { exporter: { console: } } }]
  logger_configurator/development: { default_config: { minimum_severity: ${least} } }
`,
    );
  await severity("info");
  const telemetry = startTelemetry({
    processHooks: false,
    configFile: path,
    watchConfigFile: true,
  });
  try {
    telemetry.setSampler("always_off");
    await severity("error");
    const logger = telemetry.loggerProvider.getLogger("test");
    const deadline = Date.now() + 30_000;
    while (logger.enabled({ severityNumber: 13 })) {
      assert.ok(Date.now() < deadline, "the edit was not followed");
      await setTimeout(20);
    }
    assert.equal(trace.getTracer("test").startSpan("one").isRecording(), false);
  } finally {
    await telemetry.shutdown();
    await Deno.remove(path);
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
