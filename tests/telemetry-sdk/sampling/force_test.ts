import assert from "node:assert/strict";
import { type Context, ROOT_CONTEXT, type TextMapGetter, trace } from "@opentelemetry/api";
import { CompositePropagator, W3CTraceContextPropagator } from "@opentelemetry/core";
import { AlwaysOffSampler } from "@opentelemetry/sdk-trace-base";
import { forceSampler, ForceTracePropagator } from "../../../telemetry-sdk/sampling/force.ts";
import {
  FORCE_TRACE_HEADER,
  signTraceHeader,
} from "../../../telemetry-sdk/sampling/force_header.ts";
import {
  ask,
  below,
  Collector,
  NOT_RECORD,
  providerWith,
  RECORD_AND_SAMPLED,
} from "./_sampling.ts";

const SECRET = "0123456789abcdef0123456789abcdef";
const getter: TextMapGetter<Headers> = {
  keys: (headers) => [...headers.keys()],
  get: (headers, key) => headers.get(key) ?? undefined,
};

/** The context of a request with such headers. */
function received(headers: Record<string, string>, now?: () => number): Context {
  const propagator = new CompositePropagator({
    propagators: [
      new W3CTraceContextPropagator(),
      new ForceTracePropagator({ secret: SECRET, ...(now && { now }) }),
    ],
  });
  return propagator.extract(ROOT_CONTEXT, new Headers(headers), getter);
}

const sampler = forceSampler(new AlwaysOffSampler());

Deno.test("forceSampler() samples the whole of a request that a signed header forces", () => {
  const collector = new Collector();
  const tracer = providerWith(sampler, collector).getTracer("test");
  const request = received({
    [FORCE_TRACE_HEADER]: signTraceHeader(SECRET),
    traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00",
    tracestate: "a=1,ot=rv:00000000000000",
  });
  const root = tracer.startSpan("GET /", {}, request);
  tracer.startSpan("kv.get", {}, trace.setSpan(request, root)).end();
  root.end();
  tracer.startSpan("another request").end();
  assert.deepEqual(collector.names, ["kv.get", "GET /"]);
  const [child, entry] = collector.spans;
  assert.deepEqual(entry?.attributes, { "echelon.forced": true });
  assert.deepEqual(child?.attributes, {});
  assert.equal(entry?.spanContext().traceId, "0af7651916cd43dd8448eb211c80319c");
  for (const span of collector.spans) {
    assert.equal(span.spanContext().traceState?.serialize(), "ot=rv:00000000000000;th:0,a=1");
  }
});

Deno.test("forceSampler() asks the other sampler where the header is absent or not right", () => {
  const good = signTraceHeader(SECRET);
  const table: Record<string, Record<string, string>> = {
    absent: {},
    "another secret": { [FORCE_TRACE_HEADER]: signTraceHeader(`${SECRET}!`) },
    "at its end": {
      [FORCE_TRACE_HEADER]: signTraceHeader(SECRET, { now: () => Date.now() - 400_000 }),
    },
    forged: { [FORCE_TRACE_HEADER]: good.replace(/.{5}$/, "AAAAA") },
    rubbish: { [FORCE_TRACE_HEADER]: "1" },
    "another header": { "x-other-trace": good },
  };
  for (const [what, headers] of Object.entries(table)) {
    assert.equal(ask(sampler, { context: received(headers) }).decision, NOT_RECORD, what);
  }
  const context = received({ [FORCE_TRACE_HEADER]: good });
  assert.equal(ask(sampler, { context }).decision, RECORD_AND_SAMPLED);
});

Deno.test("ForceTracePropagator reads one header of a carrier that holds lists, and writes none", () => {
  const propagator = new ForceTracePropagator({ secret: SECRET });
  const good = signTraceHeader(SECRET);
  const lists = (values: string[]): Context =>
    propagator.extract(ROOT_CONTEXT, values, { keys: () => [], get: (carrier) => carrier });
  assert.equal(ask(sampler, { context: lists([good]) }).decision, RECORD_AND_SAMPLED);
  assert.equal(ask(sampler, { context: lists([good, good]) }).decision, NOT_RECORD);
  assert.equal(ask(sampler, { context: lists([]) }).decision, NOT_RECORD);
  assert.deepEqual(propagator.fields(), [FORCE_TRACE_HEADER]);
  assert.equal(propagator.inject(), undefined);
});

Deno.test("forceSampler() says what it does, and refuses what is no sampler", () => {
  assert.equal(String(sampler), "ForceSampler{AlwaysOffSampler}");
  assert.throws(() => forceSampler(undefined as never), /Bad "inner"/);
  assert.throws(() => new ForceTracePropagator({ secret: "short" }), /5 bytes/);
  assert.equal(ask(sampler, { context: below() }).decision, NOT_RECORD);
});
