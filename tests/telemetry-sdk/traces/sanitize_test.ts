import assert from "node:assert/strict";
import type { Attributes, Link } from "@opentelemetry/api";
import { JsonTraceSerializer, ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";
import type { ReadableSpan } from "@opentelemetry/sdk-trace-base";
import { sanitizeSpan } from "../../../telemetry-sdk/traces/sanitize.ts";
import { endedSpan } from "../_spans.ts";

/** A span with properties that no type would let through. */
function broken(properties: Readonly<Record<string, unknown>>): ReadableSpan {
  const descriptors = Object.entries(properties).map(([key, value]) => [key, { value }]);
  return Object.create(endedSpan("ok"), Object.fromEntries(descriptors));
}

/** Asserts that both serialisers take the span, and gives the JSON form. */
function serialised(span: ReadableSpan): string {
  const sane = sanitizeSpan(span);
  assert.ok(sane);
  assert.ok(ProtobufTraceSerializer.serializeRequest([sane]));
  return new TextDecoder().decode(JsonTraceSerializer.serializeRequest([sane]));
}

Deno.test("sanitizeSpan() gives back a sound span itself", () => {
  const span = endedSpan("ok", { attributes: { a: "x", b: [1, 2.5], c: true, d: ["é"] } });
  assert.equal(sanitizeSpan(span), span);
});

Deno.test("sanitizeSpan() mends an end that is not a time", () => {
  const span = endedSpan("nan", { endTime: NaN });
  assert.throws(() => JsonTraceSerializer.serializeRequest([span]), "the fault is real");
  const sane = sanitizeSpan(span);
  assert.deepEqual(sane?.endTime, span.startTime);
  serialised(span);
});

Deno.test("sanitizeSpan() gives up a span without any usable time", () => {
  assert.equal(sanitizeSpan(broken({ startTime: [NaN, 0], endTime: [1.5, -1] })), undefined);
});

Deno.test("sanitizeSpan() makes text of names and numbers that OTLP cannot hold", () => {
  const json = serialised(broken({
    name: 12n,
    attributes: { nan: NaN, big: 1e21, list: [1, Infinity], half: "\ud800", "k\udfff": 1 },
  }));
  for (const value of ["12", "NaN", "1e+21", "Infinity", "\ufffd", "k\ufffd"]) {
    assert.ok(json.includes(`"${value}"`), value);
  }
  assert.doesNotMatch(json, /null/);
});

Deno.test("sanitizeSpan() mends events and drops links to nowhere", () => {
  const { traceId, spanId } = endedSpan("linked").spanContext();
  const links = [
    { context: {} },
    { context: { traceId, spanId, traceFlags: 1 }, attributes: { n: NaN } as Attributes },
  ] as Link[];
  const events = [{ name: "e\ud800", time: [NaN, NaN], attributes: { n: -Infinity } }];
  const sane = sanitizeSpan(broken({ links, events }));
  assert.equal(sane?.links.length, 1);
  assert.deepEqual(sane?.links[0]?.attributes, { n: "NaN" });
  assert.deepEqual(sane?.events, [{
    name: "e\ufffd",
    time: sane.endTime,
    attributes: { n: "-Infinity" },
  }]);
  serialised(broken({ links, events }));
});

Deno.test("sanitizeSpan() leaves the span that it mends as it was", () => {
  const attributes: Attributes = { n: NaN };
  sanitizeSpan(broken({ attributes }));
  assert.deepEqual(attributes, { n: NaN });
});
