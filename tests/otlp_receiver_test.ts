import assert from "node:assert/strict";
import {
  JsonLogsSerializer,
  JsonMetricsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from "@opentelemetry/otlp-transformer";
import { type OtlpReceiver, type ReceivedMetric, startReceiver } from "./_otlp_receiver.ts";
import {
  JSON_TYPE,
  LINKED,
  post,
  PROTOBUF_TYPE,
  recordLogs,
  recordMetrics,
  recordSpans,
  SCHEMA_URL,
} from "./_otlp_samples.ts";

/** Sends the same records in both encodings, one of them gzipped, and gives what each became. */
async function bothWays<Item>(
  path: string,
  bodies: { json: Uint8Array | undefined; protobuf: Uint8Array | undefined },
  items: (receiver: OtlpReceiver) => Item[],
): Promise<{ json: Item[]; protobuf: Item[] }> {
  const read = async (type: string, body: Uint8Array | undefined) => {
    await using receiver = startReceiver();
    const response = await post(receiver, path, { type, body });
    await response.body?.cancel();
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("content-type"), type);
    return items(receiver);
  };
  return {
    json: await read(JSON_TYPE, bodies.json),
    protobuf: await read(PROTOBUF_TYPE, bodies.protobuf),
  };
}

Deno.test("startReceiver() decodes the same spans from JSON and from protobuf", async () => {
  const spans = recordSpans();
  const { json, protobuf } = await bothWays("/v1/traces", {
    json: JsonTraceSerializer.serializeRequest(spans),
    protobuf: ProtobufTraceSerializer.serializeRequest(spans),
  }, (receiver) => receiver.spans());

  assert.deepEqual(json, protobuf);
  const [child, parent] = json;
  const sent = spans.map((span) => span.spanContext());
  const scope = {
    name: "shop",
    version: "1.2.3",
    schemaUrl: SCHEMA_URL,
    attributes: {},
  };
  assert.deepEqual(parent, {
    traceId: sent[1]?.traceId,
    spanId: sent[1]?.spanId,
    parentSpanId: undefined,
    traceState: "",
    flags: 0x101,
    name: "GET /orders",
    kind: "SERVER",
    startTime: 1_700_000_000_123_456_789n,
    endTime: 1_700_000_002_000_000_000n,
    attributes: {
      text: "Grüße",
      empty: "",
      truth: false,
      zero: 0,
      negative: -7,
      large: Number.MAX_SAFE_INTEGER,
      fraction: 0.25,
      texts: ["a", "b"],
      numbers: [1, 2.5],
    },
    events: [],
    links: [{
      traceId: LINKED.traceId,
      spanId: LINKED.spanId,
      traceState: "",
      flags: 0x101,
      attributes: { why: "retry" },
      droppedAttributes: 0,
    }],
    status: { code: "UNSET", message: "" },
    droppedAttributes: 0,
    droppedEvents: 0,
    droppedLinks: 0,
    scope,
    resource: { "service.name": "shop" },
  });
  assert.equal(child?.parentSpanId, parent?.spanId);
  assert.deepEqual(child?.status, { code: "ERROR", message: "gone" });
  assert.deepEqual(child?.events, [{
    name: "cache.miss",
    time: 1_700_000_001_000_000_005n,
    attributes: { "cache.key": "k" },
    droppedAttributes: 0,
  }]);
});

Deno.test("startReceiver() decodes the same metrics from JSON and from protobuf", async () => {
  const metrics = await recordMetrics();
  const { json, protobuf } = await bothWays("/v1/metrics", {
    json: JsonMetricsSerializer.serializeRequest(metrics),
    protobuf: ProtobufMetricsSerializer.serializeRequest(metrics),
  }, (receiver) => receiver.metrics());

  assert.deepEqual(json, protobuf);
  const byName = Object.fromEntries(
    json.map((metric) => [metric.name, withoutTimes(metric)]),
  );
  assert.deepEqual(byName, {
    orders: {
      description: "Placed",
      unit: "{order}",
      type: "sum",
      temporality: "DELTA",
      monotonic: true,
      points: [{ attributes: { route: "/orders" }, flags: 0, value: 3 }],
    },
    open: {
      description: "",
      unit: "",
      type: "sum",
      temporality: "DELTA",
      monotonic: false,
      points: [{ attributes: {}, flags: 0, value: -2 }],
    },
    load: {
      description: "",
      unit: "",
      type: "gauge",
      temporality: "UNSPECIFIED",
      monotonic: false,
      points: [{ attributes: {}, flags: 0, value: 0.5 }],
    },
    duration: {
      description: "",
      unit: "s",
      type: "histogram",
      temporality: "DELTA",
      monotonic: false,
      points: [{
        attributes: {},
        flags: 0,
        count: 4,
        sum: 8.15,
        min: 0.05,
        max: 7,
        bounds: [0.1, 1],
        bucketCounts: [1, 2, 1],
      }],
    },
    exponential: {
      description: "",
      unit: "",
      type: "exponentialHistogram",
      temporality: "DELTA",
      monotonic: false,
      points: [{
        attributes: {},
        flags: 0,
        count: 2,
        sum: 1,
        min: 0,
        max: 1,
        scale: 20,
        zeroCount: 1,
        zeroThreshold: 0,
        positive: { offset: -1, bucketCounts: [1] },
        negative: { offset: 0, bucketCounts: [] },
      }],
    },
  });
  assert.ok((json[0]?.points[0]?.time ?? 0n) > 1_700_000_000_000_000_000n);
});

function withoutTimes(
  { name: _name, scope: _scope, resource: _resource, ...metric }: ReceivedMetric,
): unknown {
  return {
    ...metric,
    points: metric.points.map(({ startTime: _start, time: _time, ...point }) => point),
  };
}

Deno.test("startReceiver() decodes the same logs from JSON and from protobuf", async () => {
  const records = recordLogs();
  const { json, protobuf } = await bothWays("/v1/logs", {
    json: JsonLogsSerializer.serializeRequest(records),
    protobuf: ProtobufLogsSerializer.serializeRequest(records),
  }, (receiver) => receiver.logs());

  assert.deepEqual(json, protobuf);
  assert.deepEqual(json, [{
    time: 1_700_000_000_000_000_001n,
    observedTime: 1_700_000_000_000_000_002n,
    severityNumber: 13,
    severityText: "WARN",
    eventName: "stock.low",
    body: { left: 2, bytes: new Uint8Array([0, 255]), nested: [null, "x"] },
    attributes: { "product.id": "p1" },
    droppedAttributes: 0,
    flags: 1,
    traceId: LINKED.traceId,
    spanId: LINKED.spanId,
    scope: {
      name: "shop",
      version: "1.2.3",
      schemaUrl: SCHEMA_URL,
      attributes: {},
    },
    resource: { "service.name": "shop" },
  }]);
});

Deno.test("startReceiver() inflates gzip in both encodings", async () => {
  await using receiver = startReceiver();
  const spans = recordSpans();
  const bodies = [
    [JSON_TYPE, JsonTraceSerializer.serializeRequest(spans)],
    [PROTOBUF_TYPE, ProtobufTraceSerializer.serializeRequest(spans)],
  ] as const;
  for (const [type, body] of bodies) {
    const response = await post(receiver, "/v1/traces", {
      type,
      body,
      gzip: true,
    });
    await response.body?.cancel();
    assert.equal(response.status, 200);
    assert.equal(
      receiver.requests.at(-1)?.headers.get("content-encoding"),
      "gzip",
    );
  }
  assert.deepEqual(receiver.spans().slice(0, 2), receiver.spans().slice(2));
});

Deno.test("startReceiver() skips fields that it does not know", async () => {
  await using receiver = startReceiver();
  const ids = `"traceId":"${LINKED.traceId}","spanId":"${LINKED.spanId}"`;
  const json = await post(receiver, "/v1/traces", {
    type: JSON_TYPE,
    body:
      `{"new":1,"resourceSpans":[{"scopeSpans":[{"spans":[{${ids},"name":"a","new":{"b":[]}}]}]}]}`,
  });
  await json.body?.cancel();
  const known = ProtobufTraceSerializer.serializeRequest(recordSpans());
  // Field 100, a length-delimited "x", after all that is known.
  const unknown = [0xa2, 0x06, 0x01, 0x78];
  const protobuf = await post(receiver, "/v1/traces", {
    type: PROTOBUF_TYPE,
    body: new Uint8Array([...known ?? [], ...unknown]),
  });
  await protobuf.body?.cancel();
  assert.deepEqual(
    receiver.spans().map(({ name }) => name),
    ["a", "kv.get", "GET /orders"],
  );
});
