import assert from "node:assert/strict";
import { AggregationTemporality, InstrumentType } from "@opentelemetry/sdk-metrics";
import { resolveConfig } from "../../../telemetry-sdk/config/resolve.ts";
import type { MetricsConfig } from "../../../telemetry-sdk/config/metrics_schema.ts";
import { OtlpMetricExporter } from "../../../telemetry-sdk/export/otlp_metric_exporter.ts";
import { ExportReport } from "../../../telemetry-sdk/export/report.ts";
import { ExportReports } from "../../../telemetry-sdk/export/reports.ts";
import { createMetrics } from "../../../telemetry-sdk/metrics/pipeline.ts";
import { createResource } from "../../../telemetry-sdk/resource/resource.ts";
import { type Answer, Collector } from "../_collector.ts";

/** Records one measurement and shuts down, against a receiver with this answer. */
async function record(metrics: MetricsConfig = {}, answer?: Answer) {
  await using collector = new Collector(answer);
  const { config } = resolveConfig([{
    name: "code",
    config: { otlp: { endpoint: collector.url }, metrics },
    warnings: [],
  }]);
  const lines: string[] = [];
  const say = (line: string) => lines.push(line);
  const resource = createResource({ serviceName: undefined, resourceAttributes: {} });
  const pipeline = createMetrics(config.metrics, {
    resource,
    reports: new ExportReports("metrics", say),
    say,
  });
  pipeline.provider.getMeter("test").createCounter("requests").add(3);
  await pipeline.shutdown();
  return { received: collector.received, lines, lost: pipeline.lost() };
}

Deno.test("createMetrics() exports what was recorded when it shuts down", async () => {
  const { received, lost } = await record({ otlp: { protocol: "http/json" } });
  assert.equal(received.length, 1);
  assert.equal(received[0]?.path, "/v1/metrics");
  const body = JSON.parse(new TextDecoder().decode(received[0]?.body));
  const [metric] = body.resourceMetrics[0].scopeMetrics[0].metrics;
  assert.equal(metric.name, "requests");
  assert.equal(metric.sum.dataPoints[0].asInt ?? metric.sum.dataPoints[0].asDouble, 3);
  assert.equal(metric.sum.aggregationTemporality, 2, "cumulative");
  assert.equal(lost.count, 0);
});

Deno.test("createMetrics() sends by the stock exporter when the transport is node", async () => {
  const { received } = await record({ otlp: { transport: "node" } });
  assert.equal(received.length, 1);
  assert.equal(received[0]?.headers.get("content-type"), "application/x-protobuf");
});

Deno.test("createMetrics() applies views", async () => {
  const { received } = await record({
    otlp: { protocol: "http/json" },
    views: [{ instrumentName: "requests", name: "renamed" }],
  });
  assert.match(new TextDecoder().decode(received[0]?.body), /"name":"renamed"/);
});

Deno.test("createMetrics() counts an export that failed for good", async () => {
  const { lines, lost } = await record({}, () => new Response(null, { status: 400 }));
  assert.equal(lost.count, 1);
  assert.match(lines.join("\n"), /^export of metrics to http:.* is failing since .*answered 400$/);
});

Deno.test("OtlpMetricExporter prefers the temporality that it is told", () => {
  const [settings] = resolveConfig([]).config.metrics.destinations;
  assert.ok(settings !== undefined);
  const chosen = (["cumulative", "delta", "lowmemory"] as const).map((temporality) => {
    const report = new ExportReport({ destination: "here", items: "metrics", say: () => {} });
    const { otlp, histogramAggregation } = settings;
    const exporter = new OtlpMetricExporter({ ...otlp, temporality, histogramAggregation }, report);
    return [InstrumentType.COUNTER, InstrumentType.OBSERVABLE_COUNTER].map((type) =>
      exporter.selectAggregationTemporality(type)
    );
  });
  const { CUMULATIVE, DELTA } = AggregationTemporality;
  assert.deepEqual(chosen, [[CUMULATIVE, CUMULATIVE], [DELTA, DELTA], [DELTA, CUMULATIVE]]);
});

Deno.test("createMetrics() makes exponential histograms where they are preferred", async () => {
  await using collector = new Collector();
  const { config } = resolveConfig([{
    name: "code",
    config: {
      otlp: { endpoint: collector.url, protocol: "http/json" },
      metrics: { histogramAggregation: "base2_exponential_bucket_histogram" },
    },
    warnings: [],
  }]);
  const say = () => {};
  const pipeline = createMetrics(config.metrics, {
    resource: createResource({ serviceName: undefined, resourceAttributes: {} }),
    reports: new ExportReports("metrics", say),
    say,
  });
  pipeline.provider.getMeter("test").createHistogram("latency").record(3);
  await pipeline.shutdown();
  const text = new TextDecoder().decode(collector.received[0]?.body);
  assert.match(text, /"exponentialHistogram":/);
});

Deno.test("createMetrics() serves Prometheus where it is named, with units in the names", async () => {
  const { config } = resolveConfig([{
    name: "code",
    config: {
      metrics: { exporters: ["prometheus"], prometheus: { host: "127.0.0.1", port: 0 } },
    },
    warnings: [],
  }]);
  const lines: string[] = [];
  const say = (line: string) => lines.push(line);
  const pipeline = createMetrics(config.metrics, {
    resource: createResource({ serviceName: "shop", resourceAttributes: {} }),
    reports: new ExportReports("metrics", say),
    say,
  });
  try {
    pipeline.provider.getMeter("test").createHistogram("latency", { unit: "s" }).record(3);
    const url = lines[0]?.match(/http:\S+/)?.[0] ?? "";
    const text = await (await fetch(url)).text();
    assert.match(text, /^latency_seconds_count\{.*\} 1$/m);
    const elsewhere = await fetch(new URL("/other", url));
    await elsewhere.body?.cancel();
    assert.equal(elsewhere.status, 404);
  } finally {
    await pipeline.shutdown();
  }
});

Deno.test("createMetrics() says where it cannot listen for Prometheus, and goes on", async () => {
  const taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr;
  const { config } = resolveConfig([{
    name: "code",
    config: { metrics: { exporters: ["prometheus"], prometheus: { host: "127.0.0.1", port } } },
    warnings: [],
  }]);
  const lines: string[] = [];
  const say = (line: string) => lines.push(line);
  const pipeline = createMetrics(config.metrics, {
    resource: createResource({ serviceName: undefined, resourceAttributes: {} }),
    reports: new ExportReports("metrics", say),
    say,
  });
  await pipeline.shutdown();
  taken.close();
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? "", new RegExp(`^cannot listen on 127.0.0.1:${port} for Prometheus: `));
});
