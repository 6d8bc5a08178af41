import assert from "node:assert/strict";
import type { LogEntry, LogPage } from "../../../viewer/api/model.ts";
import type { Viewer } from "../../../viewer/mod.ts";
import {
  ask,
  askRefused,
  attribute,
  id,
  logsRequest,
  nanos,
  send,
  span,
  startTestViewer,
  THEN,
  TRACE_ID,
  tracesRequest,
} from "../_viewer.ts";

async function bodies(viewer: Viewer, query: string): Promise<unknown[]> {
  const { logs }: LogPage = await ask(viewer, `/api/logs?${query}`);
  return logs.map(({ body }) => body);
}

Deno.test("GET /api/logs finds logs by what they say and where they come from", async () => {
  await using viewer = await startTestViewer();
  const log = (at: number, text: string, more: object = {}) => ({
    timeUnixNano: nanos(at),
    severityNumber: 9,
    body: { stringValue: text },
    ...more,
  });
  await send(
    viewer,
    logsRequest([
      log(0, 'He said "hello"'),
      log(1, "stock low", { severityNumber: "SEVERITY_NUMBER_WARN", eventName: "stock.low" }),
      log(2, "with a trace", { traceId: TRACE_ID, spanId: id(7) }),
    ]),
  );
  await send(
    viewer,
    logsRequest([
      log(3, "failed", { severityNumber: 17, attributes: [attribute("order", "A-17")] }),
    ], "stock"),
  );
  assert.deepEqual(await bodies(viewer, ""), [
    "failed",
    "with a trace",
    "stock low",
    'He said "hello"',
  ]);
  assert.deepEqual(await bodies(viewer, 'q="HELLO"'), ['He said "hello"']);
  assert.deepEqual(await bodies(viewer, "q=stock.low"), ["stock low"]);
  assert.deepEqual(await bodies(viewer, "q=a-17"), ["failed"]);
  // The names of the fields that a log is kept in are nothing that it says.
  assert.deepEqual(await bodies(viewer, "q=attributes"), []);
  assert.deepEqual(await bodies(viewer, "severity=13"), ["failed", "stock low"]);
  assert.deepEqual(await bodies(viewer, "service=stock"), ["failed"]);
  assert.deepEqual(await bodies(viewer, `traceId=${TRACE_ID}`), ["with a trace"]);
  assert.deepEqual(await bodies(viewer, `spanId=${id(7)}`), ["with a trace"]);
  assert.deepEqual(await bodies(viewer, `from=${THEN + 1}&to=${THEN + 2}`), [
    "with a trace",
    "stock low",
  ]);
});

Deno.test("GET /api/logs tells whether the trace of a log is kept", async () => {
  await using viewer = await startTestViewer();
  await send(viewer, logsRequest([{ traceId: TRACE_ID, body: { stringValue: "x" } }]));
  const one = async () => (await ask<LogPage>(viewer, "/api/logs")).logs[0]?.traceKnown;
  assert.equal(await one(), false);
  await send(viewer, tracesRequest([span()]));
  assert.equal(await one(), true);
});

Deno.test("GET /api/logs gives page after page", async () => {
  await using viewer = await startTestViewer();
  const logs = Array.from({ length: 25 }, (_, i) => ({ body: { intValue: i } }));
  await send(viewer, logsRequest(logs));
  const first: LogPage = await ask(viewer, "/api/logs?limit=10");
  const second: LogPage = await ask(viewer, `/api/logs?limit=10&before=${first.next}`);
  const third: LogPage = await ask(viewer, `/api/logs?limit=10&before=${second.next}`);
  assert.deepEqual([first, second, third].flatMap((page) => page.logs.map(({ body }) => body)), [
    ...Array.from({ length: 25 }, (_, i) => 24 - i),
  ]);
  assert.deepEqual([third.next, third.total], [undefined, 25]);
});

Deno.test("GET /api/logs/{id} gives whole what the list shows cut", async () => {
  await using viewer = await startTestViewer();
  const long = "x".repeat(100_000);
  await send(viewer, logsRequest([{ body: { stringValue: long } }]));
  const { logs: [cut] }: LogPage = await ask(viewer, "/api/logs");
  assert.ok(cut && !cut.whole && String(cut.body).length < 5000);
  const whole: LogEntry = await ask(viewer, `/api/logs/${cut.id}`);
  assert.deepEqual([whole.body, whole.whole], [long, true]);
  assert.equal((await askRefused(viewer, "/api/logs/99")).status, 404);
  assert.equal((await askRefused(viewer, "/api/logs/x")).status, 404);
});
