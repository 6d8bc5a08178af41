import assert from "node:assert/strict";
import { configFromCode } from "../../../telemetry-sdk/config/from_code.ts";
import { configFromEnv } from "../../../telemetry-sdk/config/from_env.ts";
import { RESOURCE_DETECTOR_NAMES } from "../../../telemetry-sdk/config/names.ts";
import { NO_TIMEOUT } from "../../../telemetry-sdk/config/parsers.ts";
import { resolveConfig } from "../../../telemetry-sdk/config/resolve.ts";
import type { TelemetryConfig } from "../../../telemetry-sdk/config/schema.ts";

function resolve(code: TelemetryConfig, variables: Record<string, string> = {}) {
  return resolveConfig([
    { name: "code", ...configFromCode(code) },
    { name: "environment", ...configFromEnv((name) => variables[name]) },
  ]);
}

function first<D>({ destinations }: { readonly destinations: readonly D[] }): D {
  const [destination] = destinations;
  assert.ok(destination !== undefined);
  return destination;
}

Deno.test("resolveConfig() fills in the defaults of the specification", () => {
  const { config, warnings } = resolve({});
  assert.deepEqual(warnings, []);
  const otlp = {
    headers: {},
    timeoutMillis: 10_000,
    compression: "none",
    protocol: "http/protobuf",
    transport: "fetch",
    certificate: undefined,
    clientKey: undefined,
    clientCertificate: undefined,
  };
  const batch = {
    maxQueueSize: 2048,
    maxExportBatchSize: 512,
    scheduledDelayMillis: 5000,
    exportTimeoutMillis: 30_000,
    maxQueueBytes: 64 * 1024 * 1024,
    maxExportBatchBytes: 4 * 1024 * 1024,
  };
  const limits = { attributeCountLimit: 128, attributeValueLengthLimit: 4096 };
  assert.deepEqual(config, {
    disabled: false,
    serviceName: undefined,
    resourceAttributes: {},
    resourceDetectors: RESOURCE_DETECTOR_NAMES,
    propagators: ["tracecontext", "baggage"],
    redactAttribute: undefined,
    traces: {
      destinations: [{
        exporter: "otlp",
        otlp: { ...otlp, endpoint: "http://localhost:4318/v1/traces" },
        samplerRatio: 1,
        batch,
      }],
      sampler: "parentbased_always_on",
      samplerRatio: 1,
      spanLimits: {
        ...limits,
        eventCountLimit: 128,
        linkCountLimit: 128,
        attributePerEventCountLimit: 128,
        attributePerLinkCountLimit: 128,
      },
      spanProcessors: [],
      forceSecret: undefined,
      onStart: undefined,
      onEnding: undefined,
    },
    metrics: {
      destinations: [{
        exporter: "otlp",
        otlp: { ...otlp, endpoint: "http://localhost:4318/v1/metrics" },
        intervalMillis: 60_000,
        timeoutMillis: 30_000,
        temporality: "cumulative",
        histogramAggregation: "explicit_bucket_histogram",
      }],
      prometheus: { host: "localhost", port: 9464 },
      views: [],
      readers: [],
    },
    logs: {
      destinations: [{
        exporter: "otlp",
        otlp: { ...otlp, endpoint: "http://localhost:4318/v1/logs" },
        batch: { ...batch, scheduledDelayMillis: 1000 },
      }],
      limits,
      processors: [],
      minimumSeverity: "trace",
      console: "ignore",
    },
    diagnosticLevel: "info",
    shutdownTimeoutMillis: 5000,
    processHooks: true,
  });
});

Deno.test("resolveConfig() lets code win over the environment", () => {
  const { config } = resolve(
    { serviceName: "code", traces: { sampler: "always_off", batch: { maxQueueSize: 7 } } },
    {
      OTEL_SERVICE_NAME: "env",
      OTEL_TRACES_SAMPLER: "always_on",
      OTEL_BSP_MAX_QUEUE_SIZE: "9",
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: "3",
    },
  );
  assert.equal(config.serviceName, "code");
  assert.equal(config.traces.sampler, "always_off");
  assert.equal(first(config.traces).batch.maxQueueSize, 7);
  assert.equal(first(config.traces).batch.maxExportBatchSize, 3);
});

Deno.test("resolveConfig() ranks endpoints by source first, then by signal", () => {
  const variables = {
    OTEL_EXPORTER_OTLP_ENDPOINT: "env:1/base",
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "env:2/own",
  };
  const fromEnv = resolve({}, variables).config;
  assert.equal(first(fromEnv.traces).otlp.endpoint, "http://env:2/own");
  assert.equal(first(fromEnv.metrics).otlp.endpoint, "http://env:1/base/v1/metrics");
  const fromCode = resolve({ otlp: { endpoint: "code:3" } }, variables).config;
  assert.equal(first(fromCode.traces).otlp.endpoint, "http://code:3/v1/traces");
});

Deno.test("resolveConfig() merges headers, the nearer one winning in any spelling", () => {
  const { config } = resolve(
    { otlp: { headers: { "X-A": "code" } } },
    {
      OTEL_EXPORTER_OTLP_HEADERS: "x-a=env,x-b=env",
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: "x-b=traces",
    },
  );
  assert.deepEqual(first(config.traces).otlp.headers, { "x-a": "code", "x-b": "traces" });
  assert.deepEqual(first(config.metrics).otlp.headers, { "x-a": "code", "x-b": "env" });
});

Deno.test("resolveConfig() checks the values of code like those of the environment", () => {
  const { config, warnings } = resolve({
    otlp: { endpoint: "http://h:99999", timeoutMillis: NaN },
    traces: { samplerRatio: 7, batch: { maxExportBatchSize: 0 } },
    metrics: { intervalMillis: -1 },
  });
  assert.equal(first(config.traces).otlp.endpoint, "http://localhost:4318/v1/traces");
  assert.equal(first(config.traces).otlp.timeoutMillis, 10_000);
  assert.equal(config.traces.samplerRatio, 0.1);
  assert.equal(first(config.traces).batch.maxExportBatchSize, 512);
  assert.equal(first(config.metrics).intervalMillis, 60_000);
  assert.equal(warnings.length, 5);
  assert.ok(warnings.some((warning) => warning.startsWith('option traces.samplerRatio="7": ')));
});

Deno.test("resolveConfig() clamps what the SDK's classes would refuse", () => {
  const { config, warnings } = resolve({}, {
    OTEL_BSP_MAX_QUEUE_SIZE: "10",
    OTEL_METRIC_EXPORT_INTERVAL: "500",
    OTEL_METRIC_EXPORT_TIMEOUT: "0",
    OTEL_EXPORTER_OTLP_TIMEOUT: "0",
  });
  assert.equal(first(config.traces).batch.maxExportBatchSize, 10);
  assert.equal(first(config.metrics).timeoutMillis, 500);
  assert.equal(first(config.metrics).otlp.timeoutMillis, 500);
  assert.equal(first(config.traces).otlp.timeoutMillis, 30_000);
  assert.equal(warnings.length, 1);
  assert.equal(
    first(resolve({}, { OTEL_BSP_EXPORT_TIMEOUT: "0" }).config.traces).batch.exportTimeoutMillis,
    NO_TIMEOUT,
  );
});

Deno.test("resolveConfig() gives OTEL_SERVICE_NAME precedence over the environment's attributes only", () => {
  const variables = {
    OTEL_SERVICE_NAME: "own",
    OTEL_RESOURCE_ATTRIBUTES: "service.name=listed,team=a",
  };
  assert.equal(resolve({}, variables).config.serviceName, "own");
  const code = resolve({ resourceAttributes: { "service.name": "code" } }, variables).config;
  assert.equal(code.serviceName, undefined);
  assert.deepEqual(code.resourceAttributes, { "service.name": "code", team: "a" });
});

Deno.test("no warning shows a secret of an endpoint or a header", () => {
  const endpoint = "https://user:s3cret@host:99999/?key=s3cret";
  const headers = { good: "1", "bad name": "s3cret", bad: "s3\ncret" };
  const { config, warnings } = resolve(
    { otlp: { endpoint, headers } },
    {
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "user:s3cret@host:99999",
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: endpoint,
    },
  );
  assert.ok(warnings.length >= 5, warnings.join("\n"));
  assert.ok(!/s3\n?cret/.test(warnings.join("\n")), warnings.join("\n"));
  assert.ok(
    warnings.some((warning) => warning.includes('"https://REDACTED@host:99999/?key=REDACTED"')),
  );
  assert.deepEqual(first(config.traces).otlp.headers, { good: "1" });
});

Deno.test("a mistyped sampler beside a ratio in code keeps a share of the traces, not all", () => {
  const traces = { sampler: "traceidratioo" as "traceidratio", samplerRatio: 0.01 };
  const { config } = resolve({ traces });
  assert.equal(config.traces.sampler, "parentbased_traceidratio");
  assert.equal(config.traces.samplerRatio, 0.01);
});

Deno.test("exporters named none, however often, are none", () => {
  const { config } = resolve({}, { OTEL_TRACES_EXPORTER: "none, None" });
  assert.deepEqual(config.traces.destinations, []);
});

Deno.test("resolveConfig() gives each destination its own settings, then the signal's, then the shared", () => {
  const wanted = () => true;
  const { config, warnings } = resolve({
    otlp: { protocol: "http/json", headers: { team: "a" } },
    traces: {
      otlp: { compression: "gzip" },
      batch: { maxExportBatchSize: 7 },
      exporters: [
        "otlp",
        {
          exporter: "otlp",
          otlp: { endpoint: "other:4318/in", headers: { key: "k" } },
          batch: { scheduledDelayMillis: 1 },
          filter: wanted,
          sampler: "traceidratio",
          samplerRatio: 0.5,
        },
        "otlp/stdout",
      ],
    },
  });
  assert.deepEqual(warnings, []);
  const [usual, other, lines] = config.traces.destinations;
  assert.equal(usual?.otlp.endpoint, "http://localhost:4318/v1/traces");
  assert.equal(other?.otlp.endpoint, "http://other:4318/in");
  assert.deepEqual(other?.otlp.headers, { team: "a", key: "k" });
  assert.deepEqual([other?.otlp.compression, other?.otlp.protocol], ["gzip", "http/json"]);
  assert.deepEqual([other?.batch.maxExportBatchSize, other?.batch.scheduledDelayMillis], [7, 1]);
  assert.deepEqual([other?.filter, other?.sampler, other?.samplerRatio], [
    wanted,
    "traceidratio",
    0.5,
  ]);
  assert.equal(lines?.otlp.transport, "stdout");
});

Deno.test("resolveConfig() checks the settings of a destination", () => {
  const exporters = [
    { exporter: "otlp", otlp: { endpoint: "http://h:99999" }, batch: { maxQueueSize: -1 } },
    { exporter: "oltp" },
    "stdout",
    7,
  ] as unknown as ["otlp"];
  const { config, warnings } = resolve({ traces: { exporters } });
  assert.equal(config.traces.destinations.length, 1);
  assert.equal(first(config.traces).otlp.endpoint, "http://localhost:4318/v1/traces");
  assert.equal(first(config.traces).batch.maxQueueSize, 2048);
  assert.deepEqual(warnings.map((warning) => warning.split(":")[0]), [
    'option traces.exporters[0].batch.maxQueueSize="-1"',
    'option traces.exporters[0].otlp.endpoint="http',
    'option traces.exporters[1]="oltp"',
    'option traces.exporters[2]="stdout"',
    "option traces.exporters[3]",
  ]);
});

Deno.test("resolveConfig() names options that do not exist", () => {
  const code = { serviceNam: "x", traces: { samplerRate: 1, batch: 7 } } as TelemetryConfig;
  const { warnings } = resolve(code);
  assert.equal(warnings.length, 3);
  assert.match(warnings[0] ?? "", /^option serviceNam is not known; expected one of .*serviceName/);
  assert.match(
    warnings[1] ?? "",
    /^option traces\.samplerRate is not known; expected one of .*samplerRatio/,
  );
  assert.match(warnings[2] ?? "", /^option traces\.batch is not an object/);
});

Deno.test("resolveConfig() ranks code over the file over the environment, and says who is overruled", () => {
  const variables: Record<string, string> = {
    OTEL_SERVICE_NAME: "env",
    OTEL_TRACES_SAMPLER: "always_off",
    OTEL_BSP_MAX_QUEUE_SIZE: "100",
    OTEL_BSP_MAX_EXPORT_BATCH_SIZE: "50",
    OTEL_LOG_LEVEL: "warn",
  };
  const { config, warnings } = resolveConfig([
    { name: "code", ...configFromCode({ serviceName: "code" }) },
    {
      name: "the file",
      config: { serviceName: "file", traces: { sampler: "always_on" }, diagnosticLevel: "warn" },
      warnings: [],
    },
    { name: "environment", ...configFromEnv((name) => variables[name]) },
  ]);
  assert.equal(config.serviceName, "code");
  assert.equal(config.traces.sampler, "always_on");
  assert.equal(first(config.traces).batch.maxQueueSize, 100);
  assert.deepEqual(warnings, [
    "OTEL_SERVICE_NAME is not used: code says otherwise",
    "OTEL_TRACES_SAMPLER is not used: the file says otherwise",
  ]);
});
