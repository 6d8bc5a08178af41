import assert from "node:assert/strict";
import { ROOT_CONTEXT, trace } from "@opentelemetry/api";
import {
  deleteRequestContext,
  extractFromCarrier,
  extractFromHeaders,
  getRequestContext,
  injectIntoCarrier,
  injectIntoHeaders,
  linkFromCarrier,
  setRequestContext,
  withSpan as withActiveSpan,
} from "../../../framework/telemetry/otel_context.ts";
import { getActiveSpan, withSpan } from "../../../framework/telemetry/otel.ts";
import { inMemoryTelemetry } from "../../_telemetry.ts";

const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

Deno.test("extractFromHeaders() and injectIntoHeaders() carry trace context and baggage on", () => {
  using _telemetry = inMemoryTelemetry();
  const incoming = new Headers({ traceparent, baggage: "tenant=7", tracestate: "a=1" });
  const ctx = extractFromHeaders(incoming);
  assert.equal(trace.getSpanContext(ctx)?.traceId, "0af7651916cd43dd8448eb211c80319c");
  const outgoing = injectIntoHeaders(new Headers({ accept: "*/*" }), ctx);
  assert.deepEqual(Object.fromEntries(outgoing), {
    accept: "*/*",
    baggage: "tenant=7",
    traceparent,
    tracestate: "a=1",
  });
});

Deno.test("extractFromHeaders() leaves out what is malformed", () => {
  using _telemetry = inMemoryTelemetry();
  for (
    const bad of ["", "x", "00-0-0-01", `${traceparent}-more`, traceparent.replace("0af", "XYZ")]
  ) {
    assert.equal(
      trace.getSpanContext(extractFromHeaders(new Headers({ traceparent: bad }))),
      undefined,
      bad,
    );
  }
});

Deno.test("carriers store a trace beside later work", () => {
  using _telemetry = inMemoryTelemetry();
  assert.deepEqual(injectIntoCarrier(ROOT_CONTEXT), {});
  assert.equal(linkFromCarrier({}), undefined);
  withSpan("enqueue", (span) => {
    const carrier = injectIntoCarrier();
    const { traceId, spanId } = span.spanContext();
    assert.equal(linkFromCarrier(carrier)?.context.spanId, spanId);
    assert.equal(trace.getSpanContext(extractFromCarrier(carrier))?.traceId, traceId);
  });
});

Deno.test("withSpan() of the context module activates a span and leaves it open", () => {
  using telemetry = inMemoryTelemetry();
  const span = trace.getTracer("test").startSpan("mine");
  withActiveSpan(span, () => assert.equal(getActiveSpan(), span));
  assert.equal(telemetry.spans().length, 0);
  span.end();
  assert.equal(telemetry.spans().length, 1);
});

Deno.test("request contexts are kept by id, forgotten on demand, and bounded", () => {
  setRequestContext("r-1", ROOT_CONTEXT);
  assert.equal(getRequestContext("r-1"), ROOT_CONTEXT);
  deleteRequestContext("r-1");
  assert.equal(getRequestContext("r-1"), undefined);
  for (let n = 0; n <= 10_000; n++) setRequestContext(`bound-${n}`, ROOT_CONTEXT);
  assert.equal(getRequestContext("bound-0"), undefined);
  assert.equal(getRequestContext("bound-10000"), ROOT_CONTEXT);
});
