import assert from "node:assert/strict";
import { ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { AlwaysOffSampler, AlwaysOnSampler } from "@opentelemetry/sdk-trace-base";
import { parentSampler } from "../../../telemetry-sdk/sampling/parent.ts";
import { probabilitySampler } from "../../../telemetry-sdk/sampling/probability.ts";
import type { RemoteParent } from "../../../telemetry-sdk/sampling/remote_trust.ts";
import { createSampler } from "../../../telemetry-sdk/sampling/standard.ts";
import {
  ask,
  below,
  Collector,
  ManualClock,
  NOT_RECORD,
  providerWith,
  RECORD_AND_SAMPLED,
  stateAfter,
} from "./_sampling.ts";

/** Passes th:8 and th:c, and not th:e. */
const TRACE_ID = "0123456789abcdef01d0000000000000";

/** What is decided below a caller that sampled, and below one that did not, by roots that say yes and no. */
function decisions(remoteParent: RemoteParent): boolean[] {
  return [new AlwaysOnSampler(), new AlwaysOffSampler()].flatMap((root) =>
    [true, false].map((sampled) =>
      ask(parentSampler({ root, remoteParent }), { context: below({ sampled }) }).decision ===
        RECORD_AND_SAMPLED
    )
  );
}

Deno.test("parentSampler() follows a remote parent as far as it is told", () => {
  const table = {
    trust: [true, false, true, false],
    ignore: [true, true, false, false],
    trustSampled: [true, true, true, false],
    trustUnsampled: [true, false, false, false],
  } as const;
  for (const [trust, expected] of Object.entries(table)) {
    assert.deepEqual(decisions(trust as keyof typeof table), expected, trust);
  }
  assert.deepEqual(
    ask(parentSampler({ root: new AlwaysOffSampler() }), { context: below() }),
    { decision: RECORD_AND_SAMPLED },
    "trust unless told",
  );
});

Deno.test("parentSampler() limits how often a caller forces it, then asks the root", () => {
  const clock = new ManualClock();
  const sampler = parentSampler({
    root: new AlwaysOffSampler(),
    remoteParent: { limit: { tracesPerSecond: 2, clock: clock.read } },
  });
  const forced = () => ask(sampler, { context: below() }).decision === RECORD_AND_SAMPLED;
  assert.deepEqual([forced(), forced(), forced()], [true, true, false]);
  assert.equal(ask(sampler, { context: below({ sampled: false }) }).decision, NOT_RECORD);
  clock.millis += 500;
  assert.deepEqual([forced(), forced()], [true, false], "a caller's no has cost nothing");
});

Deno.test("parentSampler() asks the root for a span without a parent, or with one that is not valid", () => {
  const sampler = parentSampler({ root: new AlwaysOnSampler(), remoteParent: "trustUnsampled" });
  assert.equal(ask(sampler).decision, RECORD_AND_SAMPLED);
  const invalid = below({ traceId: "0".repeat(32), sampled: false });
  assert.equal(ask(sampler, { context: invalid }).decision, RECORD_AND_SAMPLED);
});

Deno.test("parentSampler() follows a local parent, or asks who is to decide", () => {
  const root = new AlwaysOffSampler();
  const follow = parentSampler({ root, remoteParent: "ignore" });
  const asks = parentSampler({ root, localParent: new AlwaysOnSampler() });
  for (const sampled of [true, false]) {
    const context = below({ remote: false, sampled });
    assert.equal(
      ask(follow, { context }).decision,
      sampled ? RECORD_AND_SAMPLED : NOT_RECORD,
    );
    assert.equal(ask(asks, { context }).decision, RECORD_AND_SAMPLED);
  }
});

Deno.test("parentSampler() leaves a span in its caller's trace when it ignores the caller's word", () => {
  const collector = new Collector();
  const sampler = parentSampler({ root: probabilitySampler(1), remoteParent: "ignore" });
  const tracer = providerWith(sampler, collector).getTracer("test");
  tracer.startSpan("called", {}, below({ traceId: TRACE_ID, sampled: false })).end();
  const [span] = collector.spans;
  assert.equal(span?.spanContext().traceId, TRACE_ID);
  assert.equal(span?.parentSpanContext?.spanId, "b7ad6b7169203331");
});

Deno.test("parentSampler() keeps a th for as long as it holds", () => {
  const half = probabilitySampler(0.5);
  const rows: [trust: RemoteParent, sampled: boolean, tracestate: string, after: string][] = [
    ["trust", true, "ot=th:c,a=1", "ot=th:c,a=1"],
    // The randomness is below the threshold: this caller cannot have sampled by it.
    ["trust", true, "ot=th:e,a=1", "a=1"],
    ["trust", true, "ot=rv:f0000000000000;th:e", "ot=rv:f0000000000000;th:e"],
    ["trust", true, "a=1", "a=1"],
    ["trust", false, "ot=th:c,a=1", "a=1"],
    ["ignore", true, "ot=th:c,a=1", "ot=th:8,a=1"],
    ["ignore", false, "a=1", "ot=th:8,a=1"],
    // Both had to say yes, so the stricter counts.
    ["trustUnsampled", true, "ot=th:c,a=1", "ot=th:c,a=1"],
    ["trustUnsampled", true, "ot=th:4,a=1", "ot=th:8,a=1"],
    ["trustUnsampled", true, "a=1", "a=1"],
    // Either could have said yes.
    ["trustSampled", true, "ot=th:c,a=1", "a=1"],
    ["trustSampled", false, "a=1", "a=1"],
    [{ limit: { tracesPerSecond: 5 } }, true, "ot=th:c,a=1", "a=1"],
    [{ limit: { tracesPerSecond: 0 } }, true, "ot=th:c,a=1", "a=1"],
  ];
  for (const [remoteParent, sampled, tracestate, after] of rows) {
    const context = below({ traceId: TRACE_ID, sampled, tracestate });
    const result = ask(parentSampler({ root: half, remoteParent }), { context });
    assert.equal(stateAfter(result, context), after, JSON.stringify([remoteParent, tracestate]));
  }
});

Deno.test("parentSampler() erases a caller's th where a root without thresholds decides", () => {
  const context = below({ traceId: TRACE_ID, tracestate: "ot=th:c" });
  const sampler = parentSampler({ root: createSampler("always_on"), remoteParent: "ignore" });
  assert.equal(stateAfter(ask(sampler, { context }), context), "");
});

Deno.test("parentSampler() writes one th for a whole trace", () => {
  const collector = new Collector();
  const tracer = providerWith(parentSampler({ root: probabilitySampler(1) }), collector)
    .getTracer("test");
  const root = tracer.startSpan("root");
  const child = tracer.startSpan("child", {}, trace.setSpan(ROOT_CONTEXT, root));
  child.end();
  root.end();
  const states = collector.spans.map((span) => span.spanContext().traceState?.serialize());
  assert.deepEqual(states, ["ot=th:0", "ot=th:0"]);
});

Deno.test("parentSampler() says what it does, and refuses what it cannot do", () => {
  const root = probabilitySampler(0.5);
  assert.equal(
    String(parentSampler({ root, remoteParent: { limit: { tracesPerSecond: 5 } } })),
    "ParentSampler{root=ProbabilitySampler{0.5}, remoteParent=limit(5/s), localParent=follow}",
  );
  const bad = (options: unknown) => () => parentSampler(options as { root: typeof root });
  assert.throws(bad({}), {
    name: "TypeError",
    message:
      'Bad "parentSampler.root" "undefined": expected a sampler, an object with "shouldSample"',
  });
  assert.throws(bad({ root, remoteParent: "always" }), /expected one of trust, ignore/);
  assert.throws(bad({ root, remoteParent: null }), /"parentSampler.remoteParent" "null"/);
  assert.throws(bad({ root, remoteParent: { limit: 5 } }), /remoteParent.limit" "5"/);
  assert.throws(bad({ root, localParent: "follow" }), /"parentSampler.localParent"/);
  assert.throws(bad({ root, parent: "trust" }), /Unknown key "parentSampler.parent"/);
});
