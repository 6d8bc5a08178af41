import assert from "node:assert/strict";
import type { Pipelines } from "../../../viewer/api/model.ts";
import { ask, attribute, metricsRequest, nanos, send, startTestViewer } from "../_viewer.ts";

function sum(name: string, value: number, attributes: Record<string, string> = {}): object {
  return {
    name,
    sum: {
      aggregationTemporality: 2,
      isMonotonic: !/queue|inflight|live/.test(name),
      dataPoints: [{
        timeUnixNano: nanos(1),
        asInt: value,
        attributes: Object.entries(attributes).map(([key, text]) => attribute(key, text)),
      }],
    },
  };
}

Deno.test("GET /api/pipeline says what was queued, exported and lost, and why", async () => {
  await using viewer = await startTestViewer();
  const full = { "error.type": "queue_full" };
  await send(
    viewer,
    metricsRequest([
      sum("otel.sdk.span.started", 70, { "otel.span.sampling_result": "RECORD_AND_SAMPLE" }),
      sum("otel.sdk.span.started", 30, { "otel.span.sampling_result": "DROP" }),
      sum("otel.sdk.span.live", 2),
      sum("otel.sdk.processor.span.queue.size", 5),
      sum("otel.sdk.processor.span.queue.capacity", 2048),
      sum("otel.sdk.processor.span.processed", 60),
      sum("otel.sdk.processor.span.processed", 8, full),
      sum("otel.sdk.exporter.span.inflight", 1),
      sum("otel.sdk.exporter.span.exported", 50),
      sum("otel.sdk.exporter.span.exported", 9, { "error.type": "503" }),
      sum("otel.sdk.exporter.metric_data_point.exported", 11),
      sum("otel.sdk.log.created", 3),
      {
        name: "otel.sdk.exporter.operation.duration",
        histogram: {
          aggregationTemporality: 2,
          dataPoints: [{
            timeUnixNano: nanos(1),
            count: 4,
            sum: 0.2,
            bucketCounts: [4],
            attributes: [attribute("otel.component.type", "otlp_http_span_exporter")],
          }],
        },
      },
    ]),
  );
  const { pipelines: [pipeline] }: Pipelines = await ask(viewer, "/api/pipeline");
  assert.equal(pipeline?.service, "shop");
  const bySignal = new Map(pipeline?.signals.map((signal) => [signal.signal, signal]));
  assert.deepEqual(bySignal.get("traces"), {
    signal: "traces",
    created: 100,
    live: 2,
    queueSize: 5,
    queueCapacity: 2048,
    processed: 68,
    inflight: 1,
    exported: 50,
    dropped: [
      { where: "exporter", reason: "503", count: 9 },
      { where: "processor", reason: "queue_full", count: 8 },
    ],
    exportMeanMs: 50,
  });
  assert.deepEqual(bySignal.get("metrics"), { signal: "metrics", exported: 11, dropped: [] });
  assert.deepEqual(bySignal.get("logs"), {
    signal: "logs",
    created: 3,
    exported: 0,
    dropped: [],
  });
});

Deno.test("GET /api/pipeline is empty when nobody tells about a pipeline", async () => {
  await using viewer = await startTestViewer();
  await send(viewer, metricsRequest([sum("shop.orders", 1)]));
  assert.deepEqual(await ask(viewer, "/api/pipeline"), { pipelines: [] });
});
