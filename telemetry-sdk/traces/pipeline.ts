import type { MeterProvider } from "@opentelemetry/api";
import type { Resource } from "@opentelemetry/resources";
import {
  ConsoleSpanExporter,
  type Sampler,
  type SpanExporter,
} from "@opentelemetry/sdk-trace-base";
import { type BatchStats, countDropped, sumStats } from "../batch/batch_stats.ts";
import type { ResolvedSpanDestination, ResolvedTraces } from "../config/resolved.ts";
import type { RedactAttribute } from "../config/schema.ts";
import type { SamplerName } from "../config/traces_schema.ts";
import { printingExporter } from "../export/console_exporter.ts";
import { nodeTraceExporter } from "../export/node_transport.ts";
import { OtlpTraceExporter } from "../export/otlp_trace_exporter.ts";
import type { ExportReports } from "../export/reports.ts";
import type { SignalPipeline } from "../lifecycle/shutdown.ts";
import type { ObservedBatch } from "../metrics/self_metrics.ts";
import { forceSampler } from "../sampling/force.ts";
import { createSampler } from "../sampling/standard.ts";
import { SwitchableSampler } from "../sampling/switchable.ts";
import { BatchSpanProcessor } from "./batch_span_processor.ts";
import { IsolatedSpanProcessor } from "./isolated_processor.ts";
import { EchelonTracerProvider } from "./provider.ts";
import { SpanCounts } from "./span_counts.ts";
import { SpanDestinations } from "./span_destinations.ts";
import { SpanHooks } from "./span_hooks.ts";

/** The traces signal, ready to run. */
export interface TracesPipeline extends SignalPipeline {
  readonly provider: EchelonTracerProvider;
  /** The sum over all batches. */
  readonly stats: () => BatchStats;
  /** Has another sampler decide from now on. */
  readonly setSampler: (sampler: SamplerName | Sampler, ratio?: number) => void;
  /** What the pipeline tells about itself. */
  readonly observed: { readonly counts: SpanCounts; readonly batches: readonly ObservedBatch[] };
  /** Has the exporters tell about their exports from now on. */
  readonly observe: (meterProvider: MeterProvider) => void;
}

/** What the signals have in common. */
export interface TracesSurroundings {
  /** What produces the spans. */
  readonly resource: Resource;
  /** Where the OTLP exporters tell how it goes. */
  readonly reports: ExportReports;
  /** What every attribute passes on its way out. */
  readonly redactAttribute?: RedactAttribute | undefined;
}

/**
 * Builds the traces signal.
 *
 * @param config Its settings.
 * @param surroundings What it shares with the other signals.
 */
export function createTraces(
  config: ResolvedTraces,
  { resource, reports, redactAttribute }: TracesSurroundings,
): TracesPipeline {
  const destinations = config.destinations.map((destination) => {
    const exporter = createExporter(destination, reports);
    const { batch, filter, sampler, samplerRatio } = destination;
    return {
      exporter,
      processor: new BatchSpanProcessor(exporter, batch),
      capacity: batch.maxQueueSize,
      filter,
      sampler: sampler && samplerFrom(sampler, samplerRatio),
    };
  });
  const batches = destinations.map(({ processor }) => processor);
  const otlp = destinations.map(({ exporter }) => exporter)
    .filter((exporter) => exporter instanceof OtlpTraceExporter);
  const hooks = config.onStart || config.onEnding ? [new SpanHooks(config)] : [];
  const counts = new SpanCounts();
  const { head, tail } = halves(config.sampler);
  const sampler = new SwitchableSampler(samplerFrom(head, config.samplerRatio));
  const processors = [
    ...[...config.spanProcessors, ...hooks].map((processor) =>
      new IsolatedSpanProcessor(processor)
    ),
    new SpanDestinations(destinations, redactAttribute),
  ];
  const first = tail === undefined ? processors : [tail.processor(...processors)];
  const provider = EchelonTracerProvider.create({
    resource,
    sampler: counts.counting(config.forceSecret === undefined ? sampler : forceSampler(sampler)),
    spanLimits: config.spanLimits,
    spanProcessors: [counts, ...first],
  });
  const stats = () => sumStats(batches.map((batch) => batch.stats()));
  return {
    name: "traces",
    provider,
    stats,
    forceFlush: () => provider.forceFlush(),
    setSampler: (next, ratio = 1) => sampler.set(samplerFrom(next, ratio)),
    observed: {
      counts,
      batches: destinations.map(({ processor, capacity }) => ({
        capacity,
        stats: () => processor.stats(),
      })),
    },
    observe(meterProvider) {
      for (const exporter of otlp) exporter.observe(meterProvider);
    },
    async shutdown() {
      for (const exporter of otlp) exporter.drain();
      // What ends while this flush runs goes out with the one of the shutdown itself.
      await Promise.all(first.map((processor) => processor.forceFlush()));
      await provider.shutdown();
    },
    abandon() {
      for (const batch of batches) batch.abandon();
      for (const exporter of otlp) exporter.abandon();
    },
    lost() {
      const count = countDropped(stats());
      return { count, unit: count === 1 ? "span" : "spans" };
    },
  };
}

/** A sampler that decides at the end of a local trace has a second half, which holds the spans until then. */
function halves(choice: ResolvedTraces["sampler"]) {
  return typeof choice === "object" && "processor" in choice
    ? { head: choice.sampler, tail: choice }
    : { head: choice };
}

function samplerFrom(choice: SamplerName | Sampler, ratio: number): Sampler {
  return typeof choice === "string" ? createSampler(choice, ratio) : choice;
}

function createExporter(
  { exporter, otlp }: ResolvedSpanDestination,
  reports: ExportReports,
): SpanExporter {
  if (typeof exporter !== "string") return exporter;
  if (exporter === "console") return printingExporter(new ConsoleSpanExporter());
  return otlp.transport === "node"
    ? nodeTraceExporter(otlp, reports.open(otlp))
    : new OtlpTraceExporter(otlp, reports.open(otlp));
}
