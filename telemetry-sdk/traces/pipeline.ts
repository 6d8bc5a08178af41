import type { Resource } from "@opentelemetry/resources";
import { ConsoleSpanExporter, type SpanExporter } from "@opentelemetry/sdk-trace-base";
import type { ExporterName, ResolvedConfig } from "../config/schema.ts";
import { nodeTraceExporter } from "../export/node_transport.ts";
import { OtlpTraceExporter } from "../export/otlp_trace_exporter.ts";
import type { ExportReport } from "../export/report.ts";
import type { SignalPipeline } from "../lifecycle/shutdown.ts";
import { BatchSpanProcessor } from "./batch_span_processor.ts";
import { type BatchStats, sumStats } from "./batch_stats.ts";
import { IsolatedSpanProcessor } from "./isolated_processor.ts";
import { EchelonTracerProvider } from "./provider.ts";
import { createSampler } from "./sampler.ts";

/** The traces signal, ready to run. */
export interface TracesPipeline extends SignalPipeline {
  readonly provider: EchelonTracerProvider;
  /** The sum over all batches. */
  readonly stats: () => BatchStats;
}

/**
 * Builds the traces signal.
 *
 * @param config Its settings.
 * @param resource What produces the spans.
 * @param report Where the OTLP exporter tells how it goes.
 */
export function createTraces(
  config: ResolvedConfig["traces"],
  resource: Resource,
  report: ExportReport,
): TracesPipeline {
  const exporters = config.exporters.map((choice) => createExporter(choice, config, report));
  const batches = exporters.map((exporter) => new BatchSpanProcessor(exporter, config.batch));
  const otlp = exporters.filter((exporter) => exporter instanceof OtlpTraceExporter);
  const provider = EchelonTracerProvider.create({
    resource,
    sampler: typeof config.sampler === "string"
      ? createSampler(config.sampler, config.samplerRatio)
      : config.sampler,
    spanLimits: config.spanLimits,
    spanProcessors: [
      ...config.spanProcessors.map((processor) => new IsolatedSpanProcessor(processor)),
      ...batches,
    ],
  });
  const stats = () => sumStats(batches.map((batch) => batch.stats()));
  return {
    name: "traces",
    provider,
    stats,
    forceFlush: () => provider.forceFlush(),
    shutdown() {
      for (const exporter of otlp) exporter.drain();
      return provider.shutdown();
    },
    abandon() {
      for (const batch of batches) batch.abandon();
      for (const exporter of otlp) exporter.abandon();
    },
    lost() {
      const count = Object.values(stats().dropped).reduce((sum, dropped) => sum + dropped, 0);
      return { count, unit: count === 1 ? "span" : "spans" };
    },
  };
}

function createExporter(
  choice: ExporterName | SpanExporter,
  config: ResolvedConfig["traces"],
  report: ExportReport,
): SpanExporter {
  if (typeof choice !== "string") return choice;
  if (choice === "console") return new ConsoleSpanExporter();
  return config.otlp.transport === "node"
    ? nodeTraceExporter(config.otlp, report)
    : new OtlpTraceExporter(config.otlp, report);
}
