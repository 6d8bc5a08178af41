import { context, metrics, propagation, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  CompositePropagator,
  W3CBaggagePropagator,
  W3CTraceContextPropagator,
} from "@opentelemetry/core";
import { JsonMetricsSerializer, JsonTraceSerializer } from "@opentelemetry/otlp-transformer";
import { MeterProvider, MetricReader } from "@opentelemetry/sdk-metrics";
import {
  AlwaysOnSampler,
  BasicTracerProvider,
  type ReadableSpan,
  type Sampler,
} from "@opentelemetry/sdk-trace-base";
import { spanCollector } from "./_span_collector.ts";
import { readMetrics, type ReceivedMetric } from "./_otlp/metrics.ts";
import { type SpanTree, spanTree } from "./_otlp/span_tree.ts";
import { readSpans, type ReceivedSpan } from "./_otlp/spans.ts";

export type { ReceivedMetric, ReceivedSpan, SpanTree };

/** Telemetry kept in memory: a real SDK, registered for as long as this lives. */
export interface InMemoryTelemetry extends Disposable {
  /** Every span that has ended, in the shape it would arrive in over OTLP. */
  spans(): ReceivedSpan[];
  /** The spans that have ended, nested. */
  spanTree(): SpanTree[];
  /** Every metric as it stands now. */
  metrics(): Promise<ReceivedMetric[]>;
  /** Forgets the spans that have ended. */
  reset(): void;
}

/** How the telemetry of a test is set up. */
export interface InMemoryOptions {
  /** What decides on new spans; every one is sampled unless told. */
  readonly sampler?: Sampler;
}

class ManualReader extends MetricReader {
  protected override onShutdown(): Promise<void> {
    return Promise.resolve();
  }
  protected override onForceFlush(): Promise<void> {
    return Promise.resolve();
  }
}

/**
 * Registers a real SDK with in-memory exporters. Nothing of it is left once it is disposed.
 *
 * @example `using telemetry = inMemoryTelemetry();`
 */
export function inMemoryTelemetry(options: InMemoryOptions = {}): InMemoryTelemetry {
  const finished: ReadableSpan[] = [];
  const provider = new BasicTracerProvider({
    sampler: options.sampler ?? new AlwaysOnSampler(),
    spanProcessors: [spanCollector(finished)],
  });
  const reader = new ManualReader();
  const meterProvider = new MeterProvider({ readers: [reader] });
  const propagators = [new W3CTraceContextPropagator(), new W3CBaggagePropagator()];
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new CompositePropagator({ propagators }));
  trace.setGlobalTracerProvider(provider);
  metrics.setGlobalMeterProvider(meterProvider);

  const spans = () =>
    finished.length === 0 ? [] : readSpans(decoded(JsonTraceSerializer, finished));
  return {
    spans,
    spanTree: () => spanTree(spans()),
    metrics: async () => {
      const { resourceMetrics } = await reader.collect();
      return readMetrics(decoded(JsonMetricsSerializer, resourceMetrics));
    },
    reset: () => void finished.splice(0),
    [Symbol.dispose]: () => {
      for (const api of [trace, metrics, propagation, context]) api.disable();
    },
  };
}

/** What the official serialiser would put on the wire, so that a test sees what a backend would. */
function decoded<T>(
  serializer: { serializeRequest(items: T): Uint8Array | undefined },
  items: T,
): unknown {
  return JSON.parse(new TextDecoder().decode(serializer.serializeRequest(items)));
}
