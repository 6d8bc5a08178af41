import assert from "node:assert/strict";
import {
  context,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
} from "@opentelemetry/api";
import { SeverityNumber } from "@opentelemetry/api-logs";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  InMemoryLogRecordExporter,
  LoggerProvider,
  type ReadableLogRecord,
  SimpleLogRecordProcessor,
} from "@opentelemetry/sdk-logs";
import {
  AggregationTemporality,
  AggregationType,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
  type ResourceMetrics,
} from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, type ReadableSpan } from "@opentelemetry/sdk-trace-base";
import { spanCollector } from "./_span_collector.ts";
import type { OtlpReceiver } from "./_otlp_receiver.ts";

/** The media type of the JSON encoding. */
export const JSON_TYPE = "application/json";

/** The media type of the protobuf encoding. */
export const PROTOBUF_TYPE = "application/x-protobuf";

const resource = resourceFromAttributes({ "service.name": "shop" });

/** The schema URL of the scope of every sample. */
export const SCHEMA_URL = "https://opentelemetry.io/schemas/1.45.0";

/** The span that the samples link to or belong to. */
export const LINKED: SpanContext = {
  traceId: "0af7651916cd43dd8448eb211c80319c",
  spanId: "b7ad6b7169203331",
  traceFlags: TraceFlags.SAMPLED,
};

/** A trace of two spans that uses every field a span has. */
export function recordSpans(): ReadableSpan[] {
  const finished: ReadableSpan[] = [];
  const provider = new BasicTracerProvider({
    resource,
    spanProcessors: [spanCollector(finished)],
  });
  const tracer = provider.getTracer("shop", "1.2.3", { schemaUrl: SCHEMA_URL });
  const parent = tracer.startSpan("GET /orders", {
    kind: SpanKind.SERVER,
    startTime: [1_700_000_000, 123_456_789],
    attributes: {
      text: "Grüße",
      empty: "",
      truth: false,
      zero: 0,
      negative: -7,
      large: Number.MAX_SAFE_INTEGER,
      fraction: 0.25,
      texts: ["a", "b"],
      numbers: [1, 2.5],
    },
    links: [{ context: LINKED, attributes: { why: "retry" } }],
  });
  const child = tracer.startSpan("kv.get", {
    kind: SpanKind.CLIENT,
    startTime: [1_700_000_001, 0],
  }, trace.setSpan(context.active(), parent));
  child.addEvent("cache.miss", { "cache.key": "k" }, [1_700_000_001, 5]);
  child.setStatus({ code: SpanStatusCode.ERROR, message: "gone" });
  child.end([1_700_000_001, 9]);
  parent.end([1_700_000_002, 0]);
  return finished;
}

/** One metric of every type that the SDK makes. */
export async function recordMetrics(): Promise<ResourceMetrics> {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.DELTA);
  const reader = new PeriodicExportingMetricReader({
    exporter,
    exportIntervalMillis: 3_600_000,
  });
  const provider = new MeterProvider({
    resource,
    readers: [reader],
    views: [{
      instrumentName: "exponential",
      aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM },
    }],
  });
  const meter = provider.getMeter("shop", "1.2.3", { schemaUrl: SCHEMA_URL });
  meter.createCounter("orders", { unit: "{order}", description: "Placed" })
    .add(3, { route: "/orders" });
  meter.createUpDownCounter("open").add(-2);
  meter.createGauge("load").record(0.5);
  const histogram = meter.createHistogram("duration", {
    unit: "s",
    advice: { explicitBucketBoundaries: [0.1, 1] },
  });
  for (const seconds of [0.05, 0.5, 0.6, 7]) histogram.record(seconds);
  const exponential = meter.createHistogram("exponential");
  for (const value of [0, 1]) exponential.record(value);
  await provider.forceFlush();
  const [metrics] = exporter.getMetrics();
  await provider.shutdown();
  assert.ok(metrics);
  return metrics;
}

/** A log record that uses every field a record has. */
export function recordLogs(): ReadableLogRecord[] {
  const exporter = new InMemoryLogRecordExporter();
  const provider = new LoggerProvider({
    resource,
    processors: [new SimpleLogRecordProcessor({ exporter })],
  });
  provider.getLogger("shop", "1.2.3", { schemaUrl: SCHEMA_URL }).emit({
    timestamp: [1_700_000_000, 1],
    observedTimestamp: [1_700_000_000, 2],
    severityNumber: SeverityNumber.WARN,
    severityText: "WARN",
    eventName: "stock.low",
    body: { left: 2, bytes: new Uint8Array([0, 255]), nested: [null, "x"] },
    attributes: { "product.id": "p1" },
    context: trace.setSpanContext(context.active(), LINKED),
  });
  return exporter.getFinishedLogRecords();
}

/** Posts a body and gives the answer, unread. */
export async function post(
  receiver: OtlpReceiver,
  path: string,
  { type, body, gzip = false }: {
    type: string;
    body: Uint8Array | string | undefined;
    gzip?: boolean;
  },
): Promise<Response> {
  assert.ok(body !== undefined);
  const plain = new Blob([typeof body === "string" ? body : new Uint8Array(body)]);
  const headers = { "content-type": type };
  if (!gzip) return await fetch(receiver.url + path, { method: "POST", headers, body: plain });
  const zipped = plain.stream().pipeThrough(new CompressionStream("gzip"));
  return await fetch(receiver.url + path, {
    method: "POST",
    headers: { ...headers, "content-encoding": "gzip" },
    body: await new Response(zipped).bytes(),
  });
}
