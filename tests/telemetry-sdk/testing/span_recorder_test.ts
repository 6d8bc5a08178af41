import assert from "node:assert/strict";
import { SpanStatusCode, trace } from "@opentelemetry/api";
import { SamplingDecision } from "@opentelemetry/sdk-trace-base";
import { startTestTelemetry } from "../../../telemetry-sdk/testing.ts";

Deno.test("spans() tells what a span holds, in the order in which spans started", () => {
  using telemetry = startTestTelemetry({ resourceAttributes: { "service.name": "shop" } });
  const tracer = trace.getTracer("shop");
  const first = tracer.startSpan("first", { attributes: { a: 1 } });
  const second = tracer.startSpan("second", {
    links: [{ context: first.spanContext(), attributes: { why: "batch" } }],
  });
  second.setStatus({ code: SpanStatusCode.ERROR, message: "boom" }).end();
  first.end();
  const [one, two] = telemetry.spans();
  assert.equal(one?.name, "first");
  assert.deepEqual(one?.attributes, { a: 1 });
  assert.deepEqual(one?.status, { code: "UNSET" });
  assert.deepEqual(one?.resource, { "service.name": "shop" });
  assert.deepEqual(two?.status, { code: "ERROR", message: "boom" });
  assert.deepEqual(two?.links, [
    { traceId: one?.traceId, spanId: one?.spanId, attributes: { why: "batch" } },
  ]);
});

Deno.test("openSpans() names the spans that have not ended", () => {
  using telemetry = startTestTelemetry();
  const open = trace.getTracer("shop").startSpan("open");
  trace.getTracer("shop").startSpan("ended").end();
  assert.deepEqual(telemetry.openSpans(), ["open"]);
  open.end();
  assert.deepEqual(telemetry.openSpans(), []);
});

Deno.test("spans() leaves out what is recorded without being sampled, as an exporter does", () => {
  using telemetry = startTestTelemetry({
    sampler: { shouldSample: () => ({ decision: SamplingDecision.RECORD }) },
  });
  const span = trace.getTracer("shop").startSpan("recorded");
  assert.ok(span.isRecording());
  assert.deepEqual(telemetry.openSpans(), []);
  span.end();
  assert.deepEqual(telemetry.spans(), []);
});

Deno.test("findSpan() finds one span by its name or a predicate, and says what there is instead", () => {
  using telemetry = startTestTelemetry();
  const tracer = trace.getTracer("shop");
  assert.throws(() => telemetry.findSpan("GET /"), {
    message: 'No span "GET /"; there is no span at all',
  });
  tracer.startSpan("KV get").end();
  tracer.startSpan("KV get", { attributes: { "db.key": "b" } }).end();
  tracer.startSpan("GET /orders").end();
  tracer.startSpan("left open");

  assert.equal(telemetry.findSpan("GET /orders").name, "GET /orders");
  assert.equal(
    telemetry.findSpan(({ attributes }) => attributes["db.key"] === "b").name,
    "KV get",
  );
  assert.equal(telemetry.findSpans("KV get").length, 2);
  assert.deepEqual(telemetry.findSpans("left open"), []);
  assert.throws(() => telemetry.findSpan("GET /"), {
    message: 'No span "GET /"; there is "KV get" (2 times), "GET /orders"; not ended: "left open"',
  });
  assert.throws(() => telemetry.findSpan("KV get"), {
    message: '2 spans "KV get", where one was expected: "KV get" (2 times)',
  });
  assert.throws(() => telemetry.findSpan(() => false), /^Error: No span fits the predicate; /);
});

Deno.test("findSpan() tells no more than thirty names", () => {
  using telemetry = startTestTelemetry();
  for (let number = 0; number < 40; number++) {
    trace.getTracer("shop").startSpan(`span ${number}`).end();
  }
  assert.throws(() => telemetry.findSpan("none"), /"span 29" and 10 more$/);
});
