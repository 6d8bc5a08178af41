import assert from "node:assert/strict";
import type { Attributes } from "@opentelemetry/api";
import { AlwaysOnSampler } from "@opentelemetry/sdk-trace-base";
import { keepWhatMatters } from "../../../telemetry-sdk/sampling/keep_what_matters.ts";
import type { KeepWhatMattersOptions } from "../../../telemetry-sdk/sampling/tail_options.ts";
import { Collector } from "./_sampling.ts";
import { request, tailTelemetry } from "./_tail.ts";

Deno.test("keepWhatMatters() keeps a trace that took longer than its route may", async () => {
  await using telemetry = tailTelemetry({
    slowerThan: { "/reports/*": 5000, "job.process": 9000, default: 500 },
  });
  const { tail, tracer, kept } = telemetry;
  const table: [attributes: Attributes, name: string, millis: number, isKept: boolean][] = [
    [{ "http.route": "/orders" }, "a", 500, false],
    [{ "http.route": "/orders" }, "b", 501, true],
    [{ "http.route": "/reports/:id" }, "c", 4999, false],
    [{ "http.route": "/reports/:id" }, "d", 5001, true],
    [{}, "job.process", 8000, false],
    [{}, "job.process", 9500, true],
    [{}, "e", 501, true],
  ];
  for (const [attributes, name, millis, isKept] of table) {
    const before = kept.spans.length;
    request(tracer, { attributes, name, millis });
    assert.equal(kept.spans.length - before, isKept ? 2 : 0, `${name} ${millis}`);
  }
  assert.equal(tail.stats().kept.slow, 4);
});

Deno.test("keepWhatMatters() holds no trace for slow unless it is told what is", async () => {
  await using telemetry = tailTelemetry();
  request(telemetry.tracer, { millis: 1e9 });
  assert.deepEqual(telemetry.kept.names, []);
});

Deno.test("keepWhatMatters() refuses options that cannot work", () => {
  const table: [options: KeepWhatMattersOptions, message: RegExp][] = [
    [{}, /expected "baseRatio"/],
    [{ baseRatio: 0.5, base: new AlwaysOnSampler() }, /expected "baseRatio"/],
    [{ base: new AlwaysOnSampler(), remoteParent: "ignore" }, /expected "baseRatio"/],
    [{ baseRatio: 2 }, /Bad "ratio" "2"/],
    [{ baseRatio: 1, slowerThan: NaN }, /Bad "slowerThan" "NaN"/],
    [{ baseRatio: 1, slowerThan: { "/a": -1 } }, /Bad "slowerThan\["\/a"\]" "-1"/],
    [{ baseRatio: 1, slowerThan: { default: -1 } }, /Bad "slowerThan.default" "-1"/],
    [{ baseRatio: 1, slowerThan: null as never }, /Bad "slowerThan" "null": expected an object/],
    [{ baseRatio: 1, markAttribute: "" }, /Bad "markAttribute" ""/],
    [{ baseRatio: 1, ignore: [{ rout: "/" } as never] }, /Unknown key "ignore\[0\].rout"/],
    [{ baseRatio: 1, ignore: {} as never }, /Bad "ignore"/],
    [{ baseRatio: 1, ignore: [{ parent: "local" }] }, /Bad "ignore\[0\].parent" "local"/],
    [{ baseRatio: 1, maxBytes: -1 }, /Bad "maxBytes" "-1"/],
    [{ baseRatio: 1, maxWaitMillis: 0 }, /Bad "maxWaitMillis" "0"/],
    [{ baseRatio: 1, maxSpans: 5 } as never, /Unknown key "keepWhatMatters.maxSpans"/],
  ];
  for (const [options, message] of table) {
    assert.throws(() => keepWhatMatters(options), { message });
  }
  const tail = keepWhatMatters({ baseRatio: 1 });
  assert.throws(() => tail.processor(), /Cannot make a processor/);
  tail.processor(new Collector());
  assert.throws(() => tail.processor(new Collector()), /Cannot make a processor/);
  assert.match(String(tail.sampler), /^KeepWhatMatters\{base=ParentSampler\{root=Prob/);
});
