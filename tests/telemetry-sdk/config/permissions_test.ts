import assert from "node:assert/strict";
import { withinPermissions } from "../../../telemetry-sdk/config/permissions.ts";
import { resolveConfig } from "../../../telemetry-sdk/config/resolve.ts";

const { config } = resolveConfig([{
  name: "code",
  config: {
    otlp: { endpoint: "https://collector.example/" },
    traces: {
      otlp: { endpoint: "http://localhost:4318/v1/traces" },
      exporters: ["otlp", "console"],
    },
  },
  warnings: [],
}]);

function names(destinations: readonly { readonly exporter: unknown }[]) {
  return destinations.map(({ exporter }) => exporter);
}

Deno.test({
  name: "withinPermissions() leaves out the receivers that may not be reached, and names the flags",
  permissions: { net: ["localhost:4318"] },
  fn() {
    const { config: permitted, missing } = withinPermissions(
      config,
      new Set(["OTEL_SERVICE_NAME"]),
    );
    assert.deepEqual(names(permitted.traces.destinations), ["otlp", "console"]);
    assert.deepEqual(names(permitted.metrics.destinations), []);
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
    assert.deepEqual(names(permitted.traces.destinations), ["console"]);
    assert.equal(missing.length, 2);
  },
});
