import assert from "node:assert/strict";
import { configFromFile } from "../../../../telemetry-sdk/config/file/from_file.ts";
import { refusal, versioned } from "./_file.ts";

const SPAN = "tracer_provider: { processors: [ simple: { exporter: { console: } } ]";
const METRIC = "meter_provider: { readers: [ periodic: { exporter: { console: } } ]";

/** What stands below the line with the version, and what is said: line, column, key and what would be right. */
const REFUSALS: Readonly<Record<string, readonly (readonly [text: string, said: string])[]>> = {
  "a key that is not known": [
    ["tracer_providr: {}", '2:1: "tracer_providr": the key "tracer_providr" is not known'],
    [
      "attribute_limits:\n  attribute_count_limt: 1",
      '3:3: "attribute_limits.attribute_count_limt": the key "attribute_count_limt" is not known; ' +
      "expected one of attribute_value_length_limit, attribute_count_limit",
    ],
    [
      "tracer_provider:\n  processors:\n    - batch:\n        exporter:\n          otlp_http:\n" +
      "            endpoit: http://a",
      '7:13: "tracer_provider.processors[0].batch.exporter.otlp_http.endpoit": the key "endpoit"',
    ],
    ["__proto__: {}", '2:1: "__proto__": the key "__proto__" is not known'],
    ["<<: {}", '2:1: "<<": the key "<<" is not known'],
    [
      "tracer_provider: { processors: [ simple: { exporter: { console: { color: true } } } ] }",
      '2:67: "tracer_provider.processors[0].simple.exporter.console.color": the key "color" is not ' +
      "known; expected none",
    ],
  ],
  "what the schema does not allow": [
    ["log_level: loud", '2:1: "log_level": must be equal to one of the allowed values: how much'],
    ["disabled: maybe", '2:1: "disabled": must be boolean or null: `true`: nothing runs'],
    ["tracer_provider:", '2:1: "tracer_provider": must be object: traces'],
    [
      "tracer_provider:\n  processors: []",
      '3:3: "tracer_provider.processors": must NOT have fewer than 1 items: where spans go',
    ],
    ["tracer_provider: { sampler: { always_on: } }", "must have required property 'processors'"],
    [
      `${SPAN}, sampler: { always_on: , always_off: } }`,
      '2:72: "tracer_provider.sampler": must NOT have more than 1 properties',
    ],
    [
      "resource: { attributes: [ { name: a, value: [1, b] } ] }",
      '2:38: "resource.attributes[0].value": must be string or number or boolean or null',
    ],
    [
      `${SPAN}, sampler: { trace_id_ratio_based: { ratio: half } } }`,
      '"tracer_provider.sampler.trace_id_ratio_based.ratio": must be number or null: the share',
    ],
  ],
  "what is not made here": [
    [
      "tracer_provider: { processors: [ batch: { exporter: { otlp_grpc: } } ] }",
      '2:55: "tracer_provider.processors[0].batch.exporter.otlp_grpc": gRPC is not supported: use',
    ],
    [
      "tracer_provider: { processors: [ simple: { exporter: { zipkin: } } ] }",
      'the exporter "zipkin" is not known; it is not supported: send OTLP to a collector',
    ],
    [
      "logger_provider: { processors: [ simple: { exporter: { mine: } } ] }",
      '"logger_provider.processors[0].simple.exporter.mine": the exporter "mine" is not known; ' +
      "expected otlp_http, otlp_file/development or console",
    ],
    [
      "tracer_provider: { processors: [ simple: { exporter: { otlp_file/development: " +
      "{ output_stream: file:///x } } } ] }",
      '"file:///x": no file is written; expected stdout',
    ],
    [
      "tracer_provider: { processors: [ mine: ] }",
      'the processor "mine" is not known; expected batch',
    ],
    [`${SPAN}, sampler: { mine: } }`, 'the sampler "mine" is not known; expected always_on'],
    [
      `${SPAN}, sampler: { jaeger_remote/development: { endpoint: "http://a" } } }`,
      '"tracer_provider.sampler.jaeger_remote/development": remote sampling is not supported',
    ],
    [
      `${SPAN}, sampler: { composite/development: { mine: } } }`,
      '"tracer_provider.sampler.composite/development.mine": the sampler "mine" is not known',
    ],
    [
      `${SPAN}, tracer_configurator/development: { tracers: [ { name: a, config: { enabled: false } } ] } }`,
      '"tracer_provider.tracer_configurator/development.tracers[0].config.enabled": single tracers',
    ],
    [
      `${METRIC}, meter_configurator/development: { default_config: { enabled: false } } }`,
      '"meter_provider.meter_configurator/development.default_config.enabled": single meters',
    ],
    [
      "meter_provider: { readers: [ pull: { exporter: { mine: } } ] }",
      'the exporter "mine" is not known; expected prometheus/development',
    ],
    [
      "meter_provider: { readers: [ pull: { exporter: { prometheus/development: } }, " +
      "pull: { exporter: { prometheus/development: } } ] }",
      '"meter_provider.readers[1]": there is one prometheus listener already',
    ],
  ],
  "a value that its variable would not take either": [
    [
      "tracer_provider: { processors: [ simple: { exporter: { otlp_http: { endpoint: ftp://a } } } ] }",
      '2:69: "tracer_provider.processors[0].simple.exporter.otlp_http.endpoint": "ftp://a": expected an ' +
      "http:// or https:// URL",
    ],
    [
      "tracer_provider: { processors: [ simple: { exporter: { otlp_http: { compression: br } } } ] }",
      '"br": expected one of none, gzip',
    ],
    ["attribute_limits: { attribute_value_length_limit: 0 }", "0: expected an integer from 1"],
    [
      `${SPAN}, sampler: { trace_id_ratio_based: { ratio: 1.5 } } }`,
      '"tracer_provider.sampler.trace_id_ratio_based.ratio": must be <= 1: the share',
    ],
    [
      "meter_provider: { readers: [ periodic: { interval: 0, exporter: { console: } } ] }",
      "0: expected an integer from 1",
    ],
    [
      "resource: { attributes: [ { name: a, value: x, type: int } ] }",
      '2:38: "resource.attributes[0].value": "x": expected an integer, by the type int',
    ],
    [
      "resource: { attributes: [ { name: a, value: [x] } ] }",
      '["x"]: expected a text, by the type string',
    ],
  ],
  "no sound YAML": [
    ["a: [1", "2:6: this is not sound YAML: "],
    ["log_level: info\nlog_level: warn", "3:1: this is not sound YAML: Map keys must be unique"],
    ["disabled: !yes true", "2:11: this is not sound YAML: Unresolved tag: !yes"],
    ["---\ndisabled: true", "2:1: this is not sound YAML: Source contains multiple documents"],
    ["? [a]\n: 1", "2:3: expected a text as the key"],
    ["1: 2", "2:1: expected a text as the key"],
  ],
};

for (const [reason, rows] of Object.entries(REFUSALS)) {
  Deno.test(`configFromFile() refuses ${reason}, with line and key`, async (t) => {
    for (const [text, said] of rows) {
      await t.step(JSON.stringify(text), () => {
        const message = refusal(versioned(text));
        assert.ok(message.startsWith("telemetry.yaml:"), message);
        assert.match(message, /^telemetry\.yaml:\d+:\d+: /);
        assert.ok(message.includes(said), `"${said}" is not in "${message}"`);
      });
    }
  });
}

Deno.test("configFromFile() refuses a version that is not 1.x, or not in quotes, or not there", () => {
  const expected = 'expected "1.0" or "1.1", in quotes';
  assert.equal(
    refusal("file_format: '2.0'"),
    `telemetry.yaml:1:1: "file_format": "2.0": ${expected}`,
  );
  assert.equal(
    refusal("file_format: 1.1"),
    `telemetry.yaml:1:1: "file_format": "1.1": ${expected}`,
  );
  assert.match(refusal("file_format:"), /^telemetry\.yaml:1:1: "file_format": "null": expected/);
  assert.equal(
    refusal("disabled: true"),
    'telemetry.yaml:1:1: "file_format": expected file_format: "1.1" at the top',
  );
  for (const text of ["", "just a text", "- a", "# nothing\n"]) {
    assert.match(refusal(text), /^telemetry\.yaml: expected keys, the first of them file_format/);
  }
});

Deno.test("configFromFile() never shows what a header holds", () => {
  const exporter = (settings: string) =>
    refusal(versioned(
      `tracer_provider: { processors: [ simple: { exporter: { otlp_http: { ${settings} } } } ] }`,
    ));
  const header = exporter('headers: [ { name: authorization, value: "hush\\nhush" } ]');
  assert.match(header, /otlp_http\.headers\[0\]": this is no HTTP header$/);
  const list = exporter("headers_list: 'a b=hush'");
  assert.match(list, /otlp_http\.headers_list": expected name=value pairs; ignored pair 1$/);
  const user = exporter("endpoint: 'ftp://user:hush@a'");
  assert.match(user, /"ftp:\/\/REDACTED@a": expected/);
});

Deno.test("configFromFile() shows a hostile key on one line", () => {
  const message = refusal(versioned('"a\\u001b[31m\\n\\u0085b": 1'));
  // deno-lint-ignore no-control-regex -- It is control characters that must not be there.
  assert.doesNotMatch(message, /[\u0000-\u001f\u007f-\u009f]/);
  assert.match(message, /^telemetry\.yaml:2:1: /);
});

Deno.test("configFromFile() refuses a file made to exhaust it", () => {
  const aliases = versioned(
    "a: &a {x: 1}\n" + Array.from({ length: 30 }, (_, index) => {
      const name = String.fromCharCode(97 + index % 26) + index;
      return `distribution${index}: &${name} 1\n`;
    }).join(""),
  );
  assert.match(refusal(aliases), /is not known/);

  const bomb = versioned(`distribution:
  a: &a { x: [1, 1, 1, 1, 1, 1, 1, 1, 1] }
  b: &b { x: [*a, *a, *a, *a, *a, *a, *a, *a, *a] }
  c: &c { x: [*b, *b, *b, *b, *b, *b, *b, *b, *b] }
  d: &d { x: [*c, *c, *c, *c, *c, *c, *c, *c, *c] }
  e: { x: [*d, *d, *d, *d, *d, *d, *d, *d, *d] }
`);
  assert.match(refusal(bomb), /Excessive alias count/);

  const sampler = versioned(
    `tracer_provider:\n  processors: [ simple: { exporter: { console: } } ]\n  sampler: &s\n` +
      "    parent_based: { root: *s, local_parent_sampled: *s }\n",
  );
  assert.match(refusal(sampler), /too many keys|too deeply/);

  const deep = versioned(`distribution: ${"[".repeat(50_000)}${"]".repeat(50_000)}`);
  assert.match(
    refusal(deep),
    /^telemetry\.yaml:2:\d+: this is not sound YAML: Maximum call stack size exceeded$/,
  );

  assert.match(refusal(versioned(`# ${"x".repeat(1_000_001)}`)), /bytes are too many; expected/);
});

Deno.test("configFromFile() says why a file cannot be read", () => {
  const read = (path: string) => () => configFromFile({ path, env: () => undefined });
  assert.throws(read("/no/such/telemetry.yaml"), {
    name: "ConfigFileError",
    message: "/no/such/telemetry.yaml: there is no such file",
  });
  assert.throws(read(import.meta.dirname ?? "."), {
    name: "ConfigFileError",
    message: `${import.meta.dirname}: this is no file`,
  });
});

Deno.test({
  name: "configFromFile() names the flag when the file may not be read",
  permissions: { read: false },
  fn() {
    assert.throws(
      () => configFromFile({ path: "telemetry.yaml", env: () => undefined }),
      {
        name: "ConfigFileError",
        message: "telemetry.yaml: no permission to read the file (--allow-read=telemetry.yaml)",
      },
    );
  },
});
