import assert from "node:assert/strict";
import { misspellings, nearestName } from "../../../telemetry-sdk/doctor/spelling.ts";

const KNOWN = ["OTEL_SERVICE_NAME", "OTEL_TRACES_EXPORTER", "OTEL_EXPORTER_OTLP_ENDPOINT"];

Deno.test("nearestName() finds what was meant, up to two letters away", () => {
  for (
    const [written, meant] of [
      ["OTEL_SERVICENAME", "OTEL_SERVICE_NAME"],
      ["OTEL_SERIVCE_NAEM", "OTEL_SERVICE_NAME"],
      ["OTEL_TRACE_EXPORTER", "OTEL_TRACES_EXPORTER"],
      ["OTEL_EXPORTER_OTLP_ENDPOINTS", "OTEL_EXPORTER_OTLP_ENDPOINT"],
      ["OTEL_EXPORTER_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"],
      ["OTEL_FLUX_CAPACITOR", undefined],
      ["OTEL_SVC_NAME", undefined],
    ] as const
  ) {
    assert.equal(nearestName(written, KNOWN), meant, written);
  }
});

Deno.test("misspellings() holds the usual ones, and no name that is right", () => {
  const found = misspellings([...KNOWN, "OTEL_TRACE_EXPORTER"]);
  assert.equal(found.get("OTEL_SERVCE_NAME"), "OTEL_SERVICE_NAME");
  assert.equal(found.get("OTEL_SERIVCE_NAME"), "OTEL_SERVICE_NAME");
  assert.equal(found.get("OTEL_SERVICE_NAMES"), "OTEL_SERVICE_NAME");
  assert.equal(found.get("OTEL_EXPORTERS_OTLP_ENDPOINT"), "OTEL_EXPORTER_OTLP_ENDPOINT");
  // Others may not be read with --allow-env=OTEL_*.
  assert.deepEqual([...found.keys()].filter((name) => !name.startsWith("OTEL_")), []);
  for (const name of [...KNOWN, "OTEL_TRACE_EXPORTER"]) assert.equal(found.has(name), false, name);
});
