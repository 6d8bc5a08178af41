import assert from "node:assert/strict";
import { BasicTracerProvider } from "@opentelemetry/sdk-trace-base";
import { EchelonTracerProvider } from "../../../telemetry-sdk/traces/provider.ts";
import { endedSpan, providerFor } from "../_spans.ts";

Deno.test({
  name:
    "EchelonTracerProvider.create() works where BasicTracerProvider may not read the environment",
  permissions: "none",
  fn() {
    assert.throws(() => new BasicTracerProvider(), Deno.errors.NotCapable);
    const provider = providerFor();
    assert.ok(provider instanceof EchelonTracerProvider);
    assert.ok(provider instanceof BasicTracerProvider);
    assert.equal(endedSpan("works").name, "works");
  },
});
