import assert from "node:assert/strict";
import type { Sampler } from "@opentelemetry/sdk-trace-base";
import { rateLimitingSampler } from "../../../telemetry-sdk/sampling/rate_limiting.ts";
import {
  ask,
  below,
  ManualClock,
  NOT_RECORD,
  RECORD_AND_SAMPLED,
  stateAfter,
} from "./_sampling.ts";

/** How many of so many traces are sampled at one moment. */
function sampledOf(count: number, sampler: Sampler): number {
  let sampled = 0;
  for (let index = 0; index < count; index++) {
    if (ask(sampler).decision === RECORD_AND_SAMPLED) sampled++;
  }
  return sampled;
}

Deno.test("rateLimitingSampler() lets a burst through and then its rate, by the clock", () => {
  const clock = new ManualClock();
  const sampler = rateLimitingSampler({ tracesPerSecond: 10, burst: 20, clock: clock.read });
  assert.equal(sampledOf(100, sampler), 20);
  clock.millis += 100;
  assert.equal(sampledOf(100, sampler), 1);
  clock.millis += 50;
  assert.equal(sampledOf(100, sampler), 0);
  clock.millis += 50;
  assert.equal(sampledOf(100, sampler), 1, "half tokens add up");
  clock.millis += 3_600_000;
  assert.equal(sampledOf(100, sampler), 20, "a quiet hour saves no more than a burst");
});

Deno.test("rateLimitingSampler() keeps the average under steady load", () => {
  const clock = new ManualClock();
  const sampler = rateLimitingSampler({ tracesPerSecond: 7, clock: clock.read });
  let sampled = 0;
  for (let index = 0; index < 60_000; index++) {
    clock.millis += 1;
    sampled += sampledOf(1, sampler);
  }
  assert.ok(sampled >= 7 * 60 && sampled <= 7 * 60 + 7, String(sampled));
});

Deno.test("rateLimitingSampler() takes rates below one a second, and none at all", () => {
  const clock = new ManualClock();
  const rare = rateLimitingSampler({ tracesPerSecond: 0.1, clock: clock.read });
  const none = rateLimitingSampler({ tracesPerSecond: 0, clock: clock.read });
  assert.equal(sampledOf(10, rare), 1);
  assert.equal(sampledOf(10, none), 0);
  clock.millis += 9_900;
  assert.equal(sampledOf(10, rare), 0);
  clock.millis += 200;
  assert.equal(sampledOf(10, rare), 1);
  assert.equal(sampledOf(10, none), 0);
});

Deno.test("rateLimitingSampler() neither fills nor freezes when its clock goes back", () => {
  const clock = new ManualClock();
  const sampler = rateLimitingSampler({ tracesPerSecond: 1, clock: clock.read });
  assert.equal(sampledOf(5, sampler), 1);
  clock.millis -= 500_000;
  assert.equal(sampledOf(5, sampler), 0);
  clock.millis += 1_000;
  assert.equal(sampledOf(5, sampler), 1);
});

Deno.test("rateLimitingSampler() has spans inside the process follow their parent, at no cost", () => {
  const clock = new ManualClock();
  const sampler = rateLimitingSampler({ tracesPerSecond: 1, clock: clock.read });
  for (const sampled of [true, false]) {
    const context = below({ remote: false, sampled });
    const { decision } = ask(sampler, { context });
    assert.equal(decision, sampled ? RECORD_AND_SAMPLED : NOT_RECORD);
  }
  assert.equal(sampledOf(5, sampler), 1, "the token is still there");
});

Deno.test("rateLimitingSampler() erases a caller's th: how likely its traces are nobody knows", () => {
  const sampler = rateLimitingSampler({ tracesPerSecond: 1, clock: new ManualClock().read });
  const context = below({ tracestate: "ot=th:c,a=1" });
  for (const decision of [RECORD_AND_SAMPLED, NOT_RECORD]) {
    const result = ask(sampler, { context });
    assert.equal(result.decision, decision);
    assert.equal(stateAfter(result, context), "a=1");
  }
});

Deno.test("rateLimitingSampler() refuses what is no limit", () => {
  const bad = (limit: unknown) => () => rateLimitingSampler(limit as { tracesPerSecond: number });
  assert.throws(bad({ tracesPerSecond: -1 }), {
    name: "RangeError",
    message: 'Bad "rateLimitingSampler.tracesPerSecond" "-1": expected a finite number from 0',
  });
  assert.throws(bad({ tracesPerSecond: NaN }), RangeError);
  assert.throws(bad({ tracesPerSecond: Infinity }), RangeError);
  assert.throws(bad({ tracesPerSecond: 1, burst: 0 }), /"rateLimitingSampler.burst" "0"/);
  assert.throws(bad({ perSecond: 1 }), /Unknown key "rateLimitingSampler.perSecond"/);
  assert.throws(bad(5), /expected an object/);
});
