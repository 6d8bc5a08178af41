import assert from "node:assert/strict";
import { ExportResultCode } from "@opentelemetry/core";
import { JsonLogsSerializer, ProtobufLogsSerializer } from "@opentelemetry/otlp-transformer";
import {
  LoggerProvider,
  type LogRecordExporter,
  type LogRecordProcessor,
  type ReadableLogRecord,
} from "@opentelemetry/sdk-logs";
import { BatchLogRecordProcessor } from "../../../telemetry-sdk/logs/batch_log_record_processor.ts";
import { sanitizeLogRecord } from "../../../telemetry-sdk/logs/sanitize.ts";

const SIZES = {
  maxQueueSize: 100,
  maxExportBatchSize: 100,
  scheduledDelayMillis: 3_600_000,
  exportTimeoutMillis: 3_600_000,
};

/** Exports what both serialisers can write, as the stock exporters do. */
function serialising() {
  const bodies: unknown[] = [];
  let shutdowns = 0;
  const exporter: LogRecordExporter = {
    export(records, done) {
      ProtobufLogsSerializer.serializeRequest(records);
      JsonLogsSerializer.serializeRequest(records);
      bodies.push(...records.map(({ body }) => body));
      done({ code: ExportResultCode.SUCCESS });
    },
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(void shutdowns++),
  };
  return { exporter, bodies, shutdowns: () => shutdowns };
}

/** A record as the stock SDK makes it, with properties that no type would let through. */
function broken(properties: Readonly<Record<string, unknown>> = {}): ReadableLogRecord {
  const made: ReadableLogRecord[] = [];
  const collector: LogRecordProcessor = {
    onEmit: (record) => void made.push(record),
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
  new LoggerProvider({ processors: [collector] }).getLogger("test").emit({ body: "ok" });
  const descriptors = Object.entries(properties).map(([key, value]) => [key, { value }]);
  return Object.create(made[0] ?? null, Object.fromEntries(descriptors));
}

Deno.test("BatchLogRecordProcessor serves the stock provider, and loses what is bad alone", async () => {
  const { exporter, bodies, shutdowns } = serialising();
  const processor = new BatchLogRecordProcessor(exporter, SIZES);
  const provider = new LoggerProvider({ processors: [processor] });
  const logger = provider.getLogger("test");
  const circular: Record<string, unknown> = {};
  circular["self"] = circular;
  logger.emit({ body: "first" });
  // No type lets it through, and the stock SDK does.
  logger.emit({ body: circular as never });
  processor.onEmit(broken({ hrTime: [NaN, 0], hrTimeObserved: [1.5, 0] }));
  processor.onEmit(broken({ resource: null }));
  logger.emit({ body: "last" });
  await Promise.all([provider.shutdown(), processor.shutdown()]);
  logger.emit({ body: "late" });
  processor.onEmit(broken());
  assert.deepEqual(bodies, ["first", { self: "[circular]" }, "last"]);
  assert.equal(shutdowns(), 1);
  const { exported, dropped } = processor.stats();
  assert.equal(exported, 3);
  assert.deepEqual([dropped.invalid, dropped.shutdown], [2, 1]);
});

Deno.test("BatchLogRecordProcessor bounds what waits by its bytes", () => {
  const { exporter } = serialising();
  const processor = new BatchLogRecordProcessor(exporter, { ...SIZES, maxQueueBytes: 100_000 });
  for (let index = 0; index < 10; index++) processor.onEmit(broken({ body: "x".repeat(20_000) }));
  const { queued, dropped } = processor.stats();
  assert.deepEqual([queued, dropped.memory_full], [4, 6]);
  processor.abandon();
});

Deno.test("sanitizeLogRecord() mends what no serialiser can write, and leaves the record as it was", () => {
  const attributes = { nan: NaN, big: 1n, text: "\ud800" };
  const record = broken({
    hrTime: [NaN, 0],
    severityNumber: 99,
    severityText: 7,
    eventName: "e\udfff",
    attributes,
    instrumentationScope: { name: 12n },
  });
  const sane = sanitizeLogRecord(record);
  assert.ok(sane);
  assert.deepEqual(sane.hrTime, record.hrTimeObserved);
  assert.equal(sane.severityNumber, undefined);
  assert.equal(sane.severityText, "7");
  assert.equal(sane.eventName, "e\ufffd");
  assert.deepEqual(sane.attributes, { nan: "NaN", big: 1, text: "\ufffd" });
  assert.equal(sane.instrumentationScope.name, "12");
  assert.deepEqual(attributes, { nan: NaN, big: 1n, text: "\ud800" });
  assert.ok(ProtobufLogsSerializer.serializeRequest([sane]));
  assert.doesNotMatch(
    new TextDecoder().decode(JsonLogsSerializer.serializeRequest([sane])),
    /null/,
  );
});
