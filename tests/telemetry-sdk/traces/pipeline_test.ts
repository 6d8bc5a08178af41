import { context, SpanStatusCode, TraceFlags } from "@opentelemetry/api";
import assert from "node:assert/strict";
import { InMemorySpanExporter, SamplingDecision } from "@opentelemetry/sdk-trace-base";
import { configFromCode } from "../../../telemetry-sdk/config/from_code.ts";
import { resolveConfig } from "../../../telemetry-sdk/config/resolve.ts";
import type { TelemetryConfig } from "../../../telemetry-sdk/config/schema.ts";
import { ExportReports } from "../../../telemetry-sdk/export/reports.ts";
import { createResource } from "../../../telemetry-sdk/resource/resource.ts";
import { createTraces } from "../../../telemetry-sdk/traces/pipeline.ts";
import { Collector } from "../_collector.ts";

/** A pipeline as code configures it. */
function pipelineFor(code: TelemetryConfig) {
  const { config } = resolveConfig([{ name: "code", ...configFromCode(code) }]);
  return createTraces(config.traces, {
    resource: createResource({ serviceName: "shop", resourceAttributes: {} }),
    reports: new ExportReports("spans", () => {}),
    redactAttribute: config.redactAttribute,
  });
}

/** An exporter whose spans outlive the shutdown. */
class KeptSpans extends InMemorySpanExporter {
  override shutdown(): Promise<void> {
    return Promise.resolve();
  }

  get names(): string[] {
    return this.getFinishedSpans().map(({ name }) => name);
  }
}

Deno.test("createTraces() hands each destination the spans that it wants", async () => {
  const [all, slow, none, careless] = [
    new KeptSpans(),
    new KeptSpans(),
    new KeptSpans(),
    new KeptSpans(),
  ];
  const pipeline = pipelineFor({
    traces: {
      exporters: [
        all,
        { exporter: slow, filter: ({ attributes }) => attributes["slow"] === true },
        { exporter: none, sampler: "always_off" },
        {
          exporter: careless,
          filter: () => {
            throw new Error("a mistake");
          },
          sampler: {
            shouldSample() {
              throw new Error("another");
            },
          },
        },
      ],
    },
  });
  const tracer = pipeline.provider.getTracer("test");
  tracer.startSpan("quick").end();
  tracer.startSpan("late", { attributes: { slow: true } }).end();
  await pipeline.shutdown();
  assert.deepEqual(all.names, ["quick", "late"]);
  assert.deepEqual(slow.names, ["late"]);
  assert.deepEqual(none.names, []);
  assert.deepEqual(careless.names, ["quick", "late"], "a mistake loses nothing");
  assert.equal(pipeline.stats().exported, 5);
});

Deno.test("createTraces() thins a destination out by trace, so that traces stay whole", async () => {
  const half = new KeptSpans();
  const all = new KeptSpans();
  const pipeline = pipelineFor({
    traces: { exporters: [all, { exporter: half, sampler: "traceidratio", samplerRatio: 0.5 }] },
  });
  const tracer = pipeline.provider.getTracer("test");
  for (let count = 0; count < 200; count++) {
    tracer.startSpan("parent").end();
  }
  await pipeline.shutdown();
  assert.equal(all.names.length, 200);
  // Six standard deviations of 200 coins.
  assert.ok(half.names.length > 50 && half.names.length < 150, String(half.names.length));
});

Deno.test("createTraces() keeps the destinations apart when one of them is down", async () => {
  await using collector = new Collector(() => new Response(null, { status: 400 }));
  const kept = new KeptSpans();
  const pipeline = pipelineFor({
    traces: {
      exporters: [{ exporter: "otlp", otlp: { endpoint: `${collector.url}/in` } }, kept],
    },
  });
  pipeline.provider.getTracer("test").startSpan("work").end();
  await pipeline.shutdown();
  assert.deepEqual(kept.names, ["work"]);
  assert.deepEqual(collector.received.map(({ path }) => path), ["/in"]);
  assert.deepEqual(pipeline.lost(), { count: 1, unit: "span" });
});

Deno.test("createTraces() calls the hooks at the start and before the end", async () => {
  const kept = new KeptSpans();
  const pipeline = pipelineFor({
    traces: {
      exporters: [kept],
      onStart: (span) => void span.setAttribute("region", "eu"),
      onEnding: (span) =>
        void span.setAttribute("failed", span.status.code === SpanStatusCode.ERROR),
    },
  });
  const span = pipeline.provider.getTracer("test").startSpan("work");
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
  await pipeline.shutdown();
  assert.deepEqual(kept.getFinishedSpans()[0]?.attributes, { region: "eu", failed: true });
});

Deno.test("createTraces() goes on when a hook throws", async () => {
  const kept = new KeptSpans();
  const fail = () => {
    throw new Error("a mistake");
  };
  const pipeline = pipelineFor({ traces: { exporters: [kept], onStart: fail, onEnding: fail } });
  pipeline.provider.getTracer("test").startSpan("work").end();
  await pipeline.shutdown();
  assert.deepEqual(kept.names, ["work"]);
});

Deno.test("createTraces() redacts attributes of spans, events and links for every destination", async () => {
  const kept = new KeptSpans();
  const pipeline = pipelineFor({
    redactAttribute(key, value) {
      if (key === "bad") throw new Error("a mistake");
      if (key === "card") return "REDACTED";
      return key === "email" ? undefined : value;
    },
    traces: { exporters: [kept] },
  });
  const attributes = { card: "4111", email: "a@b", bad: 1, fine: true };
  const span = pipeline.provider.getTracer("test").startSpan("work", {
    attributes,
    links: [{
      context: {
        traceId: "0123456789abcdef0123456789abcdef",
        spanId: "0123456789abcdef",
        traceFlags: TraceFlags.SAMPLED,
      },
      attributes,
    }],
  });
  span.addEvent("paid", attributes);
  span.end();
  await pipeline.shutdown();
  const [exported] = kept.getFinishedSpans();
  const redacted = { card: "REDACTED", fine: true };
  assert.deepEqual(exported?.attributes, redacted);
  assert.deepEqual(exported?.events[0]?.attributes, redacted);
  assert.deepEqual(exported?.links[0]?.attributes, redacted);
});

Deno.test("createTraces() exports no span that is recorded and not sampled", async () => {
  const kept = new KeptSpans();
  const pipeline = pipelineFor({
    traces: {
      exporters: [kept],
      sampler: { shouldSample: () => ({ decision: SamplingDecision.RECORD }) },
    },
  });
  const span = pipeline.provider.getTracer("test").startSpan("work", {}, context.active());
  assert.ok(span.isRecording());
  span.end();
  await pipeline.shutdown();
  assert.deepEqual(kept.names, []);
});
