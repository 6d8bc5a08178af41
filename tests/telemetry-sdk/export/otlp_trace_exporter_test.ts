import assert from "node:assert/strict";
import { ExportResultCode } from "@opentelemetry/core";
import type { ResolvedOtlp } from "../../../telemetry-sdk/config/resolved.ts";
import { OtlpTraceExporter } from "../../../telemetry-sdk/export/otlp_trace_exporter.ts";
import { ExportReport } from "../../../telemetry-sdk/export/report.ts";
import { Collector } from "../_collector.ts";
import { endedSpans } from "../_spans.ts";

async function exportTo(collector: Collector, options: Partial<ResolvedOtlp> = {}) {
  const lines: string[] = [];
  const report = new ExportReport({
    destination: "here",
    items: "spans",
    say: (line) => lines.push(line),
  });
  const exporter = new OtlpTraceExporter({
    endpoint: `${collector.url}/v1/traces`,
    headers: {},
    timeoutMillis: 1000,
    compression: "none",
    protocol: "http/protobuf",
    transport: "fetch",
    ...options,
  }, report);
  const spans = endedSpans("a", "b");
  const { code } = await new Promise<{ code: ExportResultCode }>((resolve) =>
    exporter.export(spans, resolve)
  );
  await exporter.shutdown();
  return { code, lines, counts: report.counts };
}

for (
  const [protocol, type] of [
    ["http/protobuf", "application/x-protobuf"],
    ["http/json", "application/json"],
  ] as const
) {
  for (const compression of ["none", "gzip"] as const) {
    Deno.test(`OtlpTraceExporter exports as ${protocol} with compression ${compression}`, async () => {
      await using collector = new Collector();
      const { code, counts } = await exportTo(collector, { protocol, compression });
      assert.equal(code, ExportResultCode.SUCCESS);
      assert.deepEqual(collector.spanNames, ["a", "b"]);
      assert.equal(collector.received[0]?.headers.get("content-type"), type);
      assert.match(
        collector.received[0]?.headers.get("user-agent") ?? "",
        /OTel-OTLP-Exporter-JavaScript/,
      );
      assert.deepEqual(counts, { succeeded: 1, failed: 0, rejected: 0 });
    });
  }
}

Deno.test("OtlpTraceExporter counts and says partial success, in either encoding", async () => {
  // ExportTraceServiceResponse{ partial_success { rejected_spans: 1, error_message: "old" } }
  const protobuf = new Uint8Array([0x0a, 0x07, 0x08, 0x01, 0x12, 0x03, 0x6f, 0x6c, 0x64]);
  const json = '{"partialSuccess":{"rejectedSpans":"1","errorMessage":"old"}}';
  for (const [protocol, body] of [["http/protobuf", protobuf], ["http/json", json]] as const) {
    await using collector = new Collector((_number, { headers }) =>
      new Response(body, { headers: { "content-type": headers.get("content-type") ?? "" } })
    );
    const { code, lines, counts } = await exportTo(collector, { protocol });
    assert.equal(code, ExportResultCode.SUCCESS);
    assert.deepEqual(lines, ["here refused 1 span: old"]);
    assert.equal(counts.rejected, 1);
  }
});

Deno.test("OtlpTraceExporter reports a failed export with its reason", async () => {
  await using collector = new Collector(() => new Response("bad token", { status: 401 }));
  const { code, lines } = await exportTo(collector);
  assert.equal(code, ExportResultCode.FAILED);
  assert.match(
    lines.join("\n"),
    /^export of spans to here is failing since .*answered 401: bad token$/,
  );
});
