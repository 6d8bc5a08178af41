import { createNoopMeter } from "@opentelemetry/api";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { HTTP_DURATION_BUCKETS } from "../framework/telemetry/attributes.ts";
import { requestMethod } from "../framework/telemetry/http_attributes.ts";
import type { HttpRequestRecord } from "../framework/telemetry/metric_records.ts";
import { MetricsRegistry } from "../framework/telemetry/metrics_registry.ts";
import {
  type InstrumentMeter,
  registryMeter,
} from "../framework/telemetry/metrics_registry_meter.ts";
import { OTelMetrics } from "../framework/telemetry/otel_metrics.ts";
import { createMetrics } from "../framework/telemetry/otel_metrics_factory.ts";

const RECORDS: readonly HttpRequestRecord[] = Array.from({ length: 64 }, (_, index) => ({
  method: index % 2 === 0 ? "GET" : "POST",
  scheme: "http",
  route: `/shop/${index % 16}/:id`,
  status: index % 8 === 0 ? 404 : 200,
  errorType: undefined,
  seconds: index / 1_000,
}));

let next = 0;

function nextRecord(): HttpRequestRecord {
  next = (next + 1) % RECORDS.length;
  return RECORDS[next] as HttpRequestRecord;
}

/** The same two recordings with attributes that are made for each request. */
function recordBuilding(meter: InstrumentMeter): (record: HttpRequestRecord) => void {
  const requests = meter.createCounter("built.requests");
  const duration = meter.createHistogram("built.duration", {
    advice: { explicitBucketBoundaries: [...HTTP_DURATION_BUCKETS] },
  });
  return ({ method, route, status, scheme, errorType, seconds }) => {
    const counted = {
      "http.request.method": requestMethod(method),
      ...(route !== undefined && { "http.route": route }),
      ...(status !== undefined && { "http.response.status_code": status }),
    };
    requests.add(1, counted);
    duration.record(seconds, {
      ...counted,
      "url.scheme": scheme,
      ...(errorType !== undefined && { "error.type": errorType }),
    });
  };
}

const sdk = new MeterProvider({
  readers: [
    new PeriodicExportingMetricReader({
      exporter: new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE),
      exportIntervalMillis: 2 ** 30,
    }),
  ],
}).getMeter("bench");

for (
  const [what, meter] of [
    ["no instrument behind", createNoopMeter()],
    ["the registry", registryMeter(new MetricsRegistry())],
    ["the SDK", sdk],
  ] as const
) {
  const group = `a request's metrics, ${what}`;
  const record = recordBuilding(meter);
  const bound = new OTelMetrics(meter);
  Deno.bench(`${what}: attributes built`, { group, baseline: true }, () => record(nextRecord()));
  Deno.bench(`${what}: attributes bound`, { group }, () => bound.recordHttpRequest(nextRecord()));
}

const group = "an application's counter that nobody reads";
const attributes = { "shop.channel": "web" };
const noop = createNoopMeter().createCounter("idle");
const idle = createMetrics().counter("shop.orders");
Deno.bench("idle: the API's no-op", { group, baseline: true }, () => noop.add(1, attributes));
Deno.bench("idle: createMetrics().counter()", { group }, () => idle.add(1, attributes));
