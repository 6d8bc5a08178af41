import type { LogDestination, LogsConfig } from "./logs_schema.ts";
import type { MetricDestination, MetricsConfig } from "./metrics_schema.ts";
import type { BatchConfig, LimitsConfig, OtlpConfig, TelemetryConfig } from "./schema.ts";
import type { SpanDestination, SpanLimitsConfig, TracesConfig } from "./traces_schema.ts";

/** A type whose properties are all there and none of which is undefined. */
export type Complete<T> = { readonly [K in keyof T]-?: Exclude<T[K], undefined> };

/** A type with some of its properties filled in. */
type Filled<T, K extends keyof T> = Omit<T, K> & Complete<Pick<T, K>>;

/** OTLP settings of one destination with every default filled in; what TLS needs has no default. */
export interface ResolvedOtlp extends
  Omit<
    Filled<OtlpConfig, "endpoint" | "headers" | "timeoutMillis" | "compression" | "protocol">,
    "transport"
  > {
  /** `stdout` is how `otlp/stdout` is carried. */
  readonly transport: "fetch" | "node" | "stdout";
}

/** Batch settings with every default filled in. */
export type ResolvedBatch = Complete<BatchConfig>;

/** One destination of spans with every default filled in. */
export interface ResolvedSpanDestination
  extends Filled<Omit<SpanDestination, "otlp" | "batch">, "exporter" | "samplerRatio"> {
  readonly otlp: ResolvedOtlp;
  readonly batch: ResolvedBatch;
}

/** One destination of metrics with every default filled in. */
export interface ResolvedMetricDestination extends Complete<Omit<MetricDestination, "otlp">> {
  readonly otlp: ResolvedOtlp;
}

/** One destination of log records with every default filled in. */
export interface ResolvedLogDestination
  extends Filled<Omit<LogDestination, "otlp" | "batch">, "exporter"> {
  readonly otlp: ResolvedOtlp;
  readonly batch: ResolvedBatch;
}

/** The traces signal with every default filled in. */
export interface ResolvedTraces
  extends
    Pick<TracesConfig, "onStart" | "onEnding" | "forceSecret">,
    Complete<Pick<TracesConfig, "sampler" | "samplerRatio" | "spanProcessors">> {
  readonly destinations: readonly ResolvedSpanDestination[];
  readonly spanLimits: Complete<SpanLimitsConfig>;
}

/** The metrics signal with every default filled in. */
export interface ResolvedMetrics extends Complete<Pick<MetricsConfig, "views" | "readers">> {
  readonly destinations: readonly ResolvedMetricDestination[];
  readonly prometheus: Complete<NonNullable<MetricsConfig["prometheus"]>>;
}

/** The logs signal with every default filled in. */
export interface ResolvedLogs
  extends Complete<Pick<LogsConfig, "processors" | "minimumSeverity" | "console">> {
  readonly destinations: readonly ResolvedLogDestination[];
  readonly limits: Complete<LimitsConfig>;
}

/** The configuration with every default filled in. */
export interface ResolvedConfig extends
  Filled<
    Omit<TelemetryConfig, "configFile" | "watchConfigFile" | "otlp" | "limits">,
    | "disabled"
    | "resourceAttributes"
    | "resourceDetectors"
    | "propagators"
    | "diagnosticLevel"
    | "shutdownTimeoutMillis"
    | "processHooks"
  > {
  readonly traces: ResolvedTraces;
  readonly metrics: ResolvedMetrics;
  readonly logs: ResolvedLogs;
}
