import { SeverityNumber } from "@opentelemetry/api-logs";
import type { Resource } from "@opentelemetry/resources";
import type { SignalName } from "../config/endpoint.ts";
import type { ResolvedConfig, ResolvedOtlp } from "../config/resolved.ts";
import { ExportReport, type ExportReportOptions } from "../export/report.ts";
import { ExportReports } from "../export/reports.ts";
import type { SignalPipeline } from "../lifecycle/shutdown.ts";
import { createLogs } from "../logs/pipeline.ts";
import { createMetrics } from "../metrics/pipeline.ts";
import { createTraces } from "../traces/pipeline.ts";
import { withinTime } from "./time_limit.ts";

/** The name of everything that is sent, so that it can be told from what the program makes. */
const NAME = "echelon.doctor";
const GRACE_MILLIS = 500;

/** One destination that is to be tried. */
export interface Destination {
  readonly signal: SignalName;
  /** Its number among the signal's destinations. */
  readonly index: number;
  readonly otlp: ResolvedOtlp;
}

/** What became of what was sent. */
export interface Delivery {
  readonly accepted: boolean;
  /** Why it was not. */
  readonly reason: string;
  /** What the receiver refused although it took the export, or had to say about it. */
  readonly rejected: { readonly count: number; readonly message: string } | undefined;
}

/** What a delivery needs beside its destination. */
export interface DeliveryOptions {
  readonly config: ResolvedConfig;
  readonly resource: Resource;
  /** The longest that it may take. */
  readonly limitMillis: number;
}

/** The report of one exporter, kept instead of said. */
class KeptReport extends ExportReport {
  accepted = false;
  reason = "";
  refusal: Delivery["rejected"];

  override succeeded(): void {
    this.accepted = true;
  }

  override failed(reason: string): void {
    this.reason = reason;
  }

  override rejected(count: number, message: string): void {
    this.refusal = { count, message };
  }
}

class KeptReports extends ExportReports {
  readonly report: KeptReport;

  constructor(items: ExportReportOptions["items"]) {
    super(items, () => {});
    this.report = new KeptReport({ destination: "", items, say: () => {} });
  }

  override open(): ExportReport {
    return this.report;
  }
}

/**
 * Sends one real span, metric or log record through the exporter of a destination, as a process does at its end:
 * with its settings, and without waiting for a receiver that cannot be reached.
 */
export async function deliver(
  destination: Destination,
  options: DeliveryOptions,
): Promise<Delivery> {
  const { limitMillis } = options;
  const { pipeline, report } = send(destination, options);
  try {
    // The exporter keeps to the limit itself; this is for one that does not.
    await withinTime(limitMillis + GRACE_MILLIS, () => pipeline.shutdown());
  } catch (error) {
    pipeline.abandon();
    report.reason ||= error instanceof Error ? error.message : String(error);
  }
  const { accepted, reason, refusal } = report;
  return { accepted, reason: reason || "the exporter gave no reason", rejected: refusal };
}

function send(
  { signal, index }: Destination,
  { config, resource, limitMillis }: DeliveryOptions,
): { readonly pipeline: SignalPipeline; readonly report: KeptReport } {
  const { redactAttribute } = config;
  const only = <D extends { readonly otlp: ResolvedOtlp }>(destinations: readonly D[]) =>
    destinations.slice(index, index + 1).map((destination) => ({
      ...destination,
      otlp: {
        ...destination.otlp,
        timeoutMillis: Math.min(destination.otlp.timeoutMillis, limitMillis),
      },
    }));
  switch (signal) {
    case "traces": {
      const reports = new KeptReports("spans");
      const { onStart: _onStart, onEnding: _onEnding, ...traces } = config.traces;
      const pipeline = createTraces({
        ...traces,
        // What the program drops is no reason not to try.
        destinations: only(traces.destinations).map((
          { filter: _filter, sampler: _sampler, ...rest },
        ) => rest),
        sampler: "always_on",
        spanProcessors: [],
      }, { resource, reports, redactAttribute });
      pipeline.provider.getTracer(NAME).startSpan(NAME).end();
      return { pipeline, report: reports.report };
    }
    case "metrics": {
      const reports = new KeptReports("metrics");
      const pipeline = createMetrics({
        ...config.metrics,
        destinations: only(config.metrics.destinations),
        views: [],
        readers: [],
      }, { resource, reports, say: () => {} });
      pipeline.provider.getMeter(NAME).createCounter(NAME).add(1);
      return { pipeline, report: reports.report };
    }
    case "logs": {
      const reports = new KeptReports("log records");
      const pipeline = createLogs({
        ...config.logs,
        destinations: only(config.logs.destinations).map(({ filter: _filter, ...rest }) => rest),
        processors: [],
        minimumSeverity: "trace",
        console: "ignore",
      }, { resource, reports, redactAttribute });
      pipeline.provider.getLogger(NAME).emit({
        severityNumber: SeverityNumber.INFO,
        severityText: "INFO",
        body: "The doctor was here",
        eventName: NAME,
      });
      return { pipeline, report: reports.report };
    }
  }
}
