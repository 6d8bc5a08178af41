import assert from "node:assert/strict";
import { EnvironmentReader } from "../../../telemetry-sdk/config/env.ts";
import { configFromEnv } from "../../../telemetry-sdk/config/from_env.ts";
import { NO_TIMEOUT } from "../../../telemetry-sdk/config/parsers.ts";
import { RESOURCE_DETECTOR_NAMES } from "../../../telemetry-sdk/config/names.ts";
import type { TelemetryConfig } from "../../../telemetry-sdk/config/schema.ts";
import { SETTINGS } from "../../../telemetry-sdk/config/settings.ts";

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
    good: {
      "Baggage,tracecontext": ["baggage", "tracecontext"],
      "b3,b3,B3multi": ["b3", "b3multi"],
      none: [],
    },
    bad: ["b3x", "xray,jaeger"],
  },
  OTEL_DENO_CONFIG_WATCH: { pick: (c) => c.watchConfigFile, good: { TRUE: true }, bad: ["yes"] },
  OTEL_CONFIG_FILE: { pick: (c) => c.configFile, good: { "a.yaml": "a.yaml" }, bad: [] },
  OTEL_DENO_RESOURCE_DETECTORS: {
    pick: (c) => c.resourceDetectors,
    good: { "Host,os": ["host", "os"], none: [], ALL: RESOURCE_DETECTOR_NAMES },
    bad: ["hosts"],
  },
  OTEL_DENO_SHUTDOWN_TIMEOUT: {
    pick: (c) => c.shutdownTimeoutMillis,
    good: { "100": 100 },
    bad: [...NUMBERS, "0"],
  },
  OTEL_LOG_LEVEL: {
    pick: (c) => c.diagnosticLevel,
    good: { DEBUG: "debug", none: "none" },
    bad: ["loud"],
  },
  OTEL_TRACES_EXPORTER: {
    pick: (c) => c.traces?.exporters,
    good: {
      otlp: ["otlp"],
      "console,OTLP": ["console", "otlp"],
      "otlp/stdout": ["otlp/stdout"],
      none: [],
      "none, None": [],
    },
    bad: ["zipkin", "prometheus"],
  },
  OTEL_METRICS_EXPORTER: {
    pick: (c) => c.metrics?.exporters,
    good: { console: ["console"], "otlp,prometheus": ["otlp", "prometheus"], NONE: [] },
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
  OTEL_DENO_FORCE_SECRET: {
    pick: (c) => c.traces?.forceSecret,
    good: { "0123456789abcdef0123456789abcdef": "0123456789abcdef0123456789abcdef" },
    bad: ["short"],
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
  OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION: {
    pick: (c) => c.metrics?.histogramAggregation,
    good: { Base2_Exponential_Bucket_Histogram: "base2_exponential_bucket_histogram" },
    bad: ["exponential"],
  },
  OTEL_EXPORTER_PROMETHEUS_HOST: {
    pick: (c) => c.metrics?.prometheus?.host,
    good: { "0.0.0.0": "0.0.0.0" },
    bad: [],
  },
  OTEL_EXPORTER_PROMETHEUS_PORT: {
    pick: (c) => c.metrics?.prometheus?.port,
    good: { "0": 0, "9464": 9464 },
    bad: [...NUMBERS, "65536"],
  },
  OTEL_LOGS_EXPORTER: {
    pick: (c) => c.logs?.exporters,
    good: { "otlp,console": ["otlp", "console"], none: [] },
    bad: ["logging"],
  },
  OTEL_BLRP_MAX_QUEUE_SIZE: {
    pick: (c) => c.logs?.batch?.maxQueueSize,
    good: { "10": 10 },
    bad: [...NUMBERS, "0"],
  },
  OTEL_BLRP_MAX_EXPORT_BATCH_SIZE: {
    pick: (c) => c.logs?.batch?.maxExportBatchSize,
    good: { "10": 10 },
    bad: [...NUMBERS, "0"],
  },
  OTEL_BLRP_SCHEDULE_DELAY: {
    pick: (c) => c.logs?.batch?.scheduledDelayMillis,
    good: { "0": 0, "100": 100 },
    bad: NUMBERS,
  },
  OTEL_BLRP_EXPORT_TIMEOUT: {
    pick: (c) => c.logs?.batch?.exportTimeoutMillis,
    good: { "0": NO_TIMEOUT, "100": 100 },
    bad: NUMBERS,
  },
  OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT: {
    pick: (c) => c.logs?.limits?.attributeCountLimit,
    good: { "0": 0, "7": 7 },
    bad: NUMBERS,
  },
  OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT: {
    pick: (c) => c.logs?.limits?.attributeValueLengthLimit,
    good: { "7": 7 },
    bad: [...NUMBERS, "0"],
  },
  OTEL_DENO_LOG_SEVERITY: {
    pick: (c) => c.logs?.minimumSeverity,
    good: { WARN: "warn" },
    bad: ["warning"],
  },
  OTEL_DENO_CONSOLE: {
    pick: (c) => c.logs?.console,
    good: { capture: "capture", Replace: "replace", ignore: "ignore" },
    bad: ["true"],
  },
  OTEL_ATTRIBUTE_COUNT_LIMIT: {
    pick: (c) => c.limits?.attributeCountLimit,
    good: { "0": 0, "7": 7 },
    bad: NUMBERS,
  },
  OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: {
    pick: (c) => c.limits?.attributeValueLengthLimit,
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
  ...otlpRows("LOGS_", (c) => c.logs?.otlp),
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
    [`${prefix}CERTIFICATE`]: {
      pick: (c) => pick(c)?.certificate,
      good: { "ca.pem": "ca.pem" },
      bad: [],
    },
    [`${prefix}CLIENT_KEY`]: { pick: (c) => pick(c)?.clientKey, good: { k: "k" }, bad: [] },
    [`${prefix}CLIENT_CERTIFICATE`]: {
      pick: (c) => pick(c)?.clientCertificate,
      good: { c: "c" },
      bad: [],
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

Deno.test("every variable of the table has its row here", () => {
  const variables = SETTINGS.flatMap(({ variable }) => variable === undefined ? [] : [variable]);
  assert.deepEqual(new Set(variables), new Set(Object.keys(TABLE)));
  assert.equal(new Set(variables).size, variables.length, "a variable stands in the table once");
});

Deno.test("configFromEnv() counts an empty variable as unset", () => {
  const reader = new EnvironmentReader();
  const before = Deno.env.get("OTEL_BSP_SCHEDULE_DELAY");
  try {
    Deno.env.set("OTEL_BSP_SCHEDULE_DELAY", " ");
    const { config, warnings } = configFromEnv((name) =>
      name === "OTEL_BSP_SCHEDULE_DELAY" ? reader.read(name) : undefined
    );
    assert.deepEqual([config, warnings], [{}, []]);
  } finally {
    if (before === undefined) Deno.env.delete("OTEL_BSP_SCHEDULE_DELAY");
    else Deno.env.set("OTEL_BSP_SCHEDULE_DELAY", before);
  }
});

Deno.test("configFromEnv() says which variables of the specification mean nothing here", () => {
  assert.deepEqual(parse({ OTEL_METRICS_EXEMPLAR_FILTER: "Always_Off" }).warnings, []);
  const { warnings } = parse({
    OTEL_METRICS_EXEMPLAR_FILTER: "trace_based",
    OTEL_EXPORTER_OTLP_INSECURE: "true",
  });
  assert.deepEqual(warnings, [
    "OTEL_METRICS_EXEMPLAR_FILTER: the JavaScript SDK makes no exemplars; it is ignored",
    "OTEL_EXPORTER_OTLP_INSECURE: it is for gRPC alone; the endpoint's scheme says http or https; it is ignored",
  ]);
});

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
