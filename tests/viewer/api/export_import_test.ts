import assert from "node:assert/strict";
import {
  JsonLogsSerializer,
  JsonMetricsSerializer,
  JsonTraceSerializer,
} from "@opentelemetry/otlp-transformer";
import { JSON_TYPE, recordLogs, recordMetrics, recordSpans } from "../../_otlp_samples.ts";
import type { ImportResult, TracePage } from "../../../viewer/api/model.ts";
import type { Viewer } from "../../../viewer/mod.ts";
import { ask, askTrace, send, span, startTestViewer, tracesRequest } from "../_viewer.ts";

async function importText(viewer: Viewer, text: string, type = JSON_TYPE) {
  const answer = await fetch(`${viewer.url}/api/import`, {
    method: "POST",
    headers: { "content-type": type },
    body: text,
  });
  return { status: answer.status, result: await answer.json() as ImportResult };
}

function text(bytes: Uint8Array | undefined): string {
  return new TextDecoder().decode(bytes);
}

Deno.test("a trace that is exported and imported elsewhere is the same there", async () => {
  await using viewer = await startTestViewer();
  const spans = text(JsonTraceSerializer.serializeRequest(recordSpans()));
  await importText(viewer, spans);
  const { traces: [row] }: TracePage = await ask(viewer, "/api/traces");
  const traceId = row?.traceId ?? "";
  const logs = text(JsonLogsSerializer.serializeRequest(recordLogs()))
    .replaceAll(/"traceId":"[0-9a-f]+"/g, `"traceId":"${traceId}"`);
  await importText(viewer, logs);
  const before = await askTrace(viewer, traceId);
  assert.deepEqual([before.spans.length, before.logs.length], [2, 1]);

  const exported = await fetch(`${viewer.url}/api/traces/${traceId}/otlp`);
  assert.equal(exported.headers.get("content-type"), "application/x-ndjson");
  assert.match(
    exported.headers.get("content-disposition") ?? "",
    /^attachment; filename="trace-[0-9a-f]{32}\.otlp\.jsonl"$/,
  );
  const lines = await exported.text();

  await using other = await startTestViewer();
  const { status, result } = await importText(other, lines);
  assert.equal(status, 200);
  assert.deepEqual(result, { spans: 2, logs: 1, points: 0, refused: 0, problems: [] });
  assert.deepEqual(await askTrace(other, traceId), before);
  const again = await fetch(`${other.url}/api/traces/${traceId}/otlp`);
  assert.equal(await again.text(), lines);
});

Deno.test("an exported trace has its times and integers to the last digit", async () => {
  await using viewer = await startTestViewer();
  const start = "1700000000123456789";
  const end = "1700000000123456791";
  await send(
    viewer,
    tracesRequest([{
      ...span(),
      startTimeUnixNano: start,
      endTimeUnixNano: end,
      attributes: [{ key: "huge", value: { intValue: "-9223372036854775808" } }],
    }]),
  );
  const { trace } = await askTrace(viewer);
  const exported = await fetch(`${viewer.url}/api/traces/${trace.traceId}/otlp`);
  const { resourceSpans } = JSON.parse(await exported.text());
  const found = resourceSpans[0].scopeSpans[0].spans[0];
  assert.deepEqual([found.startTimeUnixNano, found.endTimeUnixNano], [start, end]);
  assert.deepEqual(found.attributes[0].value, { intValue: "-9223372036854775808" });
});

Deno.test("POST /api/import takes any mix of signals, one request or one a line", async () => {
  await using viewer = await startTestViewer();
  const metrics = text(JsonMetricsSerializer.serializeRequest(await recordMetrics()));
  const spans = JSON.stringify(tracesRequest([span()]), null, 2);
  assert.deepEqual((await importText(viewer, spans)).result.spans, 1);
  const lines = [metrics, "", "{", '{"other":1}', JSON.stringify(tracesRequest([span()]))];
  const { result } = await importText(viewer, lines.join("\n"), "application/x-ndjson");
  assert.deepEqual(result, {
    spans: 1,
    logs: 0,
    points: 5,
    refused: 0,
    problems: [
      "Line 3 is not JSON",
      'Line 4: Expected an object with "resourceSpans", "resourceMetrics" or "resourceLogs"',
    ],
  });
});

Deno.test("POST /api/import answers 415 and 405 when it is asked in another way", async () => {
  await using viewer = await startTestViewer();
  assert.equal((await importText(viewer, "{}", "text/plain")).status, 415);
  const got = await fetch(`${viewer.url}/api/import`);
  assert.deepEqual([got.status, got.headers.get("allow")], [405, "POST"]);
  await got.body?.cancel();
});
