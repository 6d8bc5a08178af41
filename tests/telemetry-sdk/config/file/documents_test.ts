import assert from "node:assert/strict";
import { configFromFile } from "../../../../telemetry-sdk/config/file/from_file.ts";
import { readFile } from "./_file.ts";

const REPOSITORY = new URL("../../../../", import.meta.url);

Deno.test("each file in docs/configuration_file.md is accepted without a word", () => {
  const page = Deno.readTextFileSync(new URL("docs/configuration_file.md", REPOSITORY));
  const files = [...page.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text]) => text ?? "");
  assert.equal(files.length, 3);
  for (const text of files) assert.deepEqual(readFile(text).warnings, []);
});

Deno.test("the example's file is accepted without a word, and says all that it seems to", () => {
  const path = new URL("example/telemetry.yaml", REPOSITORY).pathname;
  const variables: Readonly<Record<string, string>> = {
    OTEL_TRACES_SAMPLER_ARG: "0.5",
    OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector.example:4318",
  };
  const { config, defaults, warnings } = configFromFile({ path, env: (name) => variables[name] });
  assert.deepEqual(warnings, []);
  assert.deepEqual(defaults, {});
  assert.equal(config.resourceAttributes?.["service.name"], "shop");
  assert.equal(config.traces?.sampler, "parentbased_traceidratio");
  assert.equal(config.traces?.samplerRatio, 0.5);
  assert.equal(config.logs?.minimumSeverity, "info");
  const endpoints = [config.traces, config.metrics, config.logs].map((signal) => {
    const [destination] = signal?.exporters ?? [];
    return typeof destination === "object" && "otlp" in destination
      ? destination.otlp?.endpoint
      : undefined;
  });
  assert.deepEqual(endpoints, [
    "http://collector.example:4318/v1/traces",
    "http://collector.example:4318/v1/metrics",
    "http://collector.example:4318/v1/logs",
  ]);
});
