import { DEFAULT_BYTES } from "../batch/batch_sizes.ts";
import type { MetricsConfig } from "./metrics_schema.ts";
import type { LogsConfig } from "./logs_schema.ts";
import { RESOURCE_DETECTOR_NAMES } from "./names.ts";
import type { Complete } from "./resolved.ts";
import type { BatchConfig, LimitsConfig, OtlpConfig, TelemetryConfig } from "./schema.ts";
import type { SpanLimitsConfig, TracesConfig } from "./traces_schema.ts";

/** The configuration when nobody says anything; what is absent has no default. */
interface Defaults extends
  Complete<
    Pick<
      TelemetryConfig,
      | "disabled"
      | "watchConfigFile"
      | "resourceDetectors"
      | "propagators"
      | "diagnosticLevel"
      | "shutdownTimeoutMillis"
      | "processHooks"
    >
  > {
  readonly otlp: Complete<
    Pick<OtlpConfig, "endpoint" | "timeoutMillis" | "compression" | "protocol" | "transport">
  >;
  readonly limits: Complete<LimitsConfig>;
  readonly traces:
    & Complete<Pick<TracesConfig, "exporters" | "sampler" | "samplerRatio">>
    & { readonly batch: Complete<BatchConfig> }
    & { readonly spanLimits: Complete<Omit<SpanLimitsConfig, keyof LimitsConfig>> };
  readonly metrics:
    & Complete<
      Pick<
        MetricsConfig,
        "exporters" | "intervalMillis" | "timeoutMillis" | "temporality" | "histogramAggregation"
      >
    >
    & { readonly prometheus: Complete<NonNullable<MetricsConfig["prometheus"]>> };
  readonly logs:
    & Complete<Pick<LogsConfig, "exporters" | "minimumSeverity" | "console">>
    & { readonly batch: Complete<BatchConfig> };
}

/** The defaults: the specification's, but for the length of values, which it leaves without a limit. */
export const DEFAULTS: Defaults & TelemetryConfig = {
  disabled: false,
  watchConfigFile: false,
  resourceDetectors: RESOURCE_DETECTOR_NAMES,
  propagators: ["tracecontext", "baggage"],
  diagnosticLevel: "info",
  shutdownTimeoutMillis: 5000,
  processHooks: true,
  otlp: {
    endpoint: "http://localhost:4318/",
    timeoutMillis: 10_000,
    compression: "none",
    protocol: "http/protobuf",
    transport: "fetch",
  },
  limits: { attributeCountLimit: 128, attributeValueLengthLimit: 4096 },
  traces: {
    exporters: ["otlp"],
    sampler: "parentbased_always_on",
    samplerRatio: 1,
    batch: {
      maxQueueSize: 2048,
      maxExportBatchSize: 512,
      scheduledDelayMillis: 5000,
      exportTimeoutMillis: 30_000,
      ...DEFAULT_BYTES,
    },
    spanLimits: {
      eventCountLimit: 128,
      linkCountLimit: 128,
      attributePerEventCountLimit: 128,
      attributePerLinkCountLimit: 128,
    },
  },
  metrics: {
    exporters: ["otlp"],
    intervalMillis: 60_000,
    timeoutMillis: 30_000,
    temporality: "cumulative",
    histogramAggregation: "explicit_bucket_histogram",
    prometheus: { host: "localhost", port: 9464 },
  },
  logs: {
    exporters: ["otlp"],
    batch: {
      maxQueueSize: 2048,
      maxExportBatchSize: 512,
      scheduledDelayMillis: 1000,
      exportTimeoutMillis: 30_000,
      ...DEFAULT_BYTES,
    },
    minimumSeverity: "trace",
    console: "ignore",
  },
};
