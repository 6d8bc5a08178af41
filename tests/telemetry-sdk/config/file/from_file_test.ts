import assert from "node:assert/strict";
import { configFromCode } from "../../../../telemetry-sdk/config/from_code.ts";
import { configFromEnv } from "../../../../telemetry-sdk/config/from_env.ts";
import { optionAt, type OptionPath } from "../../../../telemetry-sdk/config/options.ts";
import { NO_TIMEOUT } from "../../../../telemetry-sdk/config/parsers.ts";
import { resolveConfig } from "../../../../telemetry-sdk/config/resolve.ts";
import type { TelemetryConfig } from "../../../../telemetry-sdk/config/schema.ts";
import { readFile, versioned } from "./_file.ts";

/** What stands at a key, and the option that it becomes. */
const SINGLE_VALUES: readonly (readonly [text: string, option: OptionPath, value: unknown])[] = [
  ["disabled: true", "disabled", true],
  ["disabled: false", "disabled", false],
  ["disabled:", "disabled", undefined],
  ["log_level: trace", "diagnosticLevel", "verbose"],
  ["log_level: debug", "diagnosticLevel", "debug"],
  ["log_level: warn", "diagnosticLevel", "warn"],
  ["log_level: fatal", "diagnosticLevel", "none"],
  ["attribute_limits: { attribute_count_limit: 7 }", "limits.attributeCountLimit", 7],
  [
    "attribute_limits: { attribute_value_length_limit: 70 }",
    "limits.attributeValueLengthLimit",
    70,
  ],
  ["attribute_limits: { attribute_value_length_limit: }", "limits.attributeCountLimit", undefined],
  ["propagator: { composite: [ b3:, baggage: {} ] }", "propagators", ["b3", "baggage"]],
  [
    "propagator: { composite: [ b3: ], composite_list: 'baggage,b3, b3multi' }",
    "propagators",
    ["b3", "baggage", "b3multi"],
  ],
  ["propagator: { composite_list: none }", "propagators", []],
  ["propagator: {}", "propagators", []],
  [
    "resource: { detection/development: { detectors: [ service:, host:, container: ] } }",
    "resourceDetectors",
    ["service", "host", "os", "container"],
  ],
  [
    "resource: { attributes_list: 'a=1,b=x%20y', attributes: [ { name: a, value: own } ] }",
    "resourceAttributes",
    { a: "own", b: "x y" },
  ],
];

Deno.test("configFromFile() makes each key the option of the same meaning", async (t) => {
  for (const [text, option, value] of SINGLE_VALUES) {
    await t.step(text, () => {
      const { config, warnings } = readFile(versioned(text));
      assert.deepEqual(optionAt(config, option), value);
      assert.deepEqual(warnings, []);
    });
  }
});

const SPAN_LIMITS: Readonly<Record<string, OptionPath>> = {
  attribute_value_length_limit: "traces.spanLimits.attributeValueLengthLimit",
  attribute_count_limit: "traces.spanLimits.attributeCountLimit",
  event_count_limit: "traces.spanLimits.eventCountLimit",
  link_count_limit: "traces.spanLimits.linkCountLimit",
  event_attribute_count_limit: "traces.spanLimits.attributePerEventCountLimit",
  link_attribute_count_limit: "traces.spanLimits.attributePerLinkCountLimit",
};

Deno.test("configFromFile() reads each limit of spans and of log records", () => {
  for (const [key, option] of Object.entries(SPAN_LIMITS)) {
    const { config } = readFile(versioned(
      `tracer_provider: { processors: [ simple: { exporter: { console: } } ], limits: { ${key}: 9 } }`,
    ));
    assert.equal(optionAt(config, option), 9, key);
  }
  const { config } = readFile(versioned(
    "logger_provider: { processors: [ simple: { exporter: { console: } } ], " +
      "limits: { attribute_value_length_limit: 5, attribute_count_limit: 6 } }",
  ));
  assert.deepEqual(config.logs?.limits, {
    attributeValueLengthLimit: 5,
    attributeCountLimit: 6,
  });
});

Deno.test("configFromFile() makes each processor a destination with settings of its own", () => {
  const { config, warnings } = readFile(versioned(`
tracer_provider:
  processors:
    - batch:
        schedule_delay: 1
        export_timeout: 0
        max_queue_size: 3
        max_export_batch_size: 2
        exporter:
          otlp_http:
            endpoint: collector.example:4318/traces
            tls: { ca_file: /ca.pem, key_file: /key.pem, cert_file: /cert.pem }
            headers_list: A=1,B=b%20b
            headers: [ { name: A, value: own }, { name: c, value: } ]
            compression: gzip
            timeout: 5
            encoding: json
    - simple: { exporter: { otlp_file/development: { output_stream: stdout } } }
    - simple: { exporter: { console: } }
    - batch: { exporter: { otlp_http: } }
logger_provider:
  processors:
    - batch: { schedule_delay: 10, exporter: { otlp_http: { endpoint: "http://logs.example" } } }
`));
  assert.deepEqual(warnings, []);
  const nothing = { endpoint: undefined, headers: undefined, timeoutMillis: undefined };
  const unset = {
    ...nothing,
    compression: undefined,
    protocol: undefined,
    certificate: undefined,
    clientKey: undefined,
    clientCertificate: undefined,
  };
  const noBatch = {
    maxQueueSize: undefined,
    maxExportBatchSize: undefined,
    scheduledDelayMillis: undefined,
    exportTimeoutMillis: undefined,
  };
  const atOnce = { maxExportBatchSize: 1, scheduledDelayMillis: 0 };
  assert.deepEqual(config.traces?.exporters, [
    {
      exporter: "otlp",
      otlp: {
        endpoint: "http://collector.example:4318/traces",
        headers: { a: "own", b: "b b" },
        timeoutMillis: 5,
        compression: "gzip",
        protocol: "http/json",
        certificate: "/ca.pem",
        clientKey: "/key.pem",
        clientCertificate: "/cert.pem",
      },
      batch: {
        maxQueueSize: 3,
        maxExportBatchSize: 2,
        scheduledDelayMillis: 1,
        exportTimeoutMillis: NO_TIMEOUT,
      },
    },
    { exporter: "otlp/stdout", batch: atOnce },
    { exporter: "console", batch: atOnce },
    { exporter: "otlp", otlp: unset, batch: noBatch },
  ]);
  assert.deepEqual(config.logs?.exporters, [{
    exporter: "otlp",
    otlp: { ...unset, endpoint: "http://logs.example/" },
    batch: { ...noBatch, scheduledDelayMillis: 10 },
  }]);
});

Deno.test("configFromFile() makes each reader a destination of metrics", () => {
  const { config, warnings } = readFile(versioned(`
meter_provider:
  exemplar_filter: always_off
  readers:
    - periodic:
        interval: 1000
        timeout: 500
        exporter:
          otlp_http:
            endpoint: http://metrics.example/v1/metrics
            temporality_preference: low_memory
            default_histogram_aggregation: base2_exponential_bucket_histogram
    - periodic: { exporter: { otlp_file/development: { temporality_preference: delta } } }
    - pull: { exporter: { prometheus/development: { host: 0.0.0.0, port: 9999 } } }
`));
  assert.deepEqual(warnings, []);
  const [otlp, stdout, prometheus] = config.metrics?.exporters ?? [];
  assert.ok(typeof otlp === "object" && "otlp" in otlp);
  assert.equal(otlp.otlp?.endpoint, "http://metrics.example/v1/metrics");
  assert.deepEqual({ ...otlp, otlp: undefined }, {
    exporter: "otlp",
    otlp: undefined,
    temporality: "lowmemory",
    histogramAggregation: "base2_exponential_bucket_histogram",
    intervalMillis: 1000,
    timeoutMillis: 500,
  });
  assert.deepEqual(stdout, {
    exporter: "otlp/stdout",
    temporality: "delta",
    intervalMillis: undefined,
    timeoutMillis: undefined,
  });
  assert.deepEqual(prometheus, { exporter: "prometheus" });
  assert.deepEqual(config.metrics?.prometheus, { host: "0.0.0.0", port: 9999 });
});

Deno.test("configFromFile() gives attributes of the resource their types", () => {
  const attributes = (list: string) =>
    readFile(versioned(`resource:\n  attributes:\n${list}`)).config.resourceAttributes;
  assert.deepEqual(
    attributes(`
    - { name: text, value: a }
    - { name: number.as.text, value: 12 }
    - { name: no, value: , type: int }
    - { name: bool, value: true, type: bool }
    - { name: int, value: 3, type: int }
    - { name: double, value: 1.5, type: double }
    - { name: texts, value: [1, 2], type: string_array }
    - { name: ints, value: [1, 2], type: int_array }
`),
    {
      text: "a",
      "number.as.text": "12",
      bool: true,
      int: 3,
      double: 1.5,
      texts: ["1", "2"],
      ints: [1, 2],
    },
  );
});

Deno.test("configFromFile() says with the line what has no effect here", () => {
  const { warnings } = readFile(versioned(`log_level: debug2
resource:
  schema_url: https://example.com/schema
  attributes_list: a=1,b
  detection/development:
    detectors: [ lambda: ]
propagator: { composite_list: "tracecontext,xray,wrong" }
tracer_provider:
  id_generator: { mine: }
  processors: [ simple: { exporter: { console: } } ]
meter_provider:
  exemplar_filter: trace_based
  readers:
    - periodic: { cardinality_limits: { default: 3 }, exporter: { console: } }
    - pull: { exporter: { prometheus/development: { scope_info_enabled: false } } }
logger_provider:
  processors:
    - simple: { exporter: { console: } }
    - event_to_span_event_bridge/development:
instrumentation/development:
  general:
    stability_opt_in_list: \${NOT_SET}
distribution: { other: { key: 1 } }
`));
  assert.deepEqual(warnings.map((line) => line.replace(/^telemetry\.yaml:/, "")), [
    '4:3: "resource.schema_url": it is not used: the SDK\'s own is exported',
    '15:19: "meter_provider.readers[0].periodic.cardinality_limits": it is not used: an instrument ' +
    "has at most 2000 series, or what a view's aggregation_cardinality_limit says",
    '24:1: "distribution": it is not used: they are for others',
    '2:1: "log_level": "debug2" counts as "debug"',
    '5:3: "resource.attributes_list": "a=1,b": expected key=value pairs with commas and equals signs ' +
    "percent-encoded; the whole value is discarded",
    '7:18: "resource.detection/development.detectors[0].lambda": the detector "lambda" is not known ' +
    "and is left out; expected one of service, process, host, os, container, kubernetes, deno_deploy",
    '8:15: "propagator.composite_list": the propagator "xray" is left out: it is not supported: give ' +
    "a propagator in code",
    '8:15: "propagator.composite_list": the propagator "wrong" is left out: expected one of ' +
    "tracecontext, baggage, b3, b3multi",
    '10:19: "tracer_provider.id_generator.mine": the generator "mine" is not known; ids are random',
    '13:3: "meter_provider.exemplar_filter": it is not used: the JavaScript SDK makes no exemplars',
    '16:53: "meter_provider.readers[1].pull.exporter.prometheus/development.scope_info_enabled": it is ' +
    "not used: this is always served",
    '20:7: "logger_provider.processors[1].event_to_span_event_bridge/development": it is not used: ' +
    "events stay log records, which carry the span's ids",
  ]);
});

Deno.test("configFromFile() warns of a format that is newer, and reads it", () => {
  const { config, warnings } = readFile('file_format: "1.7"\ndisabled: true');
  assert.equal(config.disabled, true);
  assert.deepEqual(warnings, [
    'telemetry.yaml:1:1: "file_format": "1.7" is newer than "1.1", which is read here',
  ]);
  assert.deepEqual(readFile('file_format: "1.0"').warnings, []);
});

/** The file between code and the environment, as telemetry starts with it. */
function resolve(
  text: string,
  { code = {}, variables = {} }: {
    readonly code?: TelemetryConfig;
    readonly variables?: Readonly<Record<string, string>>;
  } = {},
) {
  const file = readFile(text, variables);
  return resolveConfig([
    { name: "code", ...configFromCode(code) },
    { name: "the file", ...file },
    { name: "environment", ...configFromEnv((name) => variables[name]) },
    { name: "the file", config: file.defaults, warnings: [] },
  ]);
}

Deno.test("resolveConfig() counts code, then the file, then the environment, then defaults", () => {
  const text = versioned(`log_level: warn
attribute_limits: { attribute_count_limit: 20 }
tracer_provider:
  processors: [ batch: { exporter: { otlp_http: } } ]
  sampler: { always_off: }
`);
  const variables = {
    OTEL_LOG_LEVEL: "debug",
    OTEL_ATTRIBUTE_COUNT_LIMIT: "30",
    OTEL_TRACES_SAMPLER: "always_on",
    OTEL_BSP_MAX_QUEUE_SIZE: "700",
    OTEL_EXPORTER_OTLP_ENDPOINT: "http://env.example",
  };
  const { config, warnings } = resolve(text, { code: { diagnosticLevel: "error" }, variables });
  assert.equal(config.diagnosticLevel, "error");
  assert.equal(config.traces.spanLimits.attributeCountLimit, 20);
  assert.equal(config.traces.sampler, "always_off");
  const [destination] = config.traces.destinations;
  assert.equal(destination?.batch.maxQueueSize, 700);
  assert.equal(destination?.batch.maxExportBatchSize, 512);
  assert.equal(destination?.otlp.endpoint, "http://env.example/v1/traces");
  assert.deepEqual(warnings, [
    "OTEL_LOG_LEVEL is not used: code says otherwise",
    "OTEL_ATTRIBUTE_COUNT_LIMIT is not used: the file says otherwise",
    "OTEL_TRACES_SAMPLER is not used: the file says otherwise",
  ]);
});

Deno.test("resolveConfig() has a signal off that the file leaves out, unless the environment names it", () => {
  const { config } = resolve(versioned(""));
  assert.deepEqual(config.traces.destinations, []);
  assert.deepEqual(config.metrics.destinations, []);
  assert.deepEqual(config.logs.destinations, []);
  assert.deepEqual(config.propagators, []);
  assert.deepEqual(config.resourceDetectors, []);

  const named = resolve(versioned(""), {
    variables: {
      OTEL_METRICS_EXPORTER: "console",
      OTEL_PROPAGATORS: "b3",
      OTEL_DENO_RESOURCE_DETECTORS: "os",
    },
  }).config;
  assert.deepEqual(named.metrics.destinations.map(({ exporter }) => exporter), ["console"]);
  assert.deepEqual(named.traces.destinations, []);
  assert.deepEqual(named.propagators, ["b3"]);
  assert.deepEqual(named.resourceDetectors, ["os"]);
});

Deno.test("resolveConfig() takes the service's name from the file before the environment", () => {
  const text = versioned("resource: { attributes: [ { name: service.name, value: from-file } ] }");
  const { config } = resolve(text, { variables: { OTEL_SERVICE_NAME: "from-env" } });
  assert.equal(config.serviceName, undefined);
  assert.equal(config.resourceAttributes["service.name"], "from-file");
});
