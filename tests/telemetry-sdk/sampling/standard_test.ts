import assert from "node:assert/strict";
import { ROOT_CONTEXT, SpanKind, trace, TraceFlags } from "@opentelemetry/api";
import { SamplingDecision } from "@opentelemetry/sdk-trace-base";
import type { SamplerName } from "../../../telemetry-sdk/config/traces_schema.ts";
import { createSampler } from "../../../telemetry-sdk/sampling/standard.ts";

/** Lies outside every share but the whole: the ratio sampler combines the four words of the id. */
const TRACE_ID = "ffffffff000000000000000000000000";

/** What a sampler decides for a root, below a sampled parent and below one that is not. */
function decisions(name: SamplerName): boolean[] {
  const sampler = createSampler(name, 0.5);
  const parents = [undefined, TraceFlags.SAMPLED, TraceFlags.NONE].map((traceFlags) =>
    traceFlags === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, {
      traceId: TRACE_ID,
      spanId: "0123456789abcdef",
      traceFlags,
    })
  );
  return parents.map((parent) =>
    sampler.shouldSample(parent, TRACE_ID, "span", SpanKind.INTERNAL, {}, []).decision ===
      SamplingDecision.RECORD_AND_SAMPLED
  );
}

Deno.test("createSampler() makes each sampler of the standard", () => {
  const table: Readonly<Record<SamplerName, boolean[]>> = {
    always_on: [true, true, true],
    always_off: [false, false, false],
    traceidratio: [false, false, false],
    parentbased_always_on: [true, true, false],
    parentbased_always_off: [false, true, false],
    parentbased_traceidratio: [false, true, false],
  };
  for (const [name, expected] of Object.entries(table)) {
    // The record's keys are the names.
    assert.deepEqual(decisions(name as SamplerName), expected, name);
  }
});
