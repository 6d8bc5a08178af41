import type { Resource } from "@opentelemetry/resources";
import type { ResolvedConfig } from "./config/resolved.ts";
import { ExportReports } from "./export/reports.ts";
import { giveUp, type SignalPipeline } from "./lifecycle/shutdown.ts";
import { createLogs, type LogsPipeline } from "./logs/pipeline.ts";
import { createMetrics, type MetricsPipeline } from "./metrics/pipeline.ts";
import { observePipeline } from "./metrics/self_metrics.ts";
import type { TelemetryStats } from "./telemetry.ts";
import { createTraces, type TracesPipeline } from "./traces/pipeline.ts";

/** The signals that are on. */
export interface Signals {
  readonly traces: TracesPipeline | undefined;
  readonly metrics: MetricsPipeline | undefined;
  readonly logs: LogsPipeline | undefined;
  /** All of them, for whoever flushes and ends them. */
  readonly all: readonly SignalPipeline[];
  /** What became of the telemetry so far. */
  readonly stats: () => TelemetryStats;
}

/** Whether a signal has anywhere to go. */
export function activeSignals({ traces, metrics, logs }: ResolvedConfig) {
  return {
    traces: traces.destinations.length + traces.spanProcessors.length > 0,
    metrics: metrics.destinations.length + metrics.readers.length > 0,
    logs: logs.destinations.length + logs.processors.length > 0,
  };
}

/**
 * Builds the signals that have anywhere to go, and has them tell about themselves in the metrics.
 *
 * @param config The effective configuration.
 * @param resource What produces the telemetry.
 * @param say Where lines go.
 */
export function createSignals(
  config: ResolvedConfig,
  resource: Resource,
  say: (line: string) => void,
): Signals {
  const active = activeSignals(config);
  const reports = {
    traces: new ExportReports("spans", say),
    metrics: new ExportReports("metrics", say),
    logs: new ExportReports("log records", say),
  };
  const { redactAttribute } = config;
  const begun: SignalPipeline[] = [];
  const made = <P extends SignalPipeline>(pipeline: P): P => {
    begun.push(pipeline);
    return pipeline;
  };
  try {
    const metrics = active.metrics
      ? made(createMetrics(config.metrics, { resource, reports: reports.metrics, say }))
      : undefined;
    const traces = active.traces
      ? made(createTraces(config.traces, { resource, reports: reports.traces, redactAttribute }))
      : undefined;
    const logs = active.logs
      ? made(createLogs(config.logs, { resource, reports: reports.logs, redactAttribute }))
      : undefined;
    if (metrics !== undefined) {
      observePipeline(metrics.provider, {
        ...(traces && { spans: traces.observed }),
        ...(logs && { logs: logs.observed }),
      });
      traces?.observe(metrics.provider);
      logs?.observe(metrics.provider);
    }
    return {
      traces,
      metrics,
      logs,
      all: [traces, metrics, logs].filter((signal) => signal !== undefined),
      stats: () => ({
        ...(traces && { traces: { ...traces.stats(), exports: reports.traces.counts } }),
        ...(metrics && { metrics: { exports: reports.metrics.counts } }),
        ...(logs && { logs: { ...logs.stats(), exports: reports.logs.counts } }),
      }),
    };
  } catch (error) {
    giveUp(begun);
    throw error;
  }
}
