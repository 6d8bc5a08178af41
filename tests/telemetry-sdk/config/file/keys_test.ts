import assert from "node:assert/strict";
import {
  CODE_OPTIONS,
  DESTINATION_OPTIONS,
} from "../../../../telemetry-sdk/config/code_options.ts";
import { SETTINGS } from "../../../../telemetry-sdk/config/settings.ts";
import { FILE_KEYS, fileKeyAt } from "../../../../telemetry-sdk/config/file/keys.ts";
import { readFile, refusal, versioned } from "./_file.ts";

Deno.test("FILE_KEYS tells each key once, and what it says", () => {
  const keys = FILE_KEYS.map(({ key }) => key);
  assert.deepEqual(keys.filter((key, index) => keys.indexOf(key) !== index), []);
  assert.deepEqual(FILE_KEYS.filter(({ about }) => about === ""), []);
  for (
    const key of [
      "file_format",
      "log_level",
      "tracer_provider.processors[].batch.exporter.otlp_http.tls.ca_file",
      "tracer_provider.sampler.composite/development.rule_based.rules[].attribute_patterns.included[]",
      "meter_provider.readers[].pull.exporter.prometheus/development.port",
      "logger_provider.logger_configurator/development.default_config.minimum_severity",
    ]
  ) assert.ok(keys.includes(key), key);
});

Deno.test("FILE_KEYS says where keys that stand in several places have been told", () => {
  const root = FILE_KEYS.find(({ key }) => key === "tracer_provider.sampler.parent_based.root");
  assert.match(root?.about ?? "", /; as at `tracer_provider\.sampler`$/);
  for (const { about } of FILE_KEYS) {
    const [, told] = /; as at `([^`]*)`$/.exec(about) ?? [];
    assert.ok(told === undefined || FILE_KEYS.some(({ key }) => key === told), told);
  }
});

Deno.test("FILE_KEYS names options that there are", () => {
  const known = new Set<string>([
    ...SETTINGS.map(({ option }) => option),
    ...Object.keys(CODE_OPTIONS),
  ]);
  for (const { key, option } of FILE_KEYS) {
    if (option === undefined) continue;
    // A destination's settings are those of its signal; the keys of OTLP are the same for all signals.
    const [, signal = "traces.", own] = /^(\w+\.)?exporters\[\]\.(.*)$/.exec(option) ?? [];
    const isKnown = own === undefined
      ? known.has(option)
      : known.has(`${signal}${own}`) || Object.hasOwn(DESTINATION_OPTIONS, own);
    assert.ok(isKnown, `${key}: ${option}`);
  }
});

/** Keys of whose section the schema has names that no table could list. */
const FREE = /^(instrumentation\/development|distribution)/;

Deno.test("the file's own checks and the schema know the same keys", async (t) => {
  for (const { key } of FILE_KEYS.filter(({ key }) => !FREE.test(key) && key.includes("."))) {
    const path = key.split(".");
    const last = path.pop() ?? "";
    const wrong = [...path, `${last.replace("[]", "")}_mistyped`];
    const parent = fileKeyAt(path.map((part) => part.replace("[]", "")));
    if (parent?.section?.().open) continue;
    await t.step(wrong.join("."), () => {
      const said = refusal(versioned(asYaml(wrong)));
      assert.match(said, /_mistyped" is not known; expected one of /);
    });
  }
});

/** The path in flow style: `a.b[].c` is `a: { b: [ { c: } ] }`. */
function asYaml(path: readonly string[]): string {
  return path.toReversed().reduce(
    (below, part) =>
      part.endsWith("[]")
        ? `"${part.slice(0, -2)}": [ ${below === "" ? "" : `{ ${below} }`} ]`
        : `"${part}": ${below === "" ? "" : `{ ${below} }`}`,
    "",
  );
}

Deno.test("fileKeyAt() finds the key of a place in a file", () => {
  assert.equal(fileKeyAt([]), undefined);
  assert.equal(fileKeyAt(["nothing", "here"]), undefined);
  const row = fileKeyAt(["tracer_provider", "processors", 3, "batch", "max_queue_size"]);
  assert.equal(row?.option, "traces.exporters[].batch.maxQueueSize");
  assert.deepEqual(readFile(versioned("disabled: true")).warnings, []);
});
