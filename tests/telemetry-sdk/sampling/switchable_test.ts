import assert from "node:assert/strict";
import { diag } from "@opentelemetry/api";
import { AlwaysOffSampler, AlwaysOnSampler, type Sampler } from "@opentelemetry/sdk-trace-base";
import { SwitchableSampler } from "../../../telemetry-sdk/sampling/switchable.ts";
import { Collector, providerWith } from "./_sampling.ts";

Deno.test("SwitchableSampler has another sampler decide from the next span on", () => {
  const collector = new Collector();
  const sampler = new SwitchableSampler(new AlwaysOffSampler());
  const tracer = providerWith(sampler, collector).getTracer("test");
  tracer.startSpan("before").end();
  const on = new AlwaysOnSampler();
  sampler.set(on);
  assert.equal(sampler.current, on);
  assert.equal(String(sampler), "AlwaysOnSampler");
  tracer.startSpan("after").end();
  sampler.set(new AlwaysOffSampler());
  tracer.startSpan("again").end();
  assert.deepEqual(collector.names, ["after"]);
});

Deno.test("SwitchableSampler.set() refuses what is no sampler and goes on with the one it has", () => {
  const on = new AlwaysOnSampler();
  const sampler = new SwitchableSampler(on);
  assert.throws(() => sampler.set({} as Sampler), {
    name: "TypeError",
    message: 'Bad "next" "{}": expected a sampler, an object with "shouldSample"',
  });
  assert.equal(sampler.current, on);
  assert.throws(() => new SwitchableSampler(null as unknown as Sampler), /Bad "initial"/);
});

Deno.test("SwitchableSampler keeps the mistakes of a sampler from the application", () => {
  diag.disable();
  const collector = new Collector();
  const sampler = new SwitchableSampler(new AlwaysOffSampler());
  sampler.set({
    shouldSample() {
      throw new Error("broken");
    },
  });
  providerWith(sampler, collector).getTracer("test").startSpan("recorded").end();
  assert.deepEqual(collector.names, ["recorded"]);
});
