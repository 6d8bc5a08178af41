import assert from "node:assert/strict";
import { context, metrics, propagation, trace } from "@opentelemetry/api";
import { logs } from "@opentelemetry/api-logs";
import { startTestTelemetry } from "../../../telemetry-sdk/testing.ts";
import { startTelemetry } from "../../../telemetry-sdk/start.ts";
import { run } from "../_run.ts";

Deno.test("startTestTelemetry() registers every signal and takes all of it back when disposed of", () => {
  const carrier: Record<string, string> = {};
  {
    using telemetry = startTestTelemetry();
    trace.getTracer("shop").startActiveSpan("checkout", (span) => {
      assert.equal(trace.getActiveSpan(), span);
      propagation.inject(context.active(), carrier);
      logs.getLogger("shop").emit({ body: "sold" });
      span.end();
    });
    assert.equal(telemetry.spans().length, 1);
    assert.equal(telemetry.logs().length, 1);
    assert.match(carrier["traceparent"] ?? "", /^00-0{31}1-0{15}1-01$/);
  }
  const span = trace.getTracer("shop").startSpan("afterwards");
  assert.equal(span.isRecording(), false);
  assert.equal(context.with(trace.setSpan(context.active(), span), trace.getActiveSpan), undefined);
  assert.equal(logs.getLogger("shop").enabled(), false);
  assert.doesNotThrow(() => metrics.getMeter("shop").createCounter("shop.orders").add(1));
});

Deno.test("startTestTelemetry() begins anew in each test of a process", async () => {
  for (const name of ["first", "second"]) {
    await using telemetry = startTestTelemetry();
    trace.getTracer("shop").startSpan(name).end();
    metrics.getMeter("shop").createCounter("shop.orders").add(1);
    const [span, ...others] = telemetry.spans();
    assert.deepEqual([span?.name, span?.traceId, others], [name, "1".padStart(32, "0"), []]);
    assert.equal(await telemetry.metricValue("shop.orders"), 1);
    assert.deepEqual(telemetry.logs(), []);
  }
});

Deno.test("startTestTelemetry() refuses to start while another one runs, and leaves that one alone", () => {
  using outer = startTestTelemetry();
  assert.throws(() => startTestTelemetry(), /^Error: Test telemetry is running already: dispose/);
  trace.getTracer("shop").startSpan("still here").end();
  assert.equal(outer.spans().length, 1);
});

Deno.test("startTestTelemetry() refuses to start beside an application's telemetry", async () => {
  const real = startTelemetry({
    processHooks: false,
    traces: { exporters: [{ exporter: "otlp/stdout" }] },
    metrics: { exporters: [] },
    logs: { exporters: [] },
  });
  assert.ok(real.active);
  try {
    assert.throws(() => startTestTelemetry(), /another OpenTelemetry SDK has registered/);
  } finally {
    await real.shutdown();
  }
  using telemetry = startTestTelemetry();
  trace.getTracer("shop").startSpan("afterwards").end();
  telemetry.findSpan("afterwards");
});

Deno.test("startTestTelemetry() makes the same ids each time, or random ones when told", () => {
  const ids = (kind: "deterministic" | "random") => {
    using telemetry = startTestTelemetry({ ids: kind });
    const tracer = trace.getTracer("shop");
    tracer.startActiveSpan("a", (a) => {
      tracer.startSpan("b").end();
      a.end();
    });
    tracer.startSpan("c").end();
    return telemetry.spans().map(({ traceId, spanId }) => `${traceId}/${spanId}`);
  };
  const [t1, t2] = ["1".padStart(32, "0"), "2".padStart(32, "0")];
  const span = (number: number) => String(number).padStart(16, "0");
  assert.deepEqual(ids("deterministic"), [
    `${t1}/${span(1)}`,
    `${t1}/${span(2)}`,
    `${t2}/${span(3)}`,
  ]);
  assert.notDeepEqual(ids("random"), ids("random"));
});

Deno.test("startTestTelemetry() takes a sampler, processors under test and the resource's attributes", () => {
  const seen: string[] = [];
  using telemetry = startTestTelemetry({
    sampler: "always_off",
    spanProcessors: [{
      onStart: (span) => void seen.push(span.name),
      onEnd() {},
      forceFlush: () => Promise.resolve(),
      shutdown: () => Promise.resolve(),
    }],
    resourceAttributes: { "service.name": "shop", "deployment.environment.name": "test" },
  });
  trace.getTracer("shop").startSpan("dropped").end();
  logs.getLogger("shop").emit({ body: "kept" });
  assert.deepEqual([telemetry.spans(), seen], [[], []]);
  assert.deepEqual(telemetry.findLog("kept").resource, {
    "service.name": "shop",
    "deployment.environment.name": "test",
  });
});

Deno.test("reset() forgets spans, also those still open, log records and counts", async () => {
  using telemetry = startTestTelemetry();
  const counter = metrics.getMeter("shop").createCounter("shop.orders");
  const open = trace.getTracer("shop").startSpan("open");
  trace.getTracer("shop").startSpan("ended").end();
  logs.getLogger("shop").emit({ body: "sold" });
  counter.add(5);
  await telemetry.reset();
  open.end();
  counter.add(2);
  assert.deepEqual([telemetry.spans(), telemetry.openSpans(), telemetry.logs()], [[], [], []]);
  assert.equal(await telemetry.metricValue("shop.orders"), 2);
});

Deno.test("testing.ts works without any permission, and lets the process end at once", async () => {
  const process = await run({
    program: new URL("_programs/alone.ts", import.meta.url),
    allow: [],
    env: { OTEL_TRACES_SAMPLER: "always_off" },
  });
  assert.deepEqual([process.code, process.lines], [0, ["INTERNAL checkout"]]);
});
