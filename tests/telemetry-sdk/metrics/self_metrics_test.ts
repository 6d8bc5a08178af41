import { context, SpanKind, trace, TraceFlags } from "@opentelemetry/api";
import assert from "node:assert/strict";
import { configFromCode } from "../../../telemetry-sdk/config/from_code.ts";
import { resolveConfig } from "../../../telemetry-sdk/config/resolve.ts";
import type { TelemetryConfig } from "../../../telemetry-sdk/config/schema.ts";
import { createResource } from "../../../telemetry-sdk/resource/resource.ts";
import { createSignals, type Signals } from "../../../telemetry-sdk/signals.ts";
import { PrometheusReader } from "../../../telemetry-sdk/metrics/prometheus.ts";
import { Collector } from "../_collector.ts";

/** Signals as code configures them, with what they tell about themselves. */
function signalsFor(code: TelemetryConfig) {
  const reader = new PrometheusReader();
  const { config } = resolveConfig([{
    name: "code",
    ...configFromCode({
      ...code,
      metrics: { exporters: [], readers: [reader] },
    }),
  }]);
  const resource = createResource({ serviceName: "shop", resourceAttributes: {} });
  return { signals: createSignals(config, resource, () => {}), reader };
}

/** The samples of this SDK's own metrics, by name and those labels that tell them apart. */
async function samples(reader: PrometheusReader): Promise<Record<string, number>> {
  const text = await reader.scrape();
  const found: Record<string, number> = {};
  for (const [, name, labels, value] of text.matchAll(/^(otel_sdk_\w+)\{(.*)\} (\S+)$/gm)) {
    const pairs = [...(labels ?? "").matchAll(/(\w+)="([^"]*)"/g)]
      .filter(([, key]) =>
        /sampling_result|parent_origin|error_type|component_name/.test(key ?? "")
      )
      .map(([, , content]) => content);
    found[[name, ...pairs].join(" ")] = Number(value);
  }
  return found;
}

async function close(signals: Signals): Promise<void> {
  for (const signal of signals.all) await signal.shutdown();
}

Deno.test("observePipeline() tells of spans started and alive, by decision and parent", async () => {
  await using collector = new Collector();
  const { signals, reader } = signalsFor({
    otlp: { endpoint: collector.url },
    traces: { sampler: "parentbased_always_on" },
    logs: { exporters: [] },
  });
  const tracer = signals.traces?.provider.getTracer("test");
  assert.ok(tracer !== undefined);
  const root = tracer.startSpan("root");
  tracer.startSpan("child", {}, trace.setSpan(context.active(), root)).end();
  const unsampled = {
    traceId: "0123456789abcdef0123456789abcdef",
    spanId: "0123456789abcdef",
    traceFlags: TraceFlags.NONE,
    isRemote: true,
  };
  tracer.startSpan(
    "remote",
    { kind: SpanKind.SERVER },
    trace.setSpanContext(context.active(), unsampled),
  ).end();
  const told = await samples(reader);
  assert.equal(told["otel_sdk_span_started_total RECORD_AND_SAMPLE none"], 1);
  assert.equal(told["otel_sdk_span_started_total RECORD_AND_SAMPLE local"], 1);
  assert.equal(told["otel_sdk_span_started_total DROP remote"], 1);
  assert.equal(told["otel_sdk_span_live RECORD_AND_SAMPLE"], 1);
  root.end();
  assert.equal((await samples(reader))["otel_sdk_span_live RECORD_AND_SAMPLE"], 0);
  await close(signals);
});

Deno.test("observePipeline() tells of the queue, and of every span by its fate", async () => {
  let answer = 200;
  await using collector = new Collector(() => new Response("{}", { status: answer }));
  const { signals, reader } = signalsFor({
    otlp: { endpoint: collector.url, protocol: "http/json" },
    traces: { batch: { maxQueueSize: 3, scheduledDelayMillis: 60_000 } },
    logs: { exporters: [] },
  });
  const tracer = signals.traces?.provider.getTracer("test");
  const batch = "batching_span_processor/0";
  for (let count = 0; count < 2; count++) tracer?.startSpan("work").end();
  const waiting = await samples(reader);
  assert.equal(waiting[`otel_sdk_processor_span_queue_size ${batch}`], 2);
  assert.equal(waiting[`otel_sdk_processor_span_queue_capacity ${batch}`], 3);
  await signals.traces?.forceFlush();
  answer = 400;
  tracer?.startSpan("refused").end();
  await signals.traces?.forceFlush();
  const told = await samples(reader);
  assert.equal(told[`otel_sdk_processor_span_queue_size ${batch}`], 0);
  assert.equal(told[`otel_sdk_processor_span_processed_total ${batch}`], 2);
  assert.equal(told[`otel_sdk_processor_span_processed_total ${batch} export_failed`], 1);
  const exported = Object.entries(told)
    .filter(([name]) => name.startsWith("otel_sdk_exporter_span_exported_total"));
  assert.deepEqual(exported.map(([, count]) => count).sort(), [1, 2]);
  await close(signals);
});

Deno.test("observePipeline() tells of log records", async () => {
  await using collector = new Collector();
  const { signals, reader } = signalsFor({
    otlp: { endpoint: collector.url },
    traces: { exporters: [] },
  });
  const logger = signals.logs?.provider.getLogger("test");
  for (let count = 0; count < 3; count++) logger?.emit({ body: "hello" });
  await signals.logs?.forceFlush();
  const told = await samples(reader);
  assert.equal(told["otel_sdk_log_created_total"], 3);
  assert.equal(told["otel_sdk_processor_log_processed_total batching_log_processor/0"], 3);
  await close(signals);
});
