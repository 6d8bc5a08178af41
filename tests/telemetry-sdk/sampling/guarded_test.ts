import assert from "node:assert/strict";
import { createTraceState, diag, DiagLogLevel } from "@opentelemetry/api";
import { AlwaysOffSampler, AlwaysOnSampler, type Sampler } from "@opentelemetry/sdk-trace-base";
import { guardedSampler } from "../../../telemetry-sdk/sampling/guarded.ts";
import {
  ask,
  below,
  Collector,
  NOT_RECORD,
  providerWith,
  RECORD_AND_SAMPLED,
} from "./_sampling.ts";

/** A sampler that answers with whatever this gives, or throws. */
function answering(answer: () => unknown): Sampler {
  // That it is no sampling result is what is tested.
  return { shouldSample: answer as Sampler["shouldSample"], toString: () => "Broken" };
}

/** What is said to the diagnostics as errors while `fn` runs. */
function errorsOf(fn: () => void): string[] {
  const errors: string[] = [];
  const ignore = () => {};
  const error = (message: string) => void errors.push(message);
  diag.setLogger({ error, warn: ignore, info: ignore, debug: ignore, verbose: ignore }, {
    logLevel: DiagLogLevel.ERROR,
    suppressOverrideMessage: true,
  });
  try {
    fn();
  } finally {
    diag.disable();
  }
  return errors;
}

const BROKEN: Readonly<Record<string, () => unknown>> = {
  throws: () => {
    throw new Error("broken");
  },
  nothing: () => undefined,
  "a text": () => "RECORD_AND_SAMPLED",
  "a decision alone": () => 2,
  "a decision that is none": () => ({ decision: 3 }),
  "a decision in words": () => ({ decision: "sampled" }),
  "a promise": () => Promise.resolve({ decision: 2 }),
  "a promise that is broken": () => Promise.reject(new Error("broken")),
  "a getter that throws": () => ({
    get decision() {
      throw new Error("broken");
    },
  }),
  "attributes that throw": () => ({
    decision: 2,
    attributes: {
      get a() {
        throw new Error("broken");
      },
    },
  }),
  "a trace state that is a text": () => ({ decision: 2, traceState: "ot=th:c" }),
};

Deno.test("guardedSampler() has the parent decide where the sampler cannot, and says so once", () => {
  for (const [what, answer] of Object.entries(BROKEN)) {
    const sampler = guardedSampler(answering(answer));
    const errors = errorsOf(() => {
      assert.equal(ask(sampler).decision, RECORD_AND_SAMPLED, what);
      const sampled = ask(sampler, { context: below({ sampled: true }) });
      assert.equal(sampled.decision, RECORD_AND_SAMPLED, what);
      const not = ask(sampler, { context: below({ sampled: false }) });
      assert.equal(not.decision, NOT_RECORD, what);
    });
    assert.deepEqual(
      errors,
      ["The sampler Broken failed; for such spans the parent decides"],
      what,
    );
  }
});

Deno.test("guardedSampler() keeps the application's spans whole when its sampler breaks", () => {
  const collector = new Collector();
  const sampler = guardedSampler(answering(() => {
    throw new Error("broken");
  }));
  const tracer = providerWith(sampler, collector).getTracer("test");
  errorsOf(() => tracer.startSpan("kept").end());
  assert.deepEqual(collector.names, ["kept"]);
});

Deno.test("guardedSampler() passes on what is sound, and a copy of what could change", () => {
  const attributes = { "shop.rule": 1 };
  const traceState = createTraceState("a=1");
  const result = ask(guardedSampler(answering(() => ({ decision: 1, attributes, traceState }))));
  assert.deepEqual({ ...result, traceState: undefined }, {
    decision: 1,
    attributes,
    traceState: undefined,
  });
  assert.equal(result.traceState, traceState);
  assert.notEqual(result.attributes, attributes);
  assert.equal(ask(guardedSampler(new AlwaysOffSampler())).decision, NOT_RECORD);
});

Deno.test("guardedSampler() guards once, and refuses what is no sampler", () => {
  const sampler = guardedSampler(new AlwaysOnSampler());
  assert.equal(guardedSampler(sampler), sampler);
  assert.equal(String(sampler), "AlwaysOnSampler");
  const unnamed = {
    ...answering(() => 0),
    toString() {
      throw new Error("broken");
    },
  };
  assert.equal(String(guardedSampler(unnamed)), "unnamed");
  assert.throws(() => guardedSampler("always_on" as unknown as Sampler), /expected a sampler/);
});
