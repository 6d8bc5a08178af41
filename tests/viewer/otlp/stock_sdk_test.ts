import assert from "node:assert/strict";
import {
  JsonLogsSerializer,
  JsonMetricsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from "@opentelemetry/otlp-transformer";
import {
  JSON_TYPE,
  LINKED,
  PROTOBUF_TYPE,
  recordLogs,
  recordMetrics,
  recordSpans,
} from "../../_otlp_samples.ts";
import type {
  LogPage,
  MetricData,
  MetricList,
  Span,
  TraceDetail,
  TracePage,
} from "../../../viewer/api/model.ts";
import type { Viewer } from "../../../viewer/mod.ts";
import { ask, askTrace, startTestViewer } from "../_viewer.ts";

async function exportTo(viewer: Viewer, path: string, type: string, body: Uint8Array | undefined) {
  assert.ok(body);
  const answer = await fetch(viewer.url + path, {
    method: "POST",
    headers: { "content-type": type },
    body: new Uint8Array(body),
  });
  assert.equal(answer.status, 200);
  await answer.body?.cancel();
}

const encodings = [
  {
    type: PROTOBUF_TYPE,
    traces: ProtobufTraceSerializer,
    metrics: ProtobufMetricsSerializer,
    logs: ProtobufLogsSerializer,
  },
  {
    type: JSON_TYPE,
    traces: JsonTraceSerializer,
    metrics: JsonMetricsSerializer,
    logs: JsonLogsSerializer,
  },
];

for (const { type, ...serializers } of encodings) {
  Deno.test(`viewer shows what the stock SDK sends when it is ${type}`, async () => {
    await using viewer = await startTestViewer();
    const { traces, metrics, logs } = serializers;
    await exportTo(viewer, "/v1/traces", type, traces.serializeRequest(recordSpans()));
    await exportTo(viewer, "/v1/metrics", type, metrics.serializeRequest(await recordMetrics()));
    await exportTo(viewer, "/v1/logs", type, logs.serializeRequest(recordLogs()));
    checkSpans(await detail(viewer));
    await checkMetrics(viewer);
    await checkLogs(viewer);
  });
}

async function detail(viewer: Viewer): Promise<TraceDetail> {
  const page: TracePage = await ask(viewer, "/api/traces");
  assert.equal(page.traces.length, 1);
  return await askTrace(viewer, page.traces[0]?.traceId);
}

function checkSpans({ trace, spans, scopes, resources }: TraceDetail): void {
  assert.equal(trace.name, "GET /orders");
  assert.equal(trace.service, "shop");
  assert.equal(trace.durationMs.toFixed(6), "1876.543211");
  const [parent, child] = spans;
  assert.ok(parent && child);
  const values = Object.fromEntries(parent.attributes.map(({ key, value }) => [key, value]));
  assert.deepEqual(values, {
    text: "Grüße",
    empty: "",
    truth: false,
    zero: 0,
    negative: -7,
    large: Number.MAX_SAFE_INTEGER,
    fraction: 0.25,
    texts: ["a", "b"],
    numbers: [1, 2.5],
  });
  assert.deepEqual(parent.links, [{
    traceId: LINKED.traceId,
    spanId: LINKED.spanId,
    attributes: [{ key: "why", value: "retry" }],
    known: false,
  }]);
  assert.deepEqual(pick(child), {
    name: "kv.get",
    kind: "client",
    status: "error",
    statusMessage: "gone",
    depth: 1,
    parentIndex: 0,
    parentSpanId: parent.spanId,
  });
  assert.deepEqual(child.events, [{
    name: "cache.miss",
    time: 1_700_000_001_000.000_005,
    attributes: [{ key: "cache.key", value: "k" }],
  }]);
  assert.deepEqual(scopes, [{ name: "shop", version: "1.2.3" }]);
  assert.deepEqual(resources.map(({ service }) => service), ["shop"]);
}

function pick({ name, kind, status, statusMessage, depth, parentIndex, parentSpanId }: Span) {
  return { name, kind, status, statusMessage, depth, parentIndex, parentSpanId };
}

async function checkMetrics(viewer: Viewer): Promise<void> {
  const { instruments }: MetricList = await ask(viewer, "/api/metrics");
  assert.deepEqual(
    instruments.map(({ name, kind, temporality, unit }) => [name, kind, temporality, unit]),
    [
      ["duration", "histogram", "delta", "s"],
      ["exponential", "exponentialHistogram", "delta", ""],
      ["load", "gauge", "unspecified", ""],
      ["open", "upDownCounter", "delta", ""],
      ["orders", "counter", "delta", "{order}"],
    ],
  );
  const data = new Map<string, MetricData>();
  for (const { id, name } of instruments) data.set(name, await ask(viewer, `/api/metrics/${id}`));
  assert.equal(lastNumber(data.get("load")), 0.5);
  assert.equal(lastNumber(data.get("open")), -2);
  assert.equal(lastNumber(data.get("orders")), 3);
  const duration = data.get("duration");
  assert.ok(duration?.shape === "histogram");
  const [series] = duration.series;
  assert.deepEqual(series?.bounds, [0.1, 1]);
  assert.deepEqual(series?.points.map(({ count, counts, sum }) => [count, counts, sum]), [
    [4, [1, 2, 1], 8.15],
  ]);
  const exponential = data.get("exponential");
  assert.ok(exponential?.shape === "histogram");
  const [point] = exponential.series[0]?.points ?? [];
  assert.deepEqual([point?.count, point?.sum], [2, 1]);
  assert.equal(point?.counts.reduce((sum, count) => sum + count, 0), 2);
}

function lastNumber(data: MetricData | undefined): number | undefined {
  return data?.shape === "number" ? data.series[0]?.points.at(-1)?.value : undefined;
}

async function checkLogs(viewer: Viewer): Promise<void> {
  const { logs: [log] }: LogPage = await ask(viewer, "/api/logs");
  assert.ok(log);
  assert.deepEqual({ ...log, id: "", resourceId: "" }, {
    id: "",
    time: 1_700_000_000_000.000_001,
    severityNumber: 13,
    severityText: "WARN",
    eventName: "stock.low",
    body: {
      map: [
        { key: "left", value: 2 },
        { key: "bytes", value: { bytes: "AP8=" } },
        { key: "nested", value: [null, "x"] },
      ],
    },
    attributes: [{ key: "product.id", value: "p1" }],
    service: "shop",
    resourceId: "",
    scope: "shop",
    traceId: LINKED.traceId,
    spanId: LINKED.spanId,
    traceKnown: false,
    whole: true,
  });
}
