import type { Resource } from "@opentelemetry/resources";
import {
  ConsoleMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
} from "@opentelemetry/sdk-metrics";
import type { ResolvedMetricDestination, ResolvedMetrics } from "../config/resolved.ts";
import { printingExporter } from "../export/console_exporter.ts";
import { nodeMetricExporter } from "../export/node_transport.ts";
import { OtlpMetricExporter } from "../export/otlp_metric_exporter.ts";
import type { ExportReports } from "../export/reports.ts";
import type { SignalPipeline } from "../lifecycle/shutdown.ts";
import { PrometheusReader } from "./prometheus.ts";
import { servePrometheus } from "./prometheus_server.ts";

/** The metrics signal, ready to run. */
export interface MetricsPipeline extends SignalPipeline {
  readonly provider: MeterProvider;
}

/** What the signals have in common. */
export interface MetricsSurroundings {
  /** What produces the metrics. */
  readonly resource: Resource;
  /** Where the OTLP exporters tell how it goes. */
  readonly reports: ExportReports;
  /** Where lines go. */
  readonly say: (line: string) => void;
}

/**
 * Builds the metrics signal.
 *
 * @param config Its settings.
 * @param surroundings What it shares with the other signals.
 */
export function createMetrics(
  config: ResolvedMetrics,
  { resource, reports, say }: MetricsSurroundings,
): MetricsPipeline {
  const pushed = config.destinations
    .filter(({ exporter }) => exporter !== "prometheus")
    .map((destination) => ({ ...destination, exporter: createExporter(destination, reports) }));
  const otlp = pushed.map(({ exporter }) => exporter)
    .filter((exporter) => exporter instanceof OtlpMetricExporter);
  const periodic = pushed.map(({ exporter, intervalMillis, timeoutMillis }) =>
    new PeriodicExportingMetricReader({
      exporter,
      exportIntervalMillis: intervalMillis,
      exportTimeoutMillis: timeoutMillis,
    })
  );
  const scraped = pushed.length === config.destinations.length ? undefined : new PrometheusReader();
  const provider = new MeterProvider({
    resource,
    views: [...config.views],
    readers: [...config.readers, ...periodic, ...(scraped ? [scraped] : [])],
  });
  for (const exporter of otlp) exporter.observe(provider);
  const server = scraped && servePrometheus(scraped, config.prometheus, say);
  let unfinished = 0;
  return {
    name: "metrics",
    provider,
    forceFlush: () => provider.forceFlush(),
    async shutdown() {
      for (const exporter of otlp) exporter.drain();
      await Promise.all([provider.shutdown(), server?.shutdown()]);
    },
    abandon() {
      unfinished++;
      for (const exporter of otlp) exporter.abandon();
    },
    lost() {
      const count = reports.counts.failed + unfinished;
      return { count, unit: count === 1 ? "metric export" : "metric exports" };
    },
  };
}

function createExporter(
  destination: ResolvedMetricDestination,
  reports: ExportReports,
): PushMetricExporter {
  const { exporter, otlp } = destination;
  if (typeof exporter !== "string") return exporter;
  if (exporter === "console") return printingExporter(new ConsoleMetricExporter());
  const { temporality, histogramAggregation } = destination;
  const settings = { ...otlp, temporality, histogramAggregation };
  return otlp.transport === "node"
    ? nodeMetricExporter(settings, reports.open(otlp))
    : new OtlpMetricExporter(settings, reports.open(otlp));
}
