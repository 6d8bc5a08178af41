import type { Attributes, Meter, MeterProvider, ObservableResult } from "@opentelemetry/api";
import type { BatchStats } from "../batch/batch_stats.ts";
import type { SpanCounts } from "../traces/span_counts.ts";
import { VERSION } from "../version.ts";

/** One batch processor, as its metrics see it. */
export interface ObservedBatch {
  /** The most items that may wait. */
  readonly capacity: number;
  /** What became of the items so far. */
  readonly stats: () => BatchStats;
}

/** The parts of the pipeline that tell about themselves. */
export interface ObservedPipeline {
  readonly spans?: { readonly counts: SpanCounts; readonly batches: readonly ObservedBatch[] };
  readonly logs?: { readonly created: () => number; readonly batches: readonly ObservedBatch[] };
}

/** What the conventions call our reasons, where they have a word. */
const ERROR_TYPES: Readonly<Record<keyof BatchStats["dropped"], string>> = {
  queue_full: "queue_full",
  memory_full: "memory_full",
  invalid: "invalid",
  export_failed: "export_failed",
  shutdown: "already_shutdown",
};

/** The instrumentation scope of this SDK's own telemetry. */
const SCOPE = "@echelon/telemetry-sdk";
const SCHEMA_URL = "https://opentelemetry.io/schemas/1.45.0";

/**
 * Has the pipeline tell about itself: spans started and alive, queues, and every item that was dropped, by
 * reason (semantic conventions, "SDK metrics"). What the exporters tell comes from the exporters.
 *
 * @param meterProvider Where the metrics go: this SDK's own.
 * @param pipeline What is observed; read whenever metrics are collected.
 */
export function observePipeline(meterProvider: MeterProvider, pipeline: ObservedPipeline): void {
  const meter = meterProvider.getMeter(SCOPE, VERSION, { schemaUrl: SCHEMA_URL });
  const { spans, logs } = pipeline;
  if (spans !== undefined) {
    observeSpans(meter, spans.counts);
    observeBatches(meter, { item: "span", unit: "{span}", batches: spans.batches });
  }
  if (logs !== undefined) {
    meter.createObservableCounter("otel.sdk.log.created", {
      unit: "{log_record}",
      description: "Log records submitted to the SDK",
    }).addCallback((result) => result.observe(logs.created()));
    observeBatches(meter, { item: "log", unit: "{log_record}", batches: logs.batches });
  }
}

function observeSpans(meter: Meter, counts: SpanCounts): void {
  meter.createObservableCounter("otel.sdk.span.started", {
    unit: "{span}",
    description: "Spans started, by what the sampler decided and where their parent is",
  }).addCallback((observed) => {
    for (const { count, result, origin } of counts.started()) {
      observed.observe(count, {
        "otel.span.sampling_result": result,
        "otel.span.parent.origin": origin,
      });
    }
  });
  meter.createObservableUpDownCounter("otel.sdk.span.live", {
    unit: "{span}",
    description: "Recorded spans that have not ended",
  }).addCallback((observed) => {
    for (const [result, count] of Object.entries(counts.live())) {
      observed.observe(count, { "otel.span.sampling_result": result });
    }
  });
}

interface BatchKind {
  readonly item: "span" | "log";
  readonly unit: string;
  readonly batches: readonly ObservedBatch[];
}

function observeBatches(meter: Meter, { item, unit, batches }: BatchKind): void {
  const type = `batching_${item}_processor`;
  const components = batches.map((batch, index) => ({
    batch,
    attributes: { "otel.component.type": type, "otel.component.name": `${type}/${index}` },
  }));
  const each =
    (observe: (batch: ObservedBatch, tell: Tell) => void) => (result: ObservableResult) => {
      for (const { batch, attributes } of components) {
        observe(batch, (value, more) => result.observe(value, { ...attributes, ...more }));
      }
    };
  const name = `otel.sdk.processor.${item}`;
  meter.createObservableUpDownCounter(`${name}.queue.size`, {
    unit,
    description: "Items waiting for their export",
  }).addCallback(each(({ stats }, tell) => tell(stats().queued)));
  meter.createObservableUpDownCounter(`${name}.queue.capacity`, {
    unit,
    description: "The most items that may wait",
  }).addCallback(each(({ capacity }, tell) => tell(capacity)));
  meter.createObservableCounter(`${name}.processed`, {
    unit,
    description:
      "Items that the processor is done with, and why those with an error.type were lost",
  }).addCallback(each(({ stats }, tell) => {
    const { exported, dropped } = stats();
    tell(exported);
    for (const [reason, count] of Object.entries(dropped)) {
      if (count > 0) tell(count, { "error.type": ERROR_TYPES[reason as keyof typeof dropped] });
    }
  }));
}

type Tell = (value: number, attributes?: Attributes) => void;
