/** What reading and writing the headers of a request costs, beside the stock propagators in the same run. */
import {
  type Context,
  createTraceState,
  defaultTextMapGetter,
  defaultTextMapSetter,
  propagation,
  ROOT_CONTEXT,
  type TextMapPropagator,
  trace,
} from "@opentelemetry/api";
import {
  CompositePropagator,
  W3CBaggagePropagator,
  W3CTraceContextPropagator,
} from "@opentelemetry/core";
import { createPropagator } from "../telemetry-sdk/propagation/propagator.ts";

const stock = new CompositePropagator({
  propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()],
});
const ours = createPropagator(["tracecontext", "baggage"]);

const TRACEPARENT = "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01";
const CARRIERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "no header": { accept: "*/*" },
  "traceparent": { traceparent: TRACEPARENT },
  "traceparent with the random flag": { traceparent: TRACEPARENT.replace(/01$/, "03") },
  "traceparent, tracestate": {
    traceparent: TRACEPARENT,
    tracestate: "ot=th:8;rv:0123456789abcd,rojo=00f067aa0ba902b7,congo=t61rcWkgMzE",
  },
  "traceparent, tracestate, baggage": {
    traceparent: TRACEPARENT,
    tracestate: "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE",
    baggage: "tenant=acme,user.plan=gold;public,region=Z%C3%BCrich,flag=1",
  },
};

function serverSpan(context: Context): Context {
  const parent = trace.getSpanContext(context);
  return trace.setSpanContext(context, {
    traceId: parent?.traceId ?? "0123456789abcdef0123456789abcdef",
    spanId: "fedcba9876543210",
    traceFlags: 1,
    ...(parent?.traceState && { traceState: parent.traceState }),
  });
}

const PROPAGATORS: Readonly<Record<string, TextMapPropagator>> = { stock, ours };

for (const [what, carrier] of Object.entries(CARRIERS)) {
  for (const [whose, propagator] of Object.entries(PROPAGATORS)) {
    Deno.bench(
      `extract, ${what}: ${whose}`,
      { group: `extract, ${what}`, baseline: whose === "stock" },
      () => {
        propagator.extract(ROOT_CONTEXT, carrier, defaultTextMapGetter);
      },
    );
  }
}

for (const [what, carrier] of Object.entries(CARRIERS)) {
  for (const [whose, propagator] of Object.entries(PROPAGATORS)) {
    Deno.bench(
      `extract and inject, ${what}: ${whose}`,
      { group: `extract and inject, ${what}`, baseline: whose === "stock" },
      () => {
        const context = propagator.extract(ROOT_CONTEXT, carrier, defaultTextMapGetter);
        propagator.inject(serverSpan(context), {}, defaultTextMapSetter);
      },
    );
  }
}

const withForeignState = propagation.setBaggage(
  trace.setSpanContext(ROOT_CONTEXT, {
    traceId: "0123456789abcdef0123456789abcdef",
    spanId: "fedcba9876543210",
    traceFlags: 1,
    traceState: createTraceState("ot=th:8"),
  }),
  propagation.createBaggage({ tenant: { value: "acme" }, place: { value: "Zürich" } }),
);
for (const [whose, propagator] of Object.entries(PROPAGATORS)) {
  Deno.bench(
    `inject, a sampler's tracestate, baggage: ${whose}`,
    { group: "inject, a sampler's tracestate, baggage", baseline: whose === "stock" },
    () => {
      propagator.inject(withForeignState, {}, defaultTextMapSetter);
    },
  );
}
