import assert from "node:assert/strict";
import { context, trace, TraceFlags } from "@opentelemetry/api";
import { type ExportResult, ExportResultCode, isTracingSuppressed } from "@opentelemetry/core";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace-base";
import { NOTHING_DROPPED } from "../../../telemetry-sdk/batch/batch_stats.ts";
import { BatchSpanProcessor } from "../../../telemetry-sdk/traces/batch_span_processor.ts";
import { endedSpan, endedSpans } from "../_spans.ts";

type Callback = (result: ExportResult) => void;

/** An exporter whose exports end when the test says so. */
class ManualExporter implements SpanExporter {
  readonly batches: string[][] = [];
  readonly callbacks: Callback[] = [];
  shutdowns = 0;
  #waiting = Promise.withResolvers<void>();

  export(spans: ReadableSpan[], callback: Callback): void {
    this.batches.push(spans.map(({ name }) => name));
    this.callbacks.push(callback);
    this.#waiting.resolve();
  }

  /** Waits for the next export to begin. */
  async begun(): Promise<void> {
    await this.#waiting.promise;
    this.#waiting = Promise.withResolvers();
  }

  /** Ends the oldest export under way. */
  end(code: ExportResultCode = ExportResultCode.SUCCESS): void {
    this.callbacks.shift()?.({ code });
  }

  shutdown(): Promise<void> {
    this.shutdowns++;
    return Promise.resolve();
  }
}

/** An exporter that ends each export at once. */
class InstantExporter extends ManualExporter {
  override export(spans: ReadableSpan[], callback: Callback): void {
    super.export(spans, callback);
    this.end();
  }
}

const CONFIG = {
  maxQueueSize: 10,
  maxExportBatchSize: 3,
  scheduledDelayMillis: 3_600_000,
  exportTimeoutMillis: 3_600_000,
};

function give(processor: BatchSpanProcessor, ...names: string[]): void {
  for (const span of endedSpans(...names)) processor.onEnd(span);
}

Deno.test("BatchSpanProcessor exports a full batch at once, one export at a time, in order", async () => {
  const exporter = new ManualExporter();
  const processor = new BatchSpanProcessor(exporter, CONFIG);
  give(processor, "1", "2");
  assert.deepEqual(exporter.batches, []);
  give(processor, "3", "4", "5", "6", "7");
  assert.deepEqual(exporter.batches, [["1", "2", "3"]], "the second waits for the first");
  assert.deepEqual(processor.stats(), {
    queued: 4,
    inFlight: 3,
    exported: 0,
    dropped: NOTHING_DROPPED,
  });
  await exporter.begun();
  exporter.end();
  await exporter.begun();
  assert.deepEqual(exporter.batches.at(-1), ["4", "5", "6"]);
  const done = processor.shutdown();
  exporter.end();
  await exporter.begun();
  assert.deepEqual(exporter.batches.at(-1), ["7"]);
  exporter.end();
  await done;
  assert.equal(processor.stats().exported, 7);
});

Deno.test("BatchSpanProcessor exports a part of a batch after the scheduled delay", async () => {
  const exporter = new InstantExporter();
  const processor = new BatchSpanProcessor(exporter, { ...CONFIG, scheduledDelayMillis: 5 });
  give(processor, "1");
  // The processor's timer does not keep a process alive, so the test must.
  const alive = setInterval(() => {}, 1000);
  await exporter.begun();
  clearInterval(alive);
  assert.deepEqual(exporter.batches, [["1"]]);
  await processor.shutdown();
});

Deno.test("BatchSpanProcessor drops what does not fit the queue, and counts it", async () => {
  const exporter = new ManualExporter();
  const processor = new BatchSpanProcessor(exporter, CONFIG);
  give(processor, ..."123456789abcdefg");
  assert.equal(processor.stats().inFlight, 3);
  assert.equal(processor.stats().queued, 10);
  assert.equal(processor.stats().dropped.queue_full, 3);
  processor.abandon();
  await processor.shutdown();
});

Deno.test("BatchSpanProcessor.forceFlush() exports what has ended by then, and not what ends later", async () => {
  const exporter = new ManualExporter();
  const processor = new BatchSpanProcessor(exporter, CONFIG);
  give(processor, "1", "2", "3", "4");
  let flushed = false;
  const flush = processor.forceFlush().then(() => flushed = true);
  await exporter.begun();
  exporter.end();
  await exporter.begun();
  give(processor, "late");
  assert.equal(flushed, false);
  exporter.end();
  await flush;
  assert.deepEqual(exporter.batches, [["1", "2", "3"], ["4"]]);
  assert.equal(processor.stats().queued, 1);
  processor.abandon();
  await processor.shutdown();
});

Deno.test("BatchSpanProcessor.forceFlush() resolves at once when there is nothing to do", async () => {
  const processor = new BatchSpanProcessor(new ManualExporter(), CONFIG);
  await processor.forceFlush();
  await processor.shutdown();
});

Deno.test("BatchSpanProcessor counts spans of a failed export, and goes on", async () => {
  const exporter = new ManualExporter();
  const processor = new BatchSpanProcessor(exporter, CONFIG);
  give(processor, "1", "2", "3", "4");
  const done = processor.shutdown();
  await exporter.begun();
  exporter.end(ExportResultCode.FAILED);
  await exporter.begun();
  exporter.end();
  await done;
  const { exported, dropped } = processor.stats();
  assert.equal(exported, 1);
  assert.deepEqual(dropped, { ...NOTHING_DROPPED, export_failed: 3 });
});

Deno.test("BatchSpanProcessor gives an export up at its timeout", async () => {
  const processor = new BatchSpanProcessor(new ManualExporter(), {
    ...CONFIG,
    exportTimeoutMillis: 5,
  });
  give(processor, "1");
  const alive = setInterval(() => {}, 1000);
  await processor.forceFlush();
  clearInterval(alive);
  assert.equal(processor.stats().dropped.export_failed, 1);
  await processor.shutdown();
});

Deno.test("BatchSpanProcessor.shutdown() flushes, shuts the exporter down once and refuses later spans", async () => {
  const exporter = new InstantExporter();
  const processor = new BatchSpanProcessor(exporter, CONFIG);
  give(processor, "1");
  const both = [processor.shutdown(), processor.shutdown()];
  give(processor, "late");
  await Promise.all(both);
  assert.deepEqual(exporter.batches, [["1"]]);
  assert.equal(exporter.shutdowns, 1);
  assert.deepEqual(processor.stats(), {
    queued: 0,
    inFlight: 0,
    exported: 1,
    dropped: { ...NOTHING_DROPPED, shutdown: 1 },
  });
});

Deno.test("BatchSpanProcessor.abandon() counts all that is left as lost and releases the flush", async () => {
  const exporter = new ManualExporter();
  const processor = new BatchSpanProcessor(exporter, CONFIG);
  give(processor, "1", "2", "3", "4");
  const done = processor.shutdown();
  await exporter.begun();
  processor.abandon();
  await done;
  exporter.end();
  assert.deepEqual(processor.stats(), {
    queued: 0,
    inFlight: 0,
    exported: 0,
    dropped: { ...NOTHING_DROPPED, shutdown: 4 },
  });
});

Deno.test("BatchSpanProcessor leaves out spans that are not sampled", async () => {
  const exporter = new InstantExporter();
  const processor = new BatchSpanProcessor(exporter, CONFIG);
  const span = endedSpan("recorded only");
  const spanContext = { ...span.spanContext(), traceFlags: TraceFlags.NONE };
  processor.onEnd(Object.create(span, { spanContext: { value: () => spanContext } }));
  await processor.shutdown();
  assert.deepEqual(exporter.batches, []);
});

Deno.test("BatchSpanProcessor loses a span that makes the exporter throw alone", async () => {
  const exporter = new InstantExporter();
  const exportAll = exporter.export.bind(exporter);
  exporter.export = (spans, callback) => {
    if (spans.some(({ name }) => name === "bad")) throw new RangeError("Cannot serialise");
    exportAll(spans, callback);
  };
  const processor = new BatchSpanProcessor(exporter, { ...CONFIG, maxExportBatchSize: 8 });
  give(processor, "1", "2", "bad", "4", "5");
  await processor.shutdown();
  assert.deepEqual(exporter.batches.flat(), ["1", "2", "4", "5"]);
  assert.equal(processor.stats().exported, 4);
  assert.equal(processor.stats().dropped.invalid, 1);
});

Deno.test("BatchSpanProcessor exports outside the request that filled the batch, with tracing suppressed", async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  try {
    const exporter = new InstantExporter();
    const exportAll = exporter.export.bind(exporter);
    const seen: unknown[] = [];
    exporter.export = (spans, callback) => {
      seen.push(isTracingSuppressed(context.active()), trace.getActiveSpan());
      exportAll(spans, callback);
    };
    const processor = new BatchSpanProcessor(exporter, CONFIG);
    const request = trace.wrapSpanContext(endedSpan("request").spanContext());
    context.with(trace.setSpan(context.active(), request), () => give(processor, "1", "2", "3"));
    await processor.shutdown();
    assert.deepEqual(seen, [true, undefined]);
  } finally {
    context.disable();
  }
});
