import assert from "node:assert/strict";
import { ROOT_CONTEXT } from "@opentelemetry/api";
import { suppressTracing } from "@opentelemetry/core";
import { B3Propagator } from "../../../telemetry-sdk/propagation/b3.ts";
import { contextWith, extractFrom, injectedBy, spanFrom } from "./_carrier.ts";

const single = new B3Propagator("single");
const multi = new B3Propagator("multi");
const TRACE = "80f198ee56343ba864fe8b2a57d3eff7";
const SPAN = "e457b5a2e4d86bd1";
const PARENT = "05e3ac9a4f6e3b90";
const IDS = { "x-b3-traceid": TRACE, "x-b3-spanid": SPAN };

Deno.test("extract() reads the single header with and without what is optional", () => {
  const flags = (b3: string) => spanFrom(single, { b3 })?.traceFlags;
  assert.deepEqual(spanFrom(single, { b3: `${TRACE}-${SPAN}-1-${PARENT}` }), {
    traceId: TRACE,
    spanId: SPAN,
    traceFlags: 1,
    isRemote: true,
  });
  assert.deepEqual(
    [`${TRACE}-${SPAN}`, `${TRACE}-${SPAN}-0`, `${TRACE}-${SPAN}-1`, ` ${TRACE}-${SPAN}-d\t`].map(
      flags,
    ),
    [0, 0, 1, 1],
  );
});

Deno.test("extract() reads the headers of the multiple encoding", () => {
  const flags = (headers: Record<string, unknown>) =>
    spanFrom(multi, { ...IDS, ...headers })?.traceFlags;
  assert.deepEqual(
    ["1", "true", "TRUE", "0", "false", undefined].map((value) =>
      flags({ "x-b3-sampled": value, "x-b3-parentspanid": PARENT })
    ),
    [1, 1, 1, 0, 0, 0],
  );
  assert.equal(flags({ "x-b3-flags": "1" }), 1);
  assert.equal(flags({ "x-b3-flags": "1", "x-b3-sampled": "0" }), 1);
  assert.equal(flags({ "x-b3-flags": "2", "x-b3-sampled": "0" }), 0);
  assert.equal(flags({ "x-b3-sampled": ["1", "0"] }), 1);
});

Deno.test("extract() makes 128 bits of a trace id of 64", () => {
  const short = TRACE.slice(0, 16);
  assert.equal(spanFrom(single, { b3: `${short}-${SPAN}-1` })?.traceId, short.padStart(32, "0"));
  assert.equal(
    spanFrom(multi, { ...IDS, "x-b3-traceid": short })?.traceId,
    short.padStart(32, "0"),
  );
});

Deno.test("extract() prefers the single header and falls back to the others, either way", () => {
  const other = "1".repeat(16);
  for (const propagator of [single, multi]) {
    const spanId = (b3: string) => spanFrom(propagator, { b3, ...IDS })?.spanId;
    assert.equal(spanId(`${TRACE}-${other}-1`), other);
    assert.equal(spanId("rubbish"), SPAN);
  }
});

Deno.test("extract() leaves the context as it is when the headers are bad", () => {
  const before = contextWith({});
  const bad: Record<string, unknown>[] = [
    ...[
      "",
      "0",
      "1",
      "d",
      TRACE,
      `${TRACE}-`,
      `${TRACE.toUpperCase()}-${SPAN}-1`,
      `${TRACE}-${SPAN}-2`,
      `${TRACE}-${SPAN}-true`,
      `${TRACE}-${SPAN}-`,
      `${TRACE}-${SPAN}-1-`,
      `${TRACE}-${SPAN}-1-${PARENT}-`,
      `${TRACE}-${SPAN}-1-${PARENT.slice(1)}`,
      `${TRACE.slice(1)}-${SPAN}-1`,
      `${TRACE.slice(0, 24)}-${SPAN}-1`,
      `${"0".repeat(32)}-${SPAN}-1`,
      `${TRACE}-${"0".repeat(16)}-1`,
      `${TRACE}-${SPAN}-1, ${TRACE}-${SPAN}-1`,
    ].map((b3) => ({ b3 })),
    { b3: [] },
    { b3: 7 },
    { "x-b3-traceid": TRACE },
    { "x-b3-spanid": SPAN },
    { "x-b3-sampled": "0" },
    { "x-b3-flags": "1" },
    { ...IDS, "x-b3-sampled": "yes" },
    { ...IDS, "x-b3-sampled": "__proto__" },
    { ...IDS, "x-b3-traceid": "0".repeat(16) },
    { ...IDS, "x-b3-spanid": `${SPAN}0` },
  ];
  for (const headers of bad) {
    assert.equal(extractFrom(single, headers, before), before, JSON.stringify(headers));
  }
});

Deno.test("inject() writes the encoding that was chosen and no parent", () => {
  assert.deepEqual(injectedBy(single, contextWith({ traceId: TRACE, spanId: SPAN })), {
    b3: `${TRACE}-${SPAN}-1`,
  });
  const unsampled = contextWith({ traceId: TRACE, spanId: SPAN, traceFlags: 2 });
  assert.deepEqual(injectedBy(single, unsampled), { b3: `${TRACE}-${SPAN}-0` });
  assert.deepEqual(injectedBy(multi, unsampled), { ...IDS, "x-b3-sampled": "0" });
});

Deno.test("inject() passes the debug flag on with its trace and with no other", () => {
  for (const headers of [{ b3: `${TRACE}-${SPAN}-d` }, { ...IDS, "x-b3-flags": "1" }]) {
    const caller = extractFrom(single, headers);
    const child = contextWith({ traceId: TRACE, spanId: PARENT }, caller);
    assert.deepEqual(injectedBy(single, child), { b3: `${TRACE}-${PARENT}-d` });
    assert.deepEqual(injectedBy(multi, child), {
      "x-b3-traceid": TRACE,
      "x-b3-spanid": PARENT,
      "x-b3-flags": "1",
    });
    const other = contextWith({ spanId: PARENT }, caller);
    assert.match(injectedBy(single, other).b3 ?? "", /-1$/);
  }
});

Deno.test("inject() writes nothing when there is no valid span", () => {
  for (const propagator of [single, multi]) {
    assert.deepEqual(injectedBy(propagator, ROOT_CONTEXT), {});
    assert.deepEqual(injectedBy(propagator, contextWith({ spanId: "" })), {});
    assert.deepEqual(injectedBy(propagator, suppressTracing(contextWith({}))), {});
  }
});

Deno.test("fields() names the headers of the encoding that is written", () => {
  assert.deepEqual(single.fields(), ["b3"]);
  assert.deepEqual(multi.fields(), ["x-b3-traceid", "x-b3-spanid", "x-b3-sampled", "x-b3-flags"]);
});
