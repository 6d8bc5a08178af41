import assert from "node:assert/strict";
import {
  defaultTextMapGetter,
  defaultTextMapSetter,
  propagation,
  ROOT_CONTEXT,
  trace,
} from "@opentelemetry/api";
import { createPropagator } from "../../../telemetry-sdk/propagation/propagator.ts";

const INCOMING = {
  traceparent: "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01",
  baggage: "tenant=a",
};

Deno.test("createPropagator() carries trace context and baggage both ways", () => {
  const propagator = createPropagator(["tracecontext", "baggage"]);
  const context = propagator.extract(ROOT_CONTEXT, INCOMING, defaultTextMapGetter);
  assert.equal(trace.getSpanContext(context)?.traceId, "0123456789abcdef0123456789abcdef");
  assert.equal(propagation.getBaggage(context)?.getEntry("tenant")?.value, "a");
  const outgoing = {};
  propagator.inject(context, outgoing, defaultTextMapSetter);
  assert.deepEqual(outgoing, INCOMING);
});

Deno.test("createPropagator() carries nothing when nothing is chosen", () => {
  const propagator = createPropagator([]);
  assert.equal(propagator.extract(ROOT_CONTEXT, INCOMING, defaultTextMapGetter), ROOT_CONTEXT);
  assert.deepEqual(propagator.fields(), []);
});

Deno.test("createPropagator() takes propagators of the application's own", () => {
  const own = createPropagator(["tracecontext"]);
  assert.deepEqual(createPropagator([own]).fields(), own.fields());
});

Deno.test("createPropagator() knows every name, and takes each once", () => {
  const propagator = createPropagator(["tracecontext", "baggage", "b3", "b3multi", "b3"]);
  assert.deepEqual(propagator.fields(), [
    "traceparent",
    "tracestate",
    "baggage",
    "b3",
    "x-b3-traceid",
    "x-b3-spanid",
    "x-b3-sampled",
    "x-b3-flags",
  ]);
});

Deno.test("createPropagator() refuses a name that it does not know", () => {
  for (const name of ["jaeger", "toString"]) {
    assert.throws(() => Reflect.apply(createPropagator, undefined, [[name]]), {
      name: "TypeError",
      message: `Propagator "${name}" is not known; known are tracecontext, baggage, b3, b3multi`,
    });
  }
});
