import assert from "node:assert/strict";
import { ROOT_CONTEXT, type Span, SpanStatusCode, trace } from "@opentelemetry/api";
import { keepWhatMatters } from "../../../telemetry-sdk/sampling/keep_what_matters.ts";
import { Collector, providerWith } from "./_sampling.ts";
import { fail, inside, NO_HURRY, OPEN_FOR_EVER, request, tailTelemetry } from "./_tail.ts";

Deno.test("TailProcessor hands a failed trace on at once, and has the rest of it follow", async () => {
  await using telemetry = tailTelemetry();
  const { tracer, kept } = telemetry;
  const root = tracer.startSpan("root");
  tracer.startSpan("before", {}, inside(root)).end();
  const failing = tracer.startSpan("failing", {}, inside(root));
  assert.deepEqual(kept.names, []);
  failing.setStatus({ code: SpanStatusCode.ERROR }).end();
  assert.deepEqual(kept.names, ["before", "failing"]);
  tracer.startSpan("after", {}, inside(root)).end();
  root.end();
  assert.deepEqual(kept.names, ["before", "failing", "after", "root"]);
});

Deno.test("TailProcessor has late spans follow the decision on their trace", async () => {
  await using telemetry = tailTelemetry();
  const { tail, tracer, kept } = telemetry;
  const late: Span[] = [];
  for (const failing of [true, false]) {
    const root = tracer.startSpan(`root ${failing}`);
    late.push(tracer.startSpan(`stream ${failing}`, {}, inside(root)));
    if (failing) root.setStatus({ code: SpanStatusCode.ERROR });
    root.end();
    late.push(tracer.startSpan(`started late ${failing}`, {}, inside(root)));
  }
  assert.deepEqual(late.map((span) => span.isRecording()), [true, true, true, false]);
  // A failure that comes late changes nothing any more.
  for (const span of late) span.setStatus({ code: SpanStatusCode.ERROR }).end();
  assert.deepEqual(kept.names, ["root true", "stream true", "started late true"]);
  assert.deepEqual(tail.stats().lateSpans, { kept: 2, dropped: 1 });
});

Deno.test("TailProcessor decides on each local trace by itself where a service calls itself", async () => {
  await using telemetry = tailTelemetry();
  const { tracer, kept } = telemetry;
  const outer = tracer.startSpan("outer");
  const remote = trace.setSpanContext(ROOT_CONTEXT, { ...outer.spanContext(), isRemote: true });
  const called = tracer.startSpan("called", {}, remote);
  called.setStatus({ code: SpanStatusCode.ERROR }).end();
  outer.end();
  assert.deepEqual(kept.names, ["called"]);
});

Deno.test("TailProcessor decides the oldest traces early where they would take too much", async () => {
  await using telemetry = tailTelemetry({ maxBytes: 20_000 });
  const { tail, tracer, kept } = telemetry;
  const roots: Span[] = [];
  for (let index = 0; index < 100; index++) {
    const root = tracer.startSpan(`root ${index}`);
    roots.push(root);
    tracer.startSpan(`child ${index}`, {}, inside(root)).end();
    assert.ok(tail.stats().held.bytes <= 20_000);
  }
  const early = tail.stats().decidedEarly.memory;
  assert.equal(early, tail.stats().dropped);
  assert.ok(early > 50 && early < 100, String(early));
  for (const root of roots) root.setStatus({ code: SpanStatusCode.ERROR }).end();
  // The newest have waited; the oldest, decided early, follow what was decided.
  const expected = roots.slice(early).flatMap((_, index) => [
    `child ${early + index}`,
    `root ${early + index}`,
  ]);
  assert.deepEqual(kept.names, expected);
});

Deno.test("TailProcessor stays within its bound under 100,000 spans, in many traces and in one", async () => {
  for (const spansOfOne of [10, 100_000]) {
    const maxBytes = 4 * 2 ** 20;
    await using telemetry = tailTelemetry({ maxBytes });
    const { tail, tracer } = telemetry;
    let most = 0;
    let recorded = 0;
    for (let made = 0; made < 100_000; made += spansOfOne) {
      const root = inside(tracer.startSpan("root"));
      for (let index = 0; index < spansOfOne; index++) {
        const attributes = { "shop.note": "x".repeat(100) };
        const child = tracer.startSpan("child", { attributes }, root);
        if (child.isRecording()) recorded++;
        child.end();
        if (index % 100 === 0) most = Math.max(most, tail.stats().held.bytes);
      }
    }
    const { held, spans } = tail.stats();
    assert.ok(most > maxBytes / 2 && most <= maxBytes, String(most));
    assert.ok(held.spans * 1000 <= maxBytes, String(held.spans));
    assert.equal(held.spans + spans.dropped, recorded);
    // Below a trace that has been decided against nothing more is recorded.
    assert.equal(recorded === 100_000, spansOfOne === 10);
  }
});

Deno.test("TailProcessor bounds also traces that hold no span, and spans with hostile contents", async () => {
  await using telemetry = tailTelemetry({ maxBytes: 50_000 });
  const { tail, tracer } = telemetry;
  for (let index = 0; index < 1000; index++) tracer.startSpan("never ends");
  assert.ok(tail.stats().held.traces < 200);
  const root = inside(tracer.startSpan("root"));
  const throwing = {
    get length() {
      throw new Error("broken");
    },
  };
  for (const name of [12n, null, { length: -1e9 }, throwing] as unknown as string[]) {
    tracer.startSpan(name, {}, root).end();
  }
  tracer.startSpan("wide", { attributes: { "shop.note": "x".repeat(60_000) } }, root).end();
  const { held } = tail.stats();
  assert.ok(held.bytes >= 0 && held.bytes <= 50_000, String(held.bytes));
});

Deno.test("TailProcessor decides a trace that waits too long by what is known of it", async () => {
  await using telemetry = tailTelemetry({
    maxWaitMillis: 10_000,
    slowerThan: { "/slow": 60_000, default: 5000 },
  });
  const { tail, tracer, kept, clock } = telemetry;
  const usual = tracer.startSpan("usual");
  const patient = tracer.startSpan("patient", { attributes: { "http.route": "/slow" } });
  tracer.startSpan("usual child", {}, inside(usual)).end();
  tracer.startSpan("patient child", {}, inside(patient)).end();
  clock.millis += 9_999;
  const young = tracer.startSpan("young");
  assert.deepEqual(kept.names, []);
  clock.millis += 1;
  tracer.startSpan("young child", {}, inside(young)).end();
  assert.deepEqual(kept.names, ["usual child"], "slow already");
  assert.deepEqual(tail.stats().decidedEarly, { ...NO_HURRY, time: 2 });
  assert.equal(tail.stats().held.traces, 1);
  usual.end();
  patient.setStatus({ code: SpanStatusCode.ERROR }).end();
  assert.deepEqual(kept.names, ["usual child", "usual"]);
});

Deno.test("TailProcessor decides on a waiting trace when nothing else happens", async () => {
  const kept = new Collector();
  const tail = keepWhatMatters({ baseRatio: 1, maxWaitMillis: 20 });
  const provider = providerWith(tail.sampler, tail.processor(kept));
  const tracer = provider.getTracer("test");
  tracer.startSpan("child", {}, inside(tracer.startSpan("root"))).end();
  // The processor's timer does not hold the process, so something else has to.
  const alive = setInterval(() => {}, 1000);
  assert.equal((await kept.first).name, "child");
  clearInterval(alive);
  assert.deepEqual(tail.stats().decidedEarly, { ...NO_HURRY, time: 1 });
  await provider.shutdown();
});

Deno.test("TailProcessor decides on all that is held at a flush, and goes on", async () => {
  await using telemetry = tailTelemetry({ slowerThan: 50 });
  const { tail, provider, tracer, kept, clock } = telemetry;
  const slow = tracer.startSpan("slow");
  tracer.startSpan("slow child", {}, inside(slow)).end();
  clock.millis += 100;
  const quick = tracer.startSpan("quick");
  tracer.startSpan("quick child", {}, inside(quick)).end();
  await provider.forceFlush();
  assert.deepEqual(kept.names, ["slow child"]);
  assert.deepEqual(kept.calls, ["forceFlush"]);
  assert.deepEqual(tail.stats().decidedEarly, { ...NO_HURRY, flush: 2 });
  request(tracer, { during: fail });
  assert.deepEqual(kept.names, ["slow child", "child", "root"]);
});

Deno.test("TailProcessor decides on all that is held at the end, before what follows is shut down", async () => {
  const { tail, provider, tracer, kept } = tailTelemetry({ baseRatio: 1 });
  const root = tracer.startSpan("root");
  tracer.startSpan("child", {}, inside(root)).end();
  const ended = provider.shutdown();
  assert.deepEqual(kept.names, ["child"]);
  await Promise.all([ended, provider.shutdown()]);
  assert.deepEqual(kept.calls, ["shutdown"]);
  assert.deepEqual(tail.stats().decidedEarly, { ...NO_HURRY, shutdown: 1 });
  assert.deepEqual(tail.stats().held, { traces: 0, spans: 0, bytes: 0 });
  // What ends after that goes to what follows, which counts it as too late.
  root.end();
  request(tracer);
  assert.deepEqual(kept.names, ["child", "root", "child", "root"]);
  assert.equal(tail.stats().held.traces, 0);
});

Deno.test("TailProcessor keeps the failures of what follows from the application", async () => {
  const broken = () => {
    throw new Error("broken");
  };
  const kept = new Collector();
  const tail = keepWhatMatters({ baseRatio: 1, ...OPEN_FOR_EVER });
  const provider = providerWith(
    tail.sampler,
    tail.processor(
      { onStart: broken, onEnding: broken, onEnd: broken, forceFlush: broken, shutdown: broken },
      kept,
    ),
  );
  request(provider.getTracer("test"));
  assert.deepEqual(kept.names, ["child", "root"]);
  await provider.forceFlush();
  await provider.shutdown();
  assert.deepEqual(kept.calls, ["forceFlush", "shutdown"]);
});
