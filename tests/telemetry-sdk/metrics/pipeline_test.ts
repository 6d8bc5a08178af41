import assert from "node:assert/strict";
import { AggregationTemporality, InstrumentType } from "@opentelemetry/sdk-metrics";
import { resolveConfig } from "../../../telemetry-sdk/config/resolve.ts";
import type { MetricsConfig } from "../../../telemetry-sdk/config/schema.ts";
import { OtlpMetricExporter } from "../../../telemetry-sdk/export/otlp_metric_exporter.ts";
import { ExportReport } from "../../../telemetry-sdk/export/report.ts";
import { createMetrics } from "../../../telemetry-sdk/metrics/pipeline.ts";
import { createResource } from "../../../telemetry-sdk/resource/resource.ts";
import { type Answer, Collector } from "../_collector.ts";

const NOTHING = { config: {}, warnings: [] };

function report(lines: string[] = []): ExportReport {
  return new ExportReport({
    destination: "here",
    items: "metrics",
    say: (line) => lines.push(line),
  });
}

/** Records one measurement and shuts down, against a receiver with this answer. */
async function record(metrics: MetricsConfig = {}, answer?: Answer) {
  await using collector = new Collector(answer);
  const code = { config: { otlp: { endpoint: collector.url }, metrics }, warnings: [] };
  const { config } = resolveConfig(code, NOTHING);
  const lines: string[] = [];
  const resource = createResource({ serviceName: undefined, resourceAttributes: {} });
  const pipeline = createMetrics(config.metrics, resource, report(lines));
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
  assert.match(lines.join("\n"), /^export of metrics to here is failing since .*answered 400$/);
});

Deno.test("OtlpMetricExporter prefers the temporality that it is told", () => {
  const { config } = resolveConfig(NOTHING, NOTHING);
  const chosen = (["cumulative", "delta", "lowmemory"] as const).map((temporality) => {
    const exporter = new OtlpMetricExporter({ ...config.metrics.otlp, temporality }, report());
    return [InstrumentType.COUNTER, InstrumentType.OBSERVABLE_COUNTER].map((type) =>
      exporter.selectAggregationTemporality(type)
    );
  });
  const { CUMULATIVE, DELTA } = AggregationTemporality;
  assert.deepEqual(chosen, [[CUMULATIVE, CUMULATIVE], [DELTA, DELTA], [DELTA, CUMULATIVE]]);
});
