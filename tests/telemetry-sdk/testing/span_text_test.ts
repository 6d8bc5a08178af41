import assert from "node:assert/strict";
import { context, SpanKind, SpanStatusCode, trace, TraceFlags } from "@opentelemetry/api";
import { startTestTelemetry } from "../../../telemetry-sdk/testing.ts";

Deno.test("spanTree() shows names, kinds, failures and the attributes and events asked for", () => {
  using telemetry = startTestTelemetry();
  const tracer = trace.getTracer("shop");
  tracer.startActiveSpan("POST /orders", { kind: SpanKind.SERVER }, (request) => {
    request.setAttributes({ "http.route": "/orders", "url.path": "/orders", ratio: NaN });
    tracer.startActiveSpan("controller", (controller) => {
      tracer.startSpan("SELECT", { kind: SpanKind.CLIENT })
        .setStatus({ code: SpanStatusCode.ERROR, message: 'no "orders"' })
        .addEvent("exception")
        .end();
      controller.setStatus({ code: SpanStatusCode.OK }).end();
    });
    tracer.startSpan("job\r\nsend", { kind: SpanKind.PRODUCER }).end();
    request.end();
  });
  assert.equal(
    telemetry.spanTree({ attributes: ["ratio", "missing", "http.route"], events: true }),
    [
      'SERVER POST /orders {ratio=NaN, http.route="/orders"}',
      "  INTERNAL controller OK",
      '    CLIENT SELECT ERROR "no \\"orders\\""',
      "      * exception",
      "  PRODUCER job  send",
    ].join("\n"),
  );
  assert.equal(telemetry.spanTree().split("\n")[0], "SERVER POST /orders");
});

Deno.test("spanTree() puts siblings in the order of their start, and roots whose parent is elsewhere at the margin", () => {
  using telemetry = startTestTelemetry();
  const tracer = trace.getTracer("shop");
  const remote = trace.setSpanContext(context.active(), {
    traceId: "a".repeat(32),
    spanId: "b".repeat(16),
    traceFlags: TraceFlags.SAMPLED,
  });
  assert.equal(telemetry.spanTree(), "");
  const parent = tracer.startSpan("remote child", {}, remote);
  const inside = trace.setSpan(remote, parent);
  const slow = tracer.startSpan("slow", {}, inside);
  const fast = tracer.startSpan("fast", {}, inside);
  fast.end();
  slow.end();
  const open = tracer.startSpan("open", {}, inside);
  tracer.startSpan("child of an open one", {}, trace.setSpan(inside, open)).end();
  parent.end();
  assert.equal(
    telemetry.spanTree(),
    [
      "INTERNAL remote child",
      "  INTERNAL slow",
      "  INTERNAL fast",
      "INTERNAL child of an open one",
    ].join("\n"),
  );
});
