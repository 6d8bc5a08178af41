import type { Resource } from "@opentelemetry/resources";
import {
  ConsoleMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
} from "@opentelemetry/sdk-metrics";
import type { ExporterName, ResolvedConfig } from "../config/schema.ts";
import { nodeMetricExporter } from "../export/node_transport.ts";
import { OtlpMetricExporter } from "../export/otlp_metric_exporter.ts";
import type { ExportReport } from "../export/report.ts";
import type { SignalPipeline } from "../lifecycle/shutdown.ts";

/** The metrics signal, ready to run. */
export interface MetricsPipeline extends SignalPipeline {
  readonly provider: MeterProvider;
}

/**
 * Builds the metrics signal.
 *
 * @param config Its settings.
 * @param resource What produces the metrics.
 * @param report Where the OTLP exporter tells how it goes.
 */
export function createMetrics(
  config: ResolvedConfig["metrics"],
  resource: Resource,
  report: ExportReport,
): MetricsPipeline {
  const exporters = config.exporters.map((choice) => createExporter(choice, config, report));
  const otlp = exporters.filter((exporter) => exporter instanceof OtlpMetricExporter);
  const periodic = exporters.map((exporter) =>
    new PeriodicExportingMetricReader({
      exporter,
      exportIntervalMillis: config.intervalMillis,
      exportTimeoutMillis: config.timeoutMillis,
    })
  );
  const provider = new MeterProvider({
    resource,
    views: [...config.views],
    readers: [...config.readers, ...periodic],
  });
  let unfinished = 0;
  return {
    name: "metrics",
    provider,
    forceFlush: () => provider.forceFlush(),
    shutdown() {
      for (const exporter of otlp) exporter.drain();
      return provider.shutdown();
    },
    abandon() {
      unfinished++;
      for (const exporter of otlp) exporter.abandon();
    },
    lost() {
      const count = report.counts.failed + unfinished;
      return { count, unit: count === 1 ? "metric export" : "metric exports" };
    },
  };
}

function createExporter(
  choice: ExporterName | PushMetricExporter,
  config: ResolvedConfig["metrics"],
  report: ExportReport,
): PushMetricExporter {
  if (typeof choice !== "string") return choice;
  if (choice === "console") return new ConsoleMetricExporter();
  const settings = { ...config.otlp, temporality: config.temporality };
  return settings.transport === "node"
    ? nodeMetricExporter(settings, report)
    : new OtlpMetricExporter(settings, report);
}
