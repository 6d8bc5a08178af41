import assert from "node:assert/strict";
import { JsonTraceSerializer } from "@opentelemetry/otlp-transformer";
import { startReceiver } from "./_otlp_receiver.ts";
import { JSON_TYPE, LINKED, post, PROTOBUF_TYPE, recordSpans } from "./_otlp_samples.ts";

Deno.test("startReceiver() answers 400 in the encoding of a body that it cannot decode", async () => {
  await using receiver = startReceiver();
  const span = (fields: string) => `{"resourceSpans":[{"scopeSpans":[{"spans":[{${fields}}]}]}]}`;
  const bodies: [type: string, body: string | Uint8Array, problem: RegExp][] = [
    [JSON_TYPE, "{", /JSON/],
    [JSON_TYPE, new Uint8Array([0x22, 0xff, 0x22]), /utf-?8|encoded/i],
    [JSON_TYPE, "[]", /"body" is not an object/],
    [JSON_TYPE, `{"resourceSpans":{}}`, /"resourceSpans" is not a list/],
    [JSON_TYPE, span(`"spanId":"${LINKED.spanId}"`), /"traceId" is missing/],
    [JSON_TYPE, span(`"traceId":"xyz"`), /"traceId" is not 32 hex/],
    [
      JSON_TYPE,
      span(
        `"traceId":"${LINKED.traceId}","spanId":"${LINKED.spanId}","kind":"SERVER"`,
      ),
      /"kind" is not an exact integer/,
    ],
    [
      JSON_TYPE,
      span(
        `"traceId":"${LINKED.traceId}","spanId":"${LINKED.spanId}","attributes":[{"key":"a"},{"key":"a"}]`,
      ),
      /Key "a" is twice/,
    ],
    [PROTOBUF_TYPE, new Uint8Array([0x0a, 0x7f, 0x00]), /index out of range/],
  ];
  for (const [type, body, problem] of bodies) {
    const response = await post(receiver, "/v1/traces", { type, body });
    assert.equal(response.status, 400);
    assert.equal(response.headers.get("content-type"), type);
    const text = await response.text();
    assert.match(type === JSON_TYPE ? JSON.parse(text).message : text, problem);
  }
  const truncated = await fetch(`${receiver.url}/v1/traces`, {
    method: "POST",
    headers: { "content-type": JSON_TYPE, "content-encoding": "gzip" },
    body: "not gzip",
  });
  await truncated.body?.cancel();
  assert.equal(truncated.status, 400);
  assert.equal(receiver.requests.length, bodies.length + 1);
  assert.deepEqual(receiver.spans(), []);
});

Deno.test("startReceiver() answers 404, 405 and 415 to what is no export request", async () => {
  await using receiver = startReceiver();
  const status = async (path: string, init: RequestInit) => {
    const response = await fetch(receiver.url + path, init);
    await response.body?.cancel();
    return response.status;
  };
  const headers = { "content-type": JSON_TYPE };
  const post = { method: "POST", body: "{}" };
  assert.equal(await status("/", { ...post, headers }), 404);
  assert.equal(await status("/v1/traces/", { ...post, headers }), 404);
  assert.equal(await status("/v1/traces", { headers }), 405);
  assert.equal(await status("/v1/traces", post), 415);
  const brotli = { ...headers, "content-encoding": "br" };
  assert.equal(await status("/v1/traces", { ...post, headers: brotli }), 415);
  const withCharset = { "content-type": `${JSON_TYPE}; charset=utf-8` };
  assert.equal(
    await status("/v1/traces", { ...post, headers: withCharset }),
    200,
  );
  assert.deepEqual(receiver.requests.map((request) => request.status), [200]);
});

Deno.test("startReceiver() counts only what it accepted when told to refuse", async () => {
  let down = true;
  await using receiver = startReceiver({
    respond: () => down ? new Response(null, { status: 503 }) : undefined,
  });
  const body = JsonTraceSerializer.serializeRequest(recordSpans());
  const first = await post(receiver, "/v1/traces", { type: JSON_TYPE, body });
  await first.body?.cancel();
  assert.equal(first.status, 503);
  assert.deepEqual(receiver.spans(), []);
  assert.equal(receiver.requests[0]?.telemetry.spans.length, 2);

  down = false;
  const second = await post(receiver, "/v1/traces", { type: JSON_TYPE, body });
  await second.body?.cancel();
  assert.equal(receiver.spans().length, 2);
});

Deno.test("startReceiver() answers with the status that it was given", async () => {
  await using receiver = startReceiver({ status: 429 });
  const response = await post(receiver, "/v1/traces", {
    type: JSON_TYPE,
    body: "{}",
  });
  await response.body?.cancel();
  assert.equal(response.status, 429);
});

Deno.test("disposing lets go of requests that are held back or hang", async () => {
  for (
    const options of [
      { delayMillis: 3_600_000 },
      { respond: () => new Promise<undefined>(() => {}) },
    ]
  ) {
    const receiver = startReceiver(options);
    const answer = post(receiver, "/v1/traces", {
      type: JSON_TYPE,
      body: "{}",
    });
    const refused = assert.rejects(answer, TypeError);
    await receiver.waitFor(({ requests }) => requests.length === 1);
    await receiver[Symbol.asyncDispose]();
    await refused;
  }
});

Deno.test("waitFor() resolves when the telemetry arrives", async () => {
  await using receiver = startReceiver();
  const arrived = receiver.waitFor((r) => r.spans().length === 2);
  const body = JsonTraceSerializer.serializeRequest(recordSpans());
  const response = await post(receiver, "/v1/traces", {
    type: JSON_TYPE,
    body,
  });
  await response.body?.cancel();
  await arrived;
  await receiver.waitFor((r) => r.spans().length === 2);
});

Deno.test("waitFor() rejects with what did arrive at the timeout", async () => {
  await using receiver = startReceiver();
  const body = JsonTraceSerializer.serializeRequest(recordSpans());
  const response = await post(receiver, "/v1/traces", {
    type: JSON_TYPE,
    body,
  });
  await response.body?.cancel();
  await assert.rejects(
    receiver.waitFor((r) => r.logs().length > 0, { timeoutMillis: 20 }),
    /Nothing after 20 ms: requests: traces 200; spans: kv.get, GET \/orders;/,
  );
});

Deno.test("waitFor() rejects when the receiver is closed meanwhile", async () => {
  const receiver = startReceiver();
  const closed = assert.rejects(
    receiver.waitFor(() => false),
    /The receiver was closed/,
  );
  await receiver[Symbol.asyncDispose]();
  await closed;
});

Deno.test("resource() gives the one resource and refuses two", async () => {
  await using receiver = startReceiver();
  assert.throws(() => receiver.resource(), /No telemetry was accepted yet/);
  const send = async (name: string) => {
    const response = await post(receiver, "/v1/logs", {
      type: JSON_TYPE,
      body: JSON.stringify({
        resourceLogs: [{
          resource: {
            attributes: [{ key: "service.name", value: { stringValue: name } }],
          },
          scopeLogs: [{ logRecords: [{}] }],
        }],
      }),
    });
    await response.body?.cancel();
  };
  await send("shop");
  await send("shop");
  assert.deepEqual(receiver.resource(), { "service.name": "shop" });
  await send("stock");
  assert.throws(() => receiver.resource(), /"shop"[^]*"stock"/);
});
