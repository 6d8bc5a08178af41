import assert from "node:assert/strict";
import { ROOT_CONTEXT, SpanStatusCode, TraceFlags } from "@opentelemetry/api";
import { AlwaysOffSampler, AlwaysOnSampler } from "@opentelemetry/sdk-trace-base";
import { forceSampler, ForceTracePropagator } from "../../../telemetry-sdk/sampling/force.ts";
import { signTraceHeader } from "../../../telemetry-sdk/sampling/force_header.ts";
import { keepWhatMatters } from "../../../telemetry-sdk/sampling/keep_what_matters.ts";
import { adjustedCount } from "../../../telemetry-sdk/sampling/ot_trace_state.ts";
import { SwitchableSampler } from "../../../telemetry-sdk/sampling/switchable.ts";
import { below, Collector, providerWith } from "./_sampling.ts";
import { fail, inside, NOTHING, OPEN_FOR_EVER, request, tailTelemetry } from "./_tail.ts";

Deno.test("keepWhatMatters() keeps the whole of a trace in which any span failed", async () => {
  await using telemetry = tailTelemetry();
  const { tail, tracer, kept } = telemetry;
  request(tracer);
  request(tracer, { during: fail });
  request(tracer, { during: (root) => root.setStatus({ code: SpanStatusCode.ERROR }) });
  assert.deepEqual(kept.names, ["child", "root", "child", "root"]);
  const { held, dropped, spans } = tail.stats();
  assert.deepEqual(tail.stats().kept, { ...NOTHING, failed: 2 });
  assert.deepEqual({ held, dropped, spans }, {
    held: { traces: 0, spans: 0, bytes: 0 },
    dropped: 1,
    spans: { kept: 4, dropped: 2 },
  });
});

Deno.test("keepWhatMatters() keeps a trace that carries a mark on any span, set at any time", async () => {
  await using telemetry = tailTelemetry();
  const { tail, tracer, kept } = telemetry;
  request(tracer, { attributes: { "echelon.keep": true } });
  request(tracer, { during: (_root, child) => child.setAttribute("echelon.keep", true) });
  request(tracer, { during: (root) => root.setAttribute("echelon.keep", true) });
  request(tracer, { attributes: { "echelon.keep": "true" } });
  assert.equal(kept.spans.length, 6);
  assert.equal(tail.stats().kept.marked, 3);
  await using other = tailTelemetry({ markAttribute: "shop.vip" });
  request(other.tracer, { attributes: { "echelon.keep": true } });
  request(other.tracer, { attributes: { "shop.vip": true } });
  assert.equal(other.kept.spans.length, 2);
});

Deno.test("keepWhatMatters() keeps the base rate of the rest, whole, and tells it by the flag", async () => {
  await using telemetry = tailTelemetry({ baseRatio: 0.2 });
  const { tail, tracer, kept } = telemetry;
  const flagged = new Set<string>();
  for (let index = 0; index < 2000; index++) {
    request(tracer, {
      during(root, child) {
        const { traceFlags, traceId } = root.spanContext();
        assert.equal(child.spanContext().traceFlags, traceFlags);
        assert.ok(root.isRecording() && child.isRecording());
        if (traceFlags === TraceFlags.SAMPLED) flagged.add(traceId);
      },
    });
  }
  assert.deepEqual(new Set(kept.spans.map((span) => span.spanContext().traceId)), flagged);
  assert.equal(kept.spans.length, flagged.size * 2);
  // Seven standard deviations: the ids are random here.
  assert.ok(Math.abs(flagged.size - 400) < 7 * Math.sqrt(2000 * 0.2 * 0.8), String(flagged.size));
  assert.equal(tail.stats().kept.sampled, flagged.size);
  assert.equal(tail.stats().dropped, 2000 - flagged.size);
  for (const span of kept.spans) {
    assert.equal(span.spanContext().traceState?.serialize(), "ot=th:cccd");
  }
});

Deno.test("keepWhatMatters() has each kept span say how many it stands for", async () => {
  await using telemetry = tailTelemetry({ baseRatio: 0.25 });
  const { tracer, kept } = telemetry;
  const total = 4000;
  for (let index = 0; index < total; index++) {
    request(tracer, index % 10 === 0 ? { during: fail } : {});
  }
  let failed = 0;
  let fine = 0;
  for (const span of kept.spans.filter(({ name }) => name === "child")) {
    assert.equal(span.spanContext().traceFlags, TraceFlags.SAMPLED);
    const count = adjustedCount(span.spanContext().traceState) ?? NaN;
    if (span.status.code === SpanStatusCode.ERROR) failed += count;
    else fine += count;
  }
  assert.equal(failed, total / 10, "every failure is kept, so each counts once");
  assert.ok(Math.abs(fine - total * 0.9) < 7 * Math.sqrt(total * 0.9 * 3), String(fine));
});

Deno.test("keepWhatMatters() leaves the flag of a kept span's own context alone", async () => {
  await using telemetry = tailTelemetry();
  const { tracer, kept } = telemetry;
  request(tracer, {
    during(root, child) {
      fail(root, child);
      child.end();
      assert.equal(root.spanContext().traceFlags, TraceFlags.NONE);
      assert.equal(kept.spans[0]?.spanContext().traceFlags, TraceFlags.SAMPLED);
      assert.equal(kept.spans[0]?.spanContext().spanId, child.spanContext().spanId);
    },
  });
});

Deno.test("keepWhatMatters() keeps what a caller sampled, as far as callers are trusted", async () => {
  await using trusting = tailTelemetry();
  request(trusting.tracer, { context: below({ sampled: true, tracestate: "ot=th:0" }) });
  request(trusting.tracer, { context: below({ sampled: false }) });
  assert.equal(trusting.kept.spans.length, 2);
  assert.equal(trusting.kept.spans[1]?.spanContext().traceState?.serialize(), "ot=th:0");
  await using wary = tailTelemetry({ remoteParent: "ignore" });
  request(wary.tracer, { context: below({ sampled: true }) });
  request(wary.tracer, { context: below({ sampled: false }), during: fail });
  assert.equal(wary.kept.spans.length, 2);
  assert.deepEqual(wary.tail.stats().kept, { ...NOTHING, failed: 1 });
});

Deno.test("keepWhatMatters() does not look at what it is to ignore", async () => {
  await using telemetry = tailTelemetry({
    baseRatio: 1,
    ignore: [{ route: "/health" }, { spanName: "cron.*" }],
  });
  const { tail, tracer, kept } = telemetry;
  const health = { "http.route": "/health" };
  request(tracer, { attributes: health, during: fail });
  request(tracer, { name: "cron.sweep", during: (root) => assert.ok(!root.isRecording()) });
  assert.deepEqual(kept.names, []);
  assert.equal(tail.stats().spans.dropped, 0);
  request(tracer);
  assert.equal(kept.spans.length, 2);
});

Deno.test("keepWhatMatters() keeps a trace that a signed header forced", async () => {
  const secret = "0123456789abcdef0123456789abcdef";
  const tail = keepWhatMatters({ baseRatio: 0, ...OPEN_FOR_EVER });
  const kept = new Collector();
  const provider = providerWith(forceSampler(tail.sampler), tail.processor(kept));
  const propagator = new ForceTracePropagator({ secret });
  const forced = propagator.extract(ROOT_CONTEXT, signTraceHeader(secret), {
    keys: () => [],
    get: (carrier) => String(carrier),
  });
  const tracer = provider.getTracer("test");
  request(tracer, { context: forced });
  request(tracer);
  assert.deepEqual(kept.names, ["child", "root"]);
  assert.equal(tail.stats().kept.marked, 1);
  await provider.shutdown();
});

Deno.test("keepWhatMatters() keeps what another sampler promised", async () => {
  const tail = keepWhatMatters({ baseRatio: 0, ...OPEN_FOR_EVER });
  const kept = new Collector();
  const sampler = new SwitchableSampler(tail.sampler);
  const provider = providerWith(sampler, tail.processor(kept));
  const tracer = provider.getTracer("test");
  const root = tracer.startSpan("root");
  sampler.set(new AlwaysOnSampler());
  tracer.startSpan("promised", {}, inside(root)).end();
  root.end();
  request(tracer);
  sampler.set(new AlwaysOffSampler());
  request(tracer, { during: fail });
  assert.deepEqual(kept.names, ["promised", "child", "root"]);
  await provider.shutdown();
});

Deno.test("keepWhatMatters() records no more than the base rate where its processor is missing", () => {
  const seen = new Collector();
  const tail = keepWhatMatters({ baseRatio: 0 });
  request(providerWith(tail.sampler, seen).getTracer("test"), { during: fail });
  assert.ok(seen.spans.every((span) => span.spanContext().traceFlags === TraceFlags.NONE));
  assert.deepEqual(tail.stats().kept, NOTHING);
});
