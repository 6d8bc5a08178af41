import assert from "node:assert/strict";
import { configFromEnv } from "../../../telemetry-sdk/config/from_env.ts";
import { NO_TIMEOUT } from "../../../telemetry-sdk/config/parsers.ts";
import type { TelemetryConfig } from "../../../telemetry-sdk/config/schema.ts";

function parse(variables: Record<string, string>) {
  return configFromEnv((name) => variables[name]);
}

interface Row {
  readonly pick: (config: TelemetryConfig) => unknown;
  readonly good: Readonly<Record<string, unknown>>;
  readonly bad: readonly string[];
  /** What a bad value leads to; nothing unless said. */
  readonly badValue?: unknown;
}

const NUMBERS = ["abc", "-1", "1.5", "1e3", "0x10", "Infinity", "NaN"];

const TABLE: Readonly<Record<string, Row>> = {
  OTEL_SDK_DISABLED: {
    pick: (c) => c.disabled,
    good: { true: true, False: false },
    bad: ["1", "yes"],
  },
  OTEL_SERVICE_NAME: { pick: (c) => c.serviceName, good: { shop: "shop" }, bad: [] },
  OTEL_RESOURCE_ATTRIBUTES: {
    pick: (c) => c.resourceAttributes,
    good: { "a=1,b=2": { a: "1", b: "2" } },
    bad: ["a", "a=1,b", "a=b=c", "=1"],
  },
  OTEL_PROPAGATORS: {
    pick: (c) => c.propagators,
    good: { "Baggage,tracecontext": ["baggage", "tracecontext"], none: [] },
    bad: ["b3x", "xray,jaeger"],
  },
  OTEL_LOG_LEVEL: {
    pick: (c) => c.diagnosticLevel,
    good: { DEBUG: "debug", none: "none" },
    bad: ["loud"],
  },
  OTEL_TRACES_EXPORTER: {
    pick: (c) => c.traces?.exporters,
    good: { otlp: ["otlp"], "console,OTLP": ["console", "otlp"], none: [] },
    bad: ["zipkin"],
  },
  OTEL_METRICS_EXPORTER: {
    pick: (c) => c.metrics?.exporters,
    good: { console: ["console"], NONE: [] },
    bad: ["prometheuss"],
  },
  OTEL_TRACES_SAMPLER: {
    pick: (c) => c.traces?.sampler,
    good: { ALWAYS_OFF: "always_off", parentbased_traceidratio: "parentbased_traceidratio" },
    bad: ["sometimes", "jaeger_remote"],
  },
  OTEL_TRACES_SAMPLER_ARG: {
    pick: (c) => c.traces?.samplerRatio,
    good: { "0.25": 0.25, "0": 0 },
    bad: ["10%", "1.5", "-0.1", "abc"],
    badValue: 0.1,
  },
  OTEL_BSP_MAX_QUEUE_SIZE: {
    pick: (c) => c.traces?.batch?.maxQueueSize,
    good: { "10": 10 },
    bad: [...NUMBERS, "0"],
  },
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE: {
    pick: (c) => c.traces?.batch?.maxExportBatchSize,
    good: { "10": 10 },
    bad: [...NUMBERS, "0"],
  },
  OTEL_BSP_SCHEDULE_DELAY: {
    pick: (c) => c.traces?.batch?.scheduledDelayMillis,
    good: { "0": 0, "100": 100 },
    bad: NUMBERS,
  },
  OTEL_BSP_EXPORT_TIMEOUT: {
    pick: (c) => c.traces?.batch?.exportTimeoutMillis,
    good: { "0": NO_TIMEOUT, "100": 100 },
    bad: NUMBERS,
  },
  OTEL_METRIC_EXPORT_INTERVAL: {
    pick: (c) => c.metrics?.intervalMillis,
    good: { "100": 100 },
    bad: [...NUMBERS, "0"],
  },
  OTEL_METRIC_EXPORT_TIMEOUT: {
    pick: (c) => c.metrics?.timeoutMillis,
    good: { "0": NO_TIMEOUT, "100": 100 },
    bad: NUMBERS,
  },
  OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: {
    pick: (c) => c.metrics?.temporality,
    good: { Delta: "delta", lowmemory: "lowmemory" },
    bad: ["both"],
  },
  OTEL_ATTRIBUTE_COUNT_LIMIT: {
    pick: (c) => c.traces?.spanLimits?.attributeCountLimit,
    good: { "0": 0, "7": 7 },
    bad: NUMBERS,
  },
  OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: {
    pick: (c) => c.traces?.spanLimits?.attributeValueLengthLimit,
    good: { "7": 7 },
    bad: NUMBERS,
  },
  OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: {
    pick: (c) => c.traces?.spanLimits?.attributeCountLimit,
    good: { "7": 7 },
    bad: NUMBERS,
  },
  OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT: {
    pick: (c) => c.traces?.spanLimits?.attributeValueLengthLimit,
    good: { "7": 7 },
    bad: NUMBERS,
  },
  OTEL_SPAN_EVENT_COUNT_LIMIT: {
    pick: (c) => c.traces?.spanLimits?.eventCountLimit,
    good: { "0": 0 },
    bad: NUMBERS,
  },
  OTEL_SPAN_LINK_COUNT_LIMIT: {
    pick: (c) => c.traces?.spanLimits?.linkCountLimit,
    good: { "0": 0 },
    bad: NUMBERS,
  },
  OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT: {
    pick: (c) => c.traces?.spanLimits?.attributePerEventCountLimit,
    good: { "3": 3 },
    bad: NUMBERS,
  },
  OTEL_LINK_ATTRIBUTE_COUNT_LIMIT: {
    pick: (c) => c.traces?.spanLimits?.attributePerLinkCountLimit,
    good: { "3": 3 },
    bad: NUMBERS,
  },
  ...otlpRows("", (c) => c.otlp),
  ...otlpRows("TRACES_", (c) => c.traces?.otlp),
  ...otlpRows("METRICS_", (c) => c.metrics?.otlp),
};

function otlpRows(
  scope: string,
  pick: (config: TelemetryConfig) => TelemetryConfig["otlp"],
): Record<string, Row> {
  const prefix = `OTEL_EXPORTER_OTLP_${scope}`;
  return {
    [`${prefix}ENDPOINT`]: {
      pick: (c) => pick(c)?.endpoint,
      good: { "localhost:4318": "http://localhost:4318/", "https://c/x": "https://c/x" },
      bad: ["http://h:99999", "ftp://h", "a b"],
    },
    [`${prefix}HEADERS`]: {
      pick: (c) => pick(c)?.headers,
      good: { "A=1,b=%32": { a: "1", b: "2" } },
      bad: ["nonsense"],
      badValue: {},
    },
    [`${prefix}TIMEOUT`]: {
      pick: (c) => pick(c)?.timeoutMillis,
      good: { "0": NO_TIMEOUT, "100": 100 },
      bad: NUMBERS,
    },
    [`${prefix}COMPRESSION`]: {
      pick: (c) => pick(c)?.compression,
      good: { GZIP: "gzip", none: "none" },
      bad: ["zstd"],
    },
    [`${prefix}PROTOCOL`]: {
      pick: (c) => pick(c)?.protocol,
      good: { "HTTP/JSON": "http/json", "http/protobuf": "http/protobuf" },
      bad: ["grpc", "http"],
    },
  };
}

for (const [variable, { pick, good, bad, badValue }] of Object.entries(TABLE)) {
  Deno.test(`configFromEnv() reads ${variable}`, () => {
    assert.equal(pick(parse({}).config), undefined, "unset");
    for (const [text, value] of Object.entries(good)) {
      const { config, warnings } = parse({ [variable]: text });
      assert.deepEqual(pick(config), value, text);
      assert.deepEqual(warnings, [], text);
    }
    for (const text of bad) {
      const { config, warnings } = parse({ [variable]: text });
      assert.deepEqual(pick(config), badValue, text);
      assert.equal(warnings.length, 1, text);
      assert.ok(warnings[0]?.startsWith(`${variable}=`), warnings[0]);
    }
  });
}

Deno.test("configFromEnv() warns with the value, what is right and what is used instead", () => {
  assert.deepEqual(parse({ OTEL_BSP_SCHEDULE_DELAY: "5s" }).warnings, [
    'OTEL_BSP_SCHEDULE_DELAY="5s": expected an integer from 0 to 2147483647; using 5000',
  ]);
});

Deno.test("configFromEnv() never shows a header", () => {
  const { warnings } = parse({ OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer%ZZhunter2" });
  assert.equal(warnings.length, 1);
  assert.doesNotMatch(warnings.join(), /hunter2|authorization/);
});

Deno.test("configFromEnv() says what to do instead of gRPC", () => {
  const { warnings } = parse({ OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" });
  assert.match(warnings.join(), /use http\/protobuf and the collector's OTLP\/HTTP port/);
});

Deno.test("configFromEnv() keeps a ratio beside a mistyped sampler from becoming every trace", () => {
  const { config } = parse({ OTEL_TRACES_SAMPLER: "ratio", OTEL_TRACES_SAMPLER_ARG: "0.05" });
  assert.equal(config.traces?.sampler, "parentbased_traceidratio");
  assert.equal(config.traces?.samplerRatio, 0.05);
});

Deno.test("configFromEnv() lets a span's limit win over the general one", () => {
  const { config } = parse({
    OTEL_ATTRIBUTE_COUNT_LIMIT: "5",
    OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: "9",
  });
  assert.equal(config.traces?.spanLimits?.attributeCountLimit, 9);
});
