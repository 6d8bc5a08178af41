import assert from "node:assert/strict";
import { createTraceState, ROOT_CONTEXT, trace, type TraceState } from "@opentelemetry/api";
import { suppressTracing } from "@opentelemetry/core";
import { TraceContextPropagator } from "../../../telemetry-sdk/propagation/trace_context.ts";
import { contextWith, extractFrom, injectedBy, spanFrom } from "./_carrier.ts";

const propagator = new TraceContextPropagator();
const GOOD = "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01";

Deno.test("extract() says that the caller's span is remote", () => {
  assert.deepEqual(spanFrom(propagator, { traceparent: GOOD }), {
    traceId: "0123456789abcdef0123456789abcdef",
    spanId: "0123456789abcdef",
    traceFlags: 1,
    isRemote: true,
  });
});

Deno.test("extract() keeps the two flags that are defined and no other", () => {
  const flagsOf = (flags: string) =>
    spanFrom(propagator, { traceparent: GOOD.replace(/01$/, flags) })?.traceFlags;
  assert.deepEqual(["00", "01", "02", "03", "04", "fd", "ff"].map(flagsOf), [0, 1, 2, 3, 0, 1, 3]);
});

Deno.test("extract() leaves the context as it is when the header is bad", () => {
  const before = contextWith({});
  const bad = [
    "",
    GOOD.toUpperCase(),
    `${GOOD}-`,
    `${GOOD}\n`,
    `\n${GOOD}`,
    `\u00a0${GOOD}`,
    GOOD.replace("00-", "0０-"),
    `${GOOD}, ${GOOD}`,
    `cc${GOOD.slice(2)}-x, ${GOOD}`,
    `cc${GOOD.slice(2)}-${"x".repeat(500)}`,
    [GOOD, GOOD],
    [],
    [7],
    7,
    null,
    { toString: () => GOOD },
  ];
  for (const traceparent of bad) {
    assert.equal(extractFrom(propagator, { traceparent }, before), before, String(traceparent));
  }
  assert.notEqual(extractFrom(propagator, { traceparent: [GOOD] }, before), before);
});

Deno.test("extract() does not look at tracestate when traceparent is bad", () => {
  const asked: string[] = [];
  propagator.extract(ROOT_CONTEXT, {}, {
    keys: () => [],
    get(_carrier, key) {
      asked.push(key);
      return "x";
    },
  });
  assert.deepEqual(asked, ["traceparent"]);
});

Deno.test("inject() writes no header when there is no valid span", () => {
  for (const span of [{ traceId: "0".repeat(32) }, { spanId: "x".repeat(16) }, { spanId: "" }]) {
    assert.deepEqual(injectedBy(propagator, contextWith(span)), {});
  }
  assert.deepEqual(injectedBy(propagator, ROOT_CONTEXT), {});
  assert.deepEqual(injectedBy(propagator, suppressTracing(contextWith({}))), {});
});

Deno.test("inject() writes only what W3C allows, whatever the span says", () => {
  const flagsOf = (traceFlags: number) =>
    injectedBy(propagator, contextWith({ traceFlags })).traceparent?.slice(-3);
  assert.deepEqual([0, 1, 2, 3, 0xff, 0x1ff, NaN, -1].map(flagsOf), [
    "-00",
    "-01",
    "-02",
    "-03",
    "-03",
    "-03",
    "-00",
    "-03",
  ]);
  const capitals = contextWith({ traceId: "ABCDEF".padEnd(32, "0"), spanId: "A".repeat(16) });
  assert.equal(
    injectedBy(propagator, capitals).traceparent,
    `00-${"abcdef".padEnd(32, "0")}-${"a".repeat(16)}-01`,
  );
});

Deno.test("inject() keeps the random flag with its trace and gives it to no other", () => {
  const caller = extractFrom(propagator, { traceparent: GOOD.replace(/01$/, "02") });
  const child = contextWith({ traceFlags: 1 }, caller);
  assert.match(injectedBy(propagator, child).traceparent ?? "", /-03$/);
  const other = contextWith({ traceId: "1".repeat(32), traceFlags: 1 }, caller);
  assert.match(injectedBy(propagator, other).traceparent ?? "", /-01$/);
});

Deno.test("inject() writes no tracestate when there is no sound member", () => {
  const withState = (traceState: TraceState) =>
    injectedBy(propagator, contextWith({ traceState })).tracestate;
  assert.equal(withState(createTraceState()), undefined);
  assert.equal(withState(createTraceState("a=1")), "a=1");
  const foreign: TraceState = {
    get: () => undefined,
    set: () => foreign,
    unset: () => foreign,
    serialize: () => "a=1\r\nevil: 1",
  };
  assert.equal(withState(foreign), undefined);
  const bad = extractFrom(propagator, { traceparent: GOOD, tracestate: "A=1" });
  assert.deepEqual(injectedBy(propagator, bad), { traceparent: GOOD });
});

Deno.test("extract() joins several tracestate headers in their order", () => {
  const headers = { traceparent: GOOD, tracestate: ["a=1", "", "b=2 , c=3"] };
  const context = extractFrom(propagator, headers);
  assert.equal(trace.getSpanContext(context)?.traceState?.get("c"), "3");
  assert.deepEqual(injectedBy(propagator, context), {
    traceparent: GOOD,
    tracestate: "a=1,b=2,c=3",
  });
});

Deno.test("fields() names both headers", () => {
  assert.deepEqual(propagator.fields(), ["traceparent", "tracestate"]);
});
