import assert from "node:assert/strict";
import { withinPermissions } from "../../../telemetry-sdk/config/permissions.ts";
import { resolveConfig } from "../../../telemetry-sdk/config/resolve.ts";

const { config } = resolveConfig({
  config: {
    otlp: { endpoint: "https://collector.example/" },
    traces: {
      otlp: { endpoint: "http://localhost:4318/v1/traces" },
      exporters: ["otlp", "console"],
    },
  },
  warnings: [],
}, { config: {}, warnings: [] });

Deno.test({
  name: "withinPermissions() leaves out the receivers that may not be reached, and names the flags",
  permissions: { net: ["localhost:4318"] },
  fn() {
    const { config: permitted, missing } = withinPermissions(
      config,
      new Set(["OTEL_SERVICE_NAME"]),
    );
    assert.deepEqual(permitted.traces.exporters, ["otlp", "console"]);
    assert.deepEqual(permitted.metrics.exporters, []);
    assert.deepEqual(missing, [
      "read OTEL_* variables (--allow-env=OTEL_*)",
      "send to https://collector.example (--allow-net=collector.example:443)",
    ]);
  },
});

Deno.test({
  name: "withinPermissions() keeps exporters that need no network",
  permissions: "none",
  fn() {
    const { config: permitted, missing } = withinPermissions(config, new Set());
    assert.deepEqual(permitted.traces.exporters, ["console"]);
    assert.equal(missing.length, 2);
  },
});
