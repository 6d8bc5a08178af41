import type { MeterProvider } from "@opentelemetry/api";
import type { Resource } from "@opentelemetry/resources";
import { ConsoleLogRecordExporter, type LogRecordExporter } from "@opentelemetry/sdk-logs";
import { type BatchStats, countDropped, sumStats } from "../batch/batch_stats.ts";
import { EnvironmentReader } from "../config/env.ts";
import type { ResolvedLogDestination, ResolvedLogs } from "../config/resolved.ts";
import type { RedactAttribute } from "../config/schema.ts";
import { printingExporter } from "../export/console_exporter.ts";
import { nodeLogExporter } from "../export/node_transport.ts";
import { OtlpLogExporter } from "../export/otlp_log_exporter.ts";
import type { ExportReports } from "../export/reports.ts";
import type { SignalPipeline } from "../lifecycle/shutdown.ts";
import type { ObservedBatch } from "../metrics/self_metrics.ts";
import { VERSION } from "../version.ts";
import { BatchLogRecordProcessor } from "./batch_log_record_processor.ts";
import { installConsoleBridge } from "./console_bridge.ts";
import { directConsole, isConsoleTaken } from "./direct_console.ts";
import { IsolatedLogRecordProcessor } from "./isolated_log_processor.ts";
import { LogDestinations } from "./log_destinations.ts";
import { EchelonLoggerProvider } from "./provider.ts";

/** The logs signal, ready to run. */
export interface LogsPipeline extends SignalPipeline {
  readonly provider: EchelonLoggerProvider;
  /** The sum over all batches, and what was lost before it reached one. */
  readonly stats: () => BatchStats;
  /** What the pipeline tells about itself. */
  readonly observed: { readonly created: () => number; readonly batches: readonly ObservedBatch[] };
  /** Has the exporters tell about their exports from now on. */
  readonly observe: (meterProvider: MeterProvider) => void;
}

/** What the signals have in common. */
export interface LogsSurroundings {
  /** What produces the records. */
  readonly resource: Resource;
  /** Where the OTLP exporters tell how it goes. */
  readonly reports: ExportReports;
  /** What every attribute passes on its way out. */
  readonly redactAttribute?: RedactAttribute | undefined;
}

/**
 * Builds the logs signal, and bridges the console where the settings ask for it: from here on, until the
 * pipeline is shut down or abandoned.
 *
 * @param config Its settings.
 * @param surroundings What it shares with the other signals.
 */
export function createLogs(
  config: ResolvedLogs,
  { resource, reports, redactAttribute }: LogsSurroundings,
): LogsPipeline {
  const destinations = config.destinations.map((destination) => {
    const exporter = createExporter(destination, reports);
    const { batch, filter } = destination;
    const processor = new BatchLogRecordProcessor(exporter, batch);
    return { exporter, processor, capacity: batch.maxQueueSize, filter };
  });
  const batches = destinations.map(({ processor }) => processor);
  const otlp = destinations.map(({ exporter }) => exporter)
    .filter((exporter) => exporter instanceof OtlpLogExporter);
  const provider = new EchelonLoggerProvider({
    resource,
    limits: config.limits,
    minimumSeverity: config.minimumSeverity,
    processors: [
      ...config.processors.map((processor) => new IsolatedLogRecordProcessor(processor)),
      new LogDestinations(destinations, redactAttribute),
    ],
  });
  const removeBridge = config.console === "ignore" ? () => {} : installConsoleBridge({
    mode: config.console,
    logger: provider.getLogger("@echelon/telemetry-sdk", VERSION),
    ...(isConsoleTaken((name) => new EnvironmentReader().read(name)) &&
      { printer: directConsole() }),
  });
  const stats = () => {
    const { invalid, shutdown } = provider.lost;
    const { dropped, ...counts } = sumStats(batches.map((batch) => batch.stats()));
    return {
      ...counts,
      dropped: {
        ...dropped,
        invalid: dropped.invalid + invalid,
        shutdown: dropped.shutdown + shutdown,
      },
    };
  };
  return {
    name: "logs",
    provider,
    stats,
    observed: {
      created: () => provider.created,
      batches: destinations.map(({ processor, capacity }) => ({
        capacity,
        stats: () => processor.stats(),
      })),
    },
    observe(meterProvider) {
      for (const exporter of otlp) exporter.observe(meterProvider);
    },
    forceFlush: () => provider.forceFlush(),
    async shutdown() {
      for (const exporter of otlp) exporter.drain();
      await provider.shutdown();
      removeBridge();
    },
    abandon() {
      removeBridge();
      for (const batch of batches) batch.abandon();
      for (const exporter of otlp) exporter.abandon();
    },
    lost() {
      const count = countDropped(stats());
      return { count, unit: count === 1 ? "log record" : "log records" };
    },
  };
}

function createExporter(
  { exporter, otlp }: ResolvedLogDestination,
  reports: ExportReports,
): LogRecordExporter {
  if (typeof exporter !== "string") return exporter;
  if (exporter === "console") return printingExporter(new ConsoleLogRecordExporter());
  return otlp.transport === "node"
    ? nodeLogExporter(otlp, reports.open(otlp))
    : new OtlpLogExporter(otlp, reports.open(otlp));
}
