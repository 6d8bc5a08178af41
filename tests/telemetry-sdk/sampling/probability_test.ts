import assert from "node:assert/strict";
import { ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { adjustedCount } from "../../../telemetry-sdk/sampling/ot_trace_state.ts";
import { probabilitySampler } from "../../../telemetry-sdk/sampling/probability.ts";
import {
  ask,
  below,
  Collector,
  NOT_RECORD,
  providerWith,
  RECORD_AND_SAMPLED,
  stateAfter,
  traceIds,
} from "./_sampling.ts";

const LAST = "0123456789abcdef00ffffffffffffff";
const FIRST = "ffffffffffffffffff00000000000000";

function keeps(ratio: number, traceId: string): boolean {
  return ask(probabilitySampler(ratio), { traceId }).decision === RECORD_AND_SAMPLED;
}

Deno.test("probabilitySampler() writes the thresholds of the specification's table", () => {
  const table = [
    [1, "0"],
    [1 / 2, "8"],
    [1 / 3, "aaab"],
    [1 / 4, "c"],
    [1 / 5, "cccd"],
    [1 / 8, "e"],
    [1 / 10, "e666"],
    [1 / 16, "f"],
    [1 / 100, "fd70a"],
    [1 / 1000, "ffbe77"],
    [1 / 10_000, "fff9724"],
    [1 / 100_000, "ffff583a"],
    [1 / 1_000_000, "ffffef39"],
    [0.9999999, "0"],
    [2 ** -56, "ffffffffffffff"],
  ] as const;
  for (const [ratio, threshold] of table) {
    const result = ask(probabilitySampler(ratio), { traceId: LAST });
    assert.equal(stateAfter(result), `ot=th:${threshold}`, String(ratio));
  }
});

Deno.test("probabilitySampler() keeps its share of many traces, by what the extrapolated count says", () => {
  const ids = traceIds(40_000);
  for (const ratio of [0.001, 0.01, 0.1, 0.5, 0.9]) {
    const sampler = probabilitySampler(ratio);
    let kept = 0;
    let counted = 0;
    for (const traceId of ids) {
      const { decision, traceState } = ask(sampler, { traceId });
      if (decision !== RECORD_AND_SAMPLED) continue;
      kept++;
      counted += adjustedCount(traceState) ?? NaN;
    }
    // Five standard deviations: an unbiased sampler fails once in two million seeds, and the seed is fixed.
    const sigma = Math.sqrt(ids.length * ratio * (1 - ratio));
    assert.ok(Math.abs(kept - ids.length * ratio) < 5 * sigma, `${ratio}: ${kept}`);
    assert.ok(Math.abs(counted - ids.length) < 5 * sigma / ratio, `${ratio}: ${counted}`);
  }
});

Deno.test("probabilitySampler() keeps at a larger ratio whatever it keeps at a smaller one", () => {
  const ratios = [0.0001, 0.001, 0.01, 0.0101, 0.1, 0.3, 0.31, 0.9, 0.99999, 1];
  const samplers = ratios.map((ratio) => probabilitySampler(ratio));
  for (const traceId of traceIds(20_000, 7)) {
    const kept = samplers.map((sampler) => ask(sampler, { traceId }).decision);
    assert.deepEqual(kept, kept.toSorted((a, b) => a - b), traceId);
  }
});

Deno.test("probabilitySampler() knows the ends: all, none, and the last trace of 2^56", () => {
  assert.ok(keeps(1, FIRST));
  assert.ok(!keeps(0, LAST));
  assert.ok(keeps(2 ** -56, LAST));
  assert.ok(!keeps(2 ** -56, "0123456789abcdef00fffffffffffffe"));
  assert.ok(keeps(0.5, "00000000000000000080000000000000"));
  assert.ok(!keeps(0.5, "ffffffffffffffffff7fffffffffffff"));
});

Deno.test("probabilitySampler() decides by rv where the trace state has it", () => {
  const sampler = probabilitySampler(0.5);
  const high = below({ traceId: FIRST, tracestate: "ot=rv:80000000000000,a=1" });
  const result = ask(sampler, { context: high });
  assert.equal(result.decision, RECORD_AND_SAMPLED);
  assert.equal(stateAfter(result, high), "ot=rv:80000000000000;th:8,a=1");
  const low = below({ traceId: LAST, tracestate: "a=1,ot=rv:7fffffffffffff" });
  assert.equal(ask(sampler, { context: low }).decision, NOT_RECORD);
});

Deno.test("probabilitySampler() replaces a caller's th where it samples, erases it where it does not", () => {
  const sampler = probabilitySampler(0.25);
  const kept = below({ traceId: LAST, sampled: false, tracestate: "a=1,ot=th:8" });
  assert.equal(stateAfter(ask(sampler, { context: kept }), kept), "ot=th:c,a=1");
  const dropped = below({ traceId: FIRST, tracestate: "a=1,ot=th:8" });
  assert.equal(ask(sampler, { context: dropped }).decision, NOT_RECORD);
  assert.equal(stateAfter(ask(sampler, { context: dropped }), dropped), "a=1");
});

Deno.test("probabilitySampler() decides the same for every span of a trace, in both of two services", () => {
  const collector = new Collector();
  const front = providerWith(probabilitySampler(0.3), collector).getTracer("front");
  const back = providerWith(probabilitySampler(0.3), collector).getTracer("back");
  for (let index = 0; index < 500; index++) {
    const root = front.startSpan("root");
    const child = front.startSpan("child", {}, trace.setSpan(ROOT_CONTEXT, root));
    const remote = trace.setSpanContext(ROOT_CONTEXT, { ...child.spanContext(), isRemote: true });
    const called = back.startSpan("called", {}, remote);
    const flags = [root, child, called].map((span) => span.spanContext().traceFlags);
    assert.equal(new Set(flags).size, 1);
    const states = [root, child, called].map((span) => span.spanContext().traceState?.serialize());
    assert.equal(new Set(states).size, 1);
    for (const span of [called, child, root]) span.end();
  }
  assert.ok(collector.spans.length > 0 && collector.spans.length < 1500);
  assert.equal(collector.spans.length % 3, 0);
});

Deno.test("probabilitySampler() passes over a parent that is not valid", () => {
  const invalid = below({ traceId: "0".repeat(32), tracestate: "a=1" });
  const result = ask(probabilitySampler(1), { context: invalid, traceId: LAST });
  assert.equal(result.traceState?.serialize(), "ot=th:0");
});

Deno.test("probabilitySampler() refuses what is no ratio", () => {
  for (const bad of [-0.1, 1.1, NaN, Infinity, "0.5" as unknown as number]) {
    assert.throws(() => probabilitySampler(bad), {
      name: "RangeError",
      message: `Bad "ratio" "${bad}": expected a number from 0 to 1`,
    });
  }
});
