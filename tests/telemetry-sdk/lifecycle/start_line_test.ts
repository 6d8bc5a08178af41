import assert from "node:assert/strict";
import { InMemorySpanExporter } from "@opentelemetry/sdk-trace-base";
import { configFromCode } from "../../../telemetry-sdk/config/from_code.ts";
import { resolveConfig } from "../../../telemetry-sdk/config/resolve.ts";
import type { TelemetryConfig } from "../../../telemetry-sdk/config/schema.ts";
import { describeStart } from "../../../telemetry-sdk/lifecycle/start_line.ts";
import { createResource } from "../../../telemetry-sdk/resource/resource.ts";
import { createSampler } from "../../../telemetry-sdk/sampling/standard.ts";

function lineFor(code: TelemetryConfig): string {
  const { config } = resolveConfig([{ name: "code", ...configFromCode(code) }]);
  return describeStart(config, createResource(config));
}

Deno.test("describeStart() names one destination where the signals share it", () => {
  assert.equal(
    lineFor({}),
    "traces+metrics+logs -> http://localhost:4318 (http/protobuf), " +
      "sampler parentbased_always_on, service echelon",
  );
});

Deno.test("describeStart() tells the signals apart and shows no secret", () => {
  const line = lineFor({
    serviceName: "shop",
    otlp: {
      endpoint: "https://user:hunter2@c.example/otlp?key=s3cret",
      headers: { authorization: "Bearer s3cret" },
      compression: "gzip",
    },
    traces: { sampler: "parentbased_traceidratio", samplerRatio: 0.1 },
    metrics: { exporters: ["console"] },
    logs: { exporters: ["otlp/stdout"] },
  });
  assert.equal(
    line,
    "traces -> https://c.example/otlp/v1/traces?key=REDACTED (http/protobuf, gzip, headers authorization), " +
      "metrics -> console, logs -> otlp/stdout, sampler parentbased_traceidratio(0.1), service shop",
  );
});

Deno.test("describeStart() names what the application brings along", () => {
  const line = lineFor({
    traces: { exporters: [new InMemorySpanExporter()], sampler: createSampler("always_off") },
    metrics: { exporters: [] },
    logs: { exporters: [] },
  });
  assert.equal(
    line,
    "traces -> InMemorySpanExporter, metrics+logs -> no exporter, sampler AlwaysOffSampler, service echelon",
  );
});
