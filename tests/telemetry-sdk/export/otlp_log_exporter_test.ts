import assert from "node:assert/strict";
import { ExportResultCode } from "@opentelemetry/core";
import { resourceFromAttributes } from "@opentelemetry/resources";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { ResolvedOtlp } from "../../../telemetry-sdk/config/resolved.ts";
import { OtlpLogExporter } from "../../../telemetry-sdk/export/otlp_log_exporter.ts";
import { ExportReport } from "../../../telemetry-sdk/export/report.ts";
import { startReceiver } from "../../_otlp_receiver.ts";

const RECORDS: ReadableLogRecord[] = ["a", "b"].map((body) => ({
  hrTime: [1, 2],
  hrTimeObserved: [3, 4],
  body,
  resource: resourceFromAttributes({}),
  instrumentationScope: { name: "test" },
  attributes: {},
  droppedAttributesCount: 0,
}));

async function exportTo(url: string, options: Partial<ResolvedOtlp> = {}) {
  const lines: string[] = [];
  const report = new ExportReport({
    destination: "here",
    items: "log records",
    say: (line) => lines.push(line),
  });
  const exporter = new OtlpLogExporter({
    endpoint: `${url}/v1/logs`,
    headers: {},
    timeoutMillis: 10_000,
    compression: "none",
    protocol: "http/protobuf",
    transport: "fetch",
    ...options,
  }, report);
  const { code } = await new Promise<{ code: ExportResultCode }>((resolve) =>
    exporter.export(RECORDS, resolve)
  );
  await exporter.shutdown();
  return { code, lines, counts: report.counts };
}

for (const protocol of ["http/protobuf", "http/json"] as const) {
  for (const compression of ["none", "gzip"] as const) {
    Deno.test(`OtlpLogExporter exports as ${protocol} with compression ${compression}`, async () => {
      await using receiver = startReceiver();
      const { code, counts } = await exportTo(receiver.url, { protocol, compression });
      assert.equal(code, ExportResultCode.SUCCESS);
      assert.deepEqual(
        receiver.logs().map(({ body, time, observedTime }) => [body, time, observedTime]),
        [["a", 1_000_000_002n, 3_000_000_004n], ["b", 1_000_000_002n, 3_000_000_004n]],
      );
      assert.deepEqual(counts, { succeeded: 1, failed: 0, rejected: 0 });
    });
  }
}

Deno.test("OtlpLogExporter counts and says partial success, in either encoding", async () => {
  // ExportLogsServiceResponse{ partial_success { rejected_log_records: 1, error_message: "old" } }
  const protobuf = new Uint8Array([0x0a, 0x07, 0x08, 0x01, 0x12, 0x03, 0x6f, 0x6c, 0x64]);
  const json = '{"partialSuccess":{"rejectedLogRecords":"1","errorMessage":"old"}}';
  for (
    const [protocol, body, type] of [
      ["http/protobuf", protobuf, "application/x-protobuf"],
      ["http/json", json, "application/json"],
    ] as const
  ) {
    await using receiver = startReceiver({
      respond: () => new Response(body, { headers: { "content-type": type } }),
    });
    const { code, lines, counts } = await exportTo(receiver.url, { protocol });
    assert.equal(code, ExportResultCode.SUCCESS);
    assert.deepEqual(lines, ["here refused 1 log record: old"]);
    assert.equal(counts.rejected, 1);
  }
});

Deno.test("OtlpLogExporter reports a failed export with its reason", async () => {
  await using receiver = startReceiver({
    respond: () => new Response("bad token", { status: 401 }),
  });
  const { code, lines } = await exportTo(receiver.url);
  assert.equal(code, ExportResultCode.FAILED);
  assert.match(
    lines.join("\n"),
    /^export of log records to here is failing since .*answered 401: bad token$/,
  );
});
