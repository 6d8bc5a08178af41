import { context, ROOT_CONTEXT, SpanStatusCode, trace, TraceFlags } from "@opentelemetry/api";
import assert from "node:assert/strict";
import type { ExportResult } from "@opentelemetry/core";
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SamplingDecision,
  type SpanExporter,
} from "@opentelemetry/sdk-trace-base";
import { NOTHING_DROPPED } from "../../../telemetry-sdk/batch/batch_stats.ts";
import { configFromCode } from "../../../telemetry-sdk/config/from_code.ts";
import { resolveConfig } from "../../../telemetry-sdk/config/resolve.ts";
import type { TelemetryConfig } from "../../../telemetry-sdk/config/schema.ts";
import { ExportReports } from "../../../telemetry-sdk/export/reports.ts";
import { createResource } from "../../../telemetry-sdk/resource/resource.ts";
import { createTraces } from "../../../telemetry-sdk/traces/pipeline.ts";
import { startReceiver } from "../../_otlp_receiver.ts";
import { accept, Collector } from "../_collector.ts";

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

Deno.test("createTraces() thins a destination out by whole traces also with a sampler that follows parents", async () => {
  const half = new KeptSpans();
  const pipeline = pipelineFor({
    traces: {
      exporters: [{ exporter: half, sampler: "parentbased_traceidratio", samplerRatio: 0.5 }],
    },
  });
  const tracer = pipeline.provider.getTracer("test");
  for (let count = 0; count < 100; count++) {
    const parent = tracer.startSpan("parent");
    tracer.startSpan("child", {}, trace.setSpan(ROOT_CONTEXT, parent)).end();
    parent.end();
  }
  await pipeline.shutdown();
  const traces = Map.groupBy(half.getFinishedSpans(), (span) => span.spanContext().traceId);
  assert.ok(traces.size > 10 && traces.size < 90, String(traces.size));
  for (const spans of traces.values()) assert.equal(spans.length, 2);
});

Deno.test("createTraces() takes an exporter that wraps another for what it is, not for a destination", async () => {
  const inner = new KeptSpans();
  class Renaming implements SpanExporter {
    readonly exporter = inner;
    export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
      const renamed = spans.map((span) => Object.create(span, { name: { value: "renamed" } }));
      this.exporter.export(renamed, done);
    }
    shutdown(): Promise<void> {
      return Promise.resolve();
    }
  }
  const plain: SpanExporter & { readonly exporter: SpanExporter } = {
    exporter: inner,
    export: (spans, done) => inner.export([...spans, ...spans], done),
    shutdown: () => Promise.resolve(),
  };
  const pipeline = pipelineFor({ traces: { exporters: [new Renaming(), plain] } });
  pipeline.provider.getTracer("test").startSpan("work").end();
  await pipeline.shutdown();
  assert.deepEqual(inner.names.sort(), ["renamed", "work", "work"]);
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

Deno.test("createTraces() sends a batch that is too large in halves, and loses alone what is too large alone", async () => {
  await using receiver = startReceiver({
    respond: ({ telemetry: { spans } }) =>
      spans.length > 2 || spans.some(({ name }) => name === "huge")
        ? new Response(null, { status: 413 })
        : undefined,
  });
  const lines: string[] = [];
  const { config } = resolveConfig([{
    name: "code",
    ...configFromCode({ otlp: { endpoint: receiver.url } }),
  }]);
  const reports = new ExportReports("spans", (line) => lines.push(line));
  const resource = createResource({ serviceName: "shop", resourceAttributes: {} });
  const pipeline = createTraces(config.traces, { resource, reports });
  const tracer = pipeline.provider.getTracer("test");
  const names = ["a", "b", "c", "huge", "d", "e", "f", "g"];
  for (const name of names) tracer.startSpan(name).end();
  await pipeline.shutdown();
  assert.deepEqual(receiver.spans().map(({ name }) => name), ["a", "b", "c", "d", "e", "f", "g"]);
  const { exported, dropped } = pipeline.stats();
  assert.deepEqual({ exported, dropped }, {
    exported: 7,
    dropped: { ...NOTHING_DROPPED, export_failed: 1 },
  });
  assert.equal(reports.counts.failed, 1);
  assert.match(lines[0] ?? "", /is failing since .*: the receiver answered 413$/);
  assert.match(lines[1] ?? "", /works again; 1 spans were dropped meanwhile$/);
});

Deno.test("createTraces() exports at the shutdown also what ends while it flushes", async () => {
  const flushing = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  await using collector = new Collector(async (number, request) => {
    if (number === 1) {
      flushing.resolve();
      await answer.promise;
    }
    return accept(number, request);
  });
  const pipeline = pipelineFor({ otlp: { endpoint: collector.url } });
  const tracer = pipeline.provider.getTracer("test");
  tracer.startSpan("before").end();
  const meanwhile = tracer.startSpan("meanwhile");
  const closed = pipeline.shutdown();
  await flushing.promise;
  meanwhile.end();
  answer.resolve();
  await closed;
  assert.deepEqual(collector.spanNames, ["before", "meanwhile"]);
  assert.deepEqual(pipeline.lost(), { count: 0, unit: "spans" });
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
