import assert from "node:assert/strict";
import { ExportResultCode } from "@opentelemetry/core";
import type { ResolvedOtlp } from "../../../telemetry-sdk/config/resolved.ts";
import { nodeTraceExporter } from "../../../telemetry-sdk/export/node_transport.ts";
import { ExportReport } from "../../../telemetry-sdk/export/report.ts";
import { Collector } from "../_collector.ts";
import { endedSpans } from "../_spans.ts";

for (const protocol of ["http/protobuf", "http/json"] as const) {
  Deno.test(`nodeTraceExporter() sends ${protocol} with the stock exporter`, async () => {
    await using collector = new Collector();
    const report = new ExportReport({ destination: "here", items: "spans", say() {} });
    const config: ResolvedOtlp = {
      endpoint: `${collector.url}/v1/traces`,
      headers: { "x-key": "k" },
      timeoutMillis: 1000,
      compression: "gzip",
      protocol,
      transport: "node",
    };
    const exporter = nodeTraceExporter(config, report);
    const { code } = await new Promise<{ code: ExportResultCode }>((resolve) =>
      exporter.export(endedSpans("a"), resolve)
    );
    await exporter.shutdown();
    assert.equal(code, ExportResultCode.SUCCESS);
    assert.deepEqual(collector.spanNames, ["a"]);
    assert.equal(collector.received[0]?.headers.get("x-key"), "k");
    assert.equal(report.counts.succeeded, 1);
  });
}
