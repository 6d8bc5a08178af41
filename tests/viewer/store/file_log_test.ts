import assert from "node:assert/strict";
import { FileLog } from "../../../viewer/store/file_log.ts";
import { ask, askTrace, id, send, span, startTestViewer, tracesRequest } from "../_viewer.ts";
import { ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";
import { PROTOBUF_TYPE, recordSpans } from "../../_otlp_samples.ts";
import type { TracePage } from "../../../viewer/api/model.ts";

async function withFile(run: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(`${folder}/telemetry.jsonl`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("viewer has what it had when it is started again with its file", async () => {
  await withFile(async (file) => {
    const body = new Uint8Array(ProtobufTraceSerializer.serializeRequest(recordSpans()) ?? []);
    let traceId = "";
    let before: unknown;
    {
      await using viewer = await startTestViewer({ file });
      const headers = { "content-type": PROTOBUF_TYPE };
      const answer = await fetch(`${viewer.url}/v1/traces`, { method: "POST", headers, body });
      assert.equal(answer.status, 200);
      await answer.body?.cancel();
      const page: TracePage = await ask(viewer, "/api/traces");
      traceId = page.traces[0]?.traceId ?? "";
      before = await askTrace(viewer, traceId);
      assert.ok((viewer.state().file?.bytes ?? 0) > 0);
    }
    await using again = await startTestViewer({ file });
    assert.deepEqual(again.loaded, { spans: 2, logs: 0, points: 0, refused: 0, problems: [] });
    assert.deepEqual(await askTrace(again, traceId), before);
  });
});

Deno.test("viewer passes over what is broken in its file, and says where", async () => {
  await withFile(async (file) => {
    const whole = JSON.stringify(tracesRequest([span()]));
    await Deno.writeTextFile(file, `${whole}\n{"resourceLogs":7}\n\n${whole.slice(0, 40)}`);
    {
      await using viewer = await startTestViewer({ file });
      assert.equal(viewer.loaded?.spans, 1);
      assert.deepEqual(viewer.loaded?.problems, [
        'Line 2: Field "resourceLogs" is not a list: 7',
        "Line 4 is not JSON",
      ]);
      await send(viewer, tracesRequest([span({ spanId: id(2) })]));
    }
    await using again = await startTestViewer({ file });
    assert.equal(again.loaded?.spans, 2);
  });
});

Deno.test("FileLog stays within its bound by letting the older half go", async () => {
  await withFile(async (path) => {
    await using file = await FileLog.open(path, 10_000);
    for (let i = 0; i < 500; i++) await file.append({ number: i, text: "x".repeat(100) });
    const { bytes, maxBytes, problem } = file.state;
    assert.ok(bytes <= maxBytes && bytes > maxBytes / 4, `${bytes}`);
    assert.equal(problem, undefined);
    const numbers: number[] = [];
    for await (const line of file.lines()) {
      if (line !== "") numbers.push(JSON.parse(line).number);
    }
    assert.equal(numbers.at(-1), 499);
    assert.deepEqual(numbers, numbers.map((_, i) => (numbers[0] ?? 0) + i));
  });
});

Deno.test("FileLog leaves out what is too large for it, says so, and keeps the rest", async () => {
  await withFile(async (path) => {
    await using file = await FileLog.open(path, 10_000);
    await file.append({ number: 1 });
    for (let i = 0; i < 3; i++) await file.append({ text: "x".repeat(6000) });
    await file.append({ number: 2 });
    const lines: string[] = [];
    for await (const line of file.lines()) if (line !== "") lines.push(line);
    assert.deepEqual(lines, ['{"number":1}', '{"number":2}']);
    assert.match(file.state.problem ?? "", /left out: 3$/);
  });
});

Deno.test("FileLog says that it cannot go on, and can still be closed", async () => {
  await withFile(async (path) => {
    await using file = await FileLog.open(path, 1000);
    await Deno.mkdir(`${path}.1/in/the/way`, { recursive: true });
    for (let i = 0; i < 10; i++) await file.append({ text: "x".repeat(100) });
    assert.match(file.state.problem ?? "", /^Writing stopped: /);
  });
});

Deno.test("viewer does not start when it cannot write its file", async () => {
  await assert.rejects(
    startTestViewer({ file: "/no/such/folder/telemetry.jsonl" }),
    /Cannot write to "\/no\/such\/folder\/telemetry.jsonl" \(VIEWER_FILE\)/,
  );
});
