import assert from "node:assert/strict";
import { errorStatusType, requestTypes } from "../../_otlp/schema.ts";
import {
  ask,
  askTrace,
  attribute,
  id,
  logsRequest,
  metricsRequest,
  nanos,
  send,
  span,
  startTestViewer,
  TRACE_ID,
  tracesRequest,
} from "../_viewer.ts";
import type { StorageState } from "../../../viewer/api/model.ts";
import type { Viewer } from "../../../viewer/mod.ts";

const JSON_TYPE = "application/json";
const PROTOBUF_TYPE = "application/x-protobuf";

interface Posted {
  readonly path?: string;
  readonly type?: string;
  readonly body: BodyInit;
  readonly headers?: Readonly<Record<string, string>>;
}

function post(viewer: Viewer, { path = "/v1/traces", type, body, headers }: Posted) {
  return fetch(viewer.url + path, {
    method: "POST",
    headers: { ...(type !== undefined && { "content-type": type }), ...headers },
    body,
  });
}

function protobuf(request: object): Uint8Array<ArrayBuffer> {
  const bytes = (hex: string) => Uint8Array.fromHex(hex);
  const type = requestTypes.traces;
  const text = JSON.stringify(request);
  const message = JSON.parse(text, (key, value) => /Id$/.test(key) ? bytes(value) : value);
  return new Uint8Array(type.encode(type.fromObject(message)).finish());
}

async function gzip(body: BlobPart): Promise<Uint8Array<ArrayBuffer>> {
  const zipped = new Blob([body]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(zipped).arrayBuffer());
}

const request = tracesRequest([
  span({ attributes: { "http.route": "/orders/:id", "http.request.method": "GET" } }),
]);

Deno.test("receiver takes JSON and protobuf, plain and gzipped, and keeps the same of each", async () => {
  const json = JSON.stringify(request);
  const forms: Posted[] = [
    { type: JSON_TYPE, body: json },
    { type: "Application/JSON; charset=utf-8", body: json },
    { type: JSON_TYPE, body: await gzip(json), headers: { "content-encoding": "gzip" } },
    { type: PROTOBUF_TYPE, body: protobuf(request) },
    {
      type: PROTOBUF_TYPE,
      body: await gzip(protobuf(request)),
      headers: { "content-encoding": "GZIP" },
    },
  ];
  const seen: unknown[] = [];
  for (const form of forms) {
    await using viewer = await startTestViewer();
    const answer = await post(viewer, form);
    const type = answer.headers.get("content-type");
    assert.equal(answer.status, 200);
    assert.equal(await answer.text(), form.type === PROTOBUF_TYPE ? "" : "{}");
    assert.equal(type, form.type === PROTOBUF_TYPE ? PROTOBUF_TYPE : JSON_TYPE);
    seen.push(await askTrace(viewer));
  }
  for (const other of seen.slice(1)) assert.deepEqual(other, seen[0]);
  const [first] = seen as { spans: { name: string; startTime: number; durationMs: number }[] }[];
  assert.deepEqual(
    first?.spans.map(({ name, startTime, durationMs }) => [name, startTime, durationMs]),
    [["GET /", 1_700_000_000_000, 10]],
  );
});

Deno.test("receiver answers 415 when it cannot know what the body is", async () => {
  await using viewer = await startTestViewer();
  const body = JSON.stringify(request);
  for (
    const form of [
      { body, type: "text/plain" },
      { body: new Uint8Array([1]) },
      { body, type: JSON_TYPE, headers: { "content-encoding": "br" } },
    ]
  ) {
    const answer = await post(viewer, form);
    assert.equal(answer.status, 415);
    assert.match((await answer.json()).message, /^Content-(Type|Encoding) is "/);
  }
  assert.equal(viewer.state().requests.refused, 3);
});

Deno.test("receiver answers 400 with google.rpc.Status when a body is not OTLP", async () => {
  await using viewer = await startTestViewer();
  const bad = [
    "",
    "{",
    "[]",
    "null",
    '{"resourceSpans":{}}',
    '{"resourceSpans":[7]}',
    JSON.stringify(tracesRequest([{ ...span(), name: 7 }])),
    JSON.stringify(tracesRequest([{ ...span(), startTimeUnixNano: "soon" }])),
    JSON.stringify(tracesRequest([{ ...span(), startTimeUnixNano: "9".repeat(1_000_000) }])),
    JSON.stringify(tracesRequest([{ ...span(), attributes: [{ key: "a", value: 1 }] }])),
  ];
  for (const body of bad) {
    const answer = await post(viewer, { type: JSON_TYPE, body });
    const { code, message } = await answer.json();
    assert.deepEqual([answer.status, code], [400, 3], body.slice(0, 100));
    assert.ok(message.length > 0 && message.length < 300, message);
  }
  const whole = protobuf(request);
  for (const body of [whole.slice(0, -1), new Uint8Array([0x0a, 0xff]), new Uint8Array([0x07])]) {
    const answer = await post(viewer, { type: PROTOBUF_TYPE, body });
    assert.equal(answer.status, 400);
    assert.equal(answer.headers.get("content-type"), PROTOBUF_TYPE);
    const status = errorStatusType.decode(new Uint8Array(await answer.arrayBuffer()));
    assert.equal(errorStatusType.toObject(status)["code"], 3);
  }
  const unzipped = await post(viewer, {
    type: JSON_TYPE,
    body: "not gzip",
    headers: { "content-encoding": "gzip" },
  });
  assert.equal(unzipped.status, 400);
  await unzipped.body?.cancel();
  const { requests, traces } = viewer.state();
  assert.deepEqual([requests.refused, requests.accepted, traces.received], [14, 0, 0]);
  assert.match(requests.lastProblem ?? "", /cannot be read/);
});

Deno.test("receiver answers 413 when a body is too large, and a gzip bomb does not go off", async () => {
  await using viewer = await startTestViewer();
  const noise = new Uint8Array(4 * 2 ** 20 + 1);
  for (let i = 0; i < noise.length; i += 65_536) {
    crypto.getRandomValues(noise.subarray(i, i + 65_536));
  }
  const bomb = await gzip(new Uint8Array(65 * 2 ** 20));
  assert.ok(bomb.length < 2 ** 20);
  for (const body of [await gzip(noise), bomb]) {
    const answer = await post(viewer, {
      type: PROTOBUF_TYPE,
      body,
      headers: { "content-encoding": "gzip" },
    });
    assert.equal(answer.status, 413);
    await answer.body?.cancel();
  }
  await send(viewer, request);
});

Deno.test("receiver takes what is good and says what was not when single items are wrong", async () => {
  await using viewer = await startTestViewer();
  const mixed = tracesRequest([
    span(),
    span({ traceId: "0".repeat(32) }),
    span({ spanId: "b7ad" }),
    span({ traceId: "not hexadecimal, but 32 letters." }),
    span({ spanId: id(2), parentSpanId: "1" }),
  ]);
  const inJson = await post(viewer, { type: JSON_TYPE, body: JSON.stringify(mixed) });
  const { partialSuccess } = await inJson.json();
  assert.equal(inJson.status, 200);
  assert.equal(partialSuccess.rejectedSpans, "4");
  assert.match(partialSuccess.errorMessage, /parentSpanId/);

  const zeros = tracesRequest([span({ spanId: "0000000000000000" })]);
  const inProtobuf = await post(viewer, { type: PROTOBUF_TYPE, body: protobuf(zeros) });
  const body = new Uint8Array(await inProtobuf.arrayBuffer());
  // Field 1 holds a message whose field 1 is the count and whose field 2 is the reason.
  assert.deepEqual([body[0], body[2], body[3], body[4]], [0x0a, 0x08, 1, 0x12]);

  const histogram = {
    name: "h",
    histogram: {
      aggregationTemporality: 2,
      dataPoints: [
        { timeUnixNano: nanos(0), count: 1, bucketCounts: [1, 0, 0], explicitBounds: [1] },
        { timeUnixNano: nanos(0), count: 1, bucketCounts: [1, 0], explicitBounds: [1] },
      ],
    },
  };
  const points = await post(viewer, {
    path: "/v1/metrics",
    type: JSON_TYPE,
    body: JSON.stringify(metricsRequest([histogram])),
  });
  assert.equal((await points.json()).partialSuccess.rejectedDataPoints, "1");

  const logs = await post(viewer, {
    path: "/v1/logs",
    type: JSON_TYPE,
    body: JSON.stringify(logsRequest([{ traceId: "1" }, { body: { stringValue: "fine" } }])),
  });
  assert.equal((await logs.json()).partialSuccess.rejectedLogRecords, "1");
  const { traces, metrics, logs: kept, requests } = viewer.state();
  assert.deepEqual([traces.spans, metrics.points, kept.logs], [1, 1, 1]);
  assert.deepEqual([requests.accepted, requests.refusedItems], [4, 7]);
});

Deno.test("receiver reads numbers, enums and unknown fields as JSON may have them", async () => {
  await using viewer = await startTestViewer();
  await send(viewer, {
    resourceSpans: [{
      scopeSpans: [{
        spans: [{
          ...span(),
          kind: "SPAN_KIND_CONSUMER",
          status: { code: "STATUS_CODE_ERROR", message: "gone" },
          startTimeUnixNano: 1_700_000_000_000_000_000,
          endTimeUnixNano: null,
          someday: { new: true },
          attributes: [
            { key: "int", value: { intValue: 7 } },
            { key: "digits", value: { intValue: "-7" } },
            { key: "huge", value: { intValue: "9223372036854775807" } },
            { key: "whole", value: { doubleValue: 1 } },
            { key: "fraction", value: { doubleValue: 0.5 } },
            { key: "nan", value: { doubleValue: "NaN" } },
            { key: "none", value: {} },
            { key: "list", value: { arrayValue: { values: [{ boolValue: true }, {}] } } },
            { key: "map", value: { kvlistValue: { values: [attribute("a", "b")] } } },
            { key: "bytes", value: { bytesValue: "AP8=" } },
            { key: "int", value: { intValue: 8 } },
          ],
        }],
      }],
    }],
  });
  const { spans: [found], trace } = await askTrace(viewer);
  assert.deepEqual(found?.attributes, [
    { key: "int", value: 8 },
    { key: "digits", value: -7 },
    { key: "huge", value: { int: "9223372036854775807" } },
    { key: "whole", value: { double: "1" } },
    { key: "fraction", value: 0.5 },
    { key: "nan", value: { double: "NaN" } },
    { key: "none", value: null },
    { key: "list", value: [true, null] },
    { key: "map", value: { map: [{ key: "a", value: "b" }] } },
    { key: "bytes", value: { bytes: "AP8=" } },
  ]);
  assert.equal(found?.kind, "consumer");
  assert.equal(found?.status, "error");
  assert.equal(found?.statusMessage, "gone");
  assert.deepEqual(found?.problems, ["ends-before-start"]);
  assert.equal(trace.service, "unknown_service");
});

Deno.test("receiver answers 404 and 405 when the path or the method is another", async () => {
  await using viewer = await startTestViewer();
  const unknown = await post(viewer, { path: "/v1/profiles", type: JSON_TYPE, body: "{}" });
  assert.equal(unknown.status, 404);
  await unknown.body?.cancel();
  const got = await fetch(`${viewer.url}/v1/traces`);
  assert.deepEqual([got.status, got.headers.get("allow")], [405, "POST"]);
  await got.body?.cancel();
});

Deno.test("receiver refuses values that are nested without end", async () => {
  await using viewer = await startTestViewer();
  let value: object = { stringValue: "deep" };
  for (let i = 0; i < 5000; i++) value = { arrayValue: { values: [value] } };
  const body = JSON.stringify(tracesRequest([{ ...span(), attributes: [{ key: "a", value }] }]));
  const answer = await post(viewer, { type: JSON_TYPE, body });
  assert.equal(answer.status, 400);
  assert.match((await answer.json()).message, /nested deeper/);

  let bytes = new Uint8Array([0x0a, 1, 0x61]);
  const wrap = (tag: number, inner: Uint8Array) => {
    const length: number[] = [];
    for (let rest = inner.length;; rest >>>= 7) {
      length.push(rest > 127 ? rest & 127 | 128 : rest);
      if (rest <= 127) break;
    }
    return new Uint8Array([tag, ...length, ...inner]);
  };
  for (let i = 0; i < 2000; i++) bytes = wrap(0x2a, wrap(0x0a, bytes));
  for (const tag of [0x12, 0x4a, 0x12, 0x12, 0x0a]) bytes = wrap(tag, bytes);
  const binary = await post(viewer, { type: PROTOBUF_TYPE, body: bytes });
  assert.equal(binary.status, 400);
  await binary.body?.cancel();
});

Deno.test("receiver counts a span once when an exporter sends it again", async () => {
  await using viewer = await startTestViewer();
  await send(viewer, request);
  await send(viewer, request);
  const { traces }: StorageState = await ask(viewer, "/api/state");
  assert.deepEqual([traces.spans, traces.received, traces.duplicates], [1, 2, 1]);
  assert.equal((await askTrace(viewer)).trace.traceId, TRACE_ID);
});
