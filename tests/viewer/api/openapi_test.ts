import assert from "node:assert/strict";
import {
  JsonLogsSerializer,
  JsonMetricsSerializer,
  JsonTraceSerializer,
} from "@opentelemetry/otlp-transformer";
import { recordLogs, recordMetrics, recordSpans } from "../../_otlp_samples.ts";
import { findErrors, type Schema } from "../_json_schema.ts";
import openapi from "../../../viewer/api/openapi.json" with { type: "json" };
import type { LogPage, MetricList, TracePage } from "../../../viewer/api/model.ts";
import type { Viewer } from "../../../viewer/mod.ts";
import {
  ask,
  id,
  metricsRequest,
  nanos,
  send,
  span,
  startTestViewer,
  tracesRequest,
} from "../_viewer.ts";

const schemas: Readonly<Record<string, Schema>> = openapi.components.schemas;

/** What the file says of the JSON that a path answers a GET with. */
function answerSchema(path: string): Schema {
  const { get }: { get?: { responses: Record<string, { content?: object }> } } =
    (openapi.paths as Record<string, object>)[path] ?? {};
  const content: { "application/json"?: { schema: Schema } } = get?.responses["200"]?.content ?? {};
  const schema = content["application/json"]?.schema;
  assert.ok(schema, path);
  return schema;
}

/** A viewer with something of everything in it. */
async function fill(viewer: Viewer): Promise<Readonly<Record<string, string>>> {
  const imports = [
    JsonTraceSerializer.serializeRequest(recordSpans()),
    JsonMetricsSerializer.serializeRequest(await recordMetrics()),
    JsonLogsSerializer.serializeRequest(recordLogs()),
  ];
  for (const body of imports) {
    const headers = { "content-type": "application/json" };
    const init = { method: "POST", headers, body: new Uint8Array(body ?? []) };
    const result = await (await fetch(`${viewer.url}/api/import`, init)).json();
    assert.deepEqual(findErrors(result, schemas["ImportResult"] ?? {}, schemas), []);
  }
  const { traces: [row] }: TracePage = await ask(viewer, "/api/traces");
  const traceId = row?.traceId ?? "";
  await send(
    viewer,
    tracesRequest([
      span({
        traceId: id(1, 32),
        links: [{ traceId, spanId: id(1) }],
        attributes: {
          "http.request.method": "GET",
          "http.route": "/",
          "http.response.status_code": 200,
        },
      }),
      span({ traceId: id(1, 32), parentSpanId: id(9), kind: 3, attributes: { "db.system": "kv" } }),
    ]),
  );
  const exported = {
    aggregationTemporality: 2,
    isMonotonic: true,
    dataPoints: [{ timeUnixNano: nanos(1), asInt: 1 }],
  };
  await send(viewer, metricsRequest([{ name: "otel.sdk.exporter.span.exported", sum: exported }]));
  const { spans: [found], resources: [resource] } = await ask<
    { spans: { spanId: string }[]; resources: { id: string }[] }
  >(viewer, `/api/traces/${traceId}`);
  const { logs: [log] }: LogPage = await ask(viewer, "/api/logs");
  return {
    traceId,
    spanId: found?.spanId ?? "",
    log: log?.id ?? "",
    resource: resource?.id ?? "",
  };
}

Deno.test("openapi.json describes every answer as it really is", async () => {
  await using viewer = await startTestViewer();
  const { traceId = "", spanId = "", log = "", resource = "" } = await fill(viewer);
  const { instruments }: MetricList = await ask(viewer, "/api/metrics");
  const asked: [path: string, url: string][] = [
    ["/api/state", "/api/state"],
    ["/api/traces", "/api/traces?limit=1"],
    ["/api/facets", "/api/facets"],
    ["/api/traces/{traceId}", `/api/traces/${traceId}`],
    ["/api/traces/{traceId}", `/api/traces/${id(1, 32)}`],
    ["/api/traces/{traceId}/spans/{spanId}", `/api/traces/${traceId}/spans/${spanId}`],
    ["/api/logs", "/api/logs"],
    ["/api/logs/{id}", `/api/logs/${log}`],
    ["/api/metrics", "/api/metrics"],
    ...instruments.map(({ id }): [string, string] => ["/api/metrics/{id}", `/api/metrics/${id}`]),
    ["/api/resources/{id}", `/api/resources/${resource}`],
    ["/api/service-map", "/api/service-map"],
    ["/api/pipeline", "/api/pipeline"],
  ];
  for (const [path, url] of asked) {
    assert.deepEqual(findErrors(await ask(viewer, url), answerSchema(path), schemas), [], url);
  }
  const shapes = new Set<string>();
  for (const { id } of instruments) {
    shapes.add((await ask<{ shape: string }>(viewer, `/api/metrics/${id}`)).shape);
  }
  assert.deepEqual([...shapes].sort(), ["histogram", "number"]);
  const json = new Set(
    Object.entries(openapi.paths).filter(([, item]) => "get" in item).map(([path]) => path),
  );
  for (const [path] of asked) json.delete(path);
  // What is left is no JSON that a schema could describe.
  assert.deepEqual([...json].sort(), [
    "/api/events",
    "/api/openapi.json",
    "/api/traces/{traceId}/otlp",
  ]);
});

Deno.test("openapi.json describes errors, and is served", async () => {
  await using viewer = await startTestViewer();
  const served = await ask(viewer, "/api/openapi.json");
  assert.deepEqual(served, openapi);
  for (const url of ["/api/nothing", "/api/traces/1", "/api/traces?limit=x"]) {
    const answer = await fetch(viewer.url + url);
    assert.deepEqual(findErrors(await answer.json(), schemas["ApiError"] ?? {}, schemas), []);
  }
});

Deno.test("findErrors() tells a value that does not fit from one that does", () => {
  const value = {
    spanId: id(1),
    parentSpanId: 7,
    extra: true,
  };
  const errors = findErrors(value, schemas["Span"] ?? {}, schemas);
  assert.ok(errors.includes("$.parentSpanId is not string"));
  assert.ok(errors.includes("$.extra is not described"));
  assert.ok(errors.includes("$.name is missing"));
});
