/** The samplers that `OTEL_TRACES_SAMPLER` may name. */
export const SAMPLER_NAMES = [
  "always_on",
  "always_off",
  "traceidratio",
  "parentbased_always_on",
  "parentbased_always_off",
  "parentbased_traceidratio",
] as const;

/** The protocols that `OTEL_EXPORTER_OTLP_PROTOCOL` may name. */
export const OTLP_PROTOCOLS = ["http/protobuf", "http/json"] as const;
/** The compressions that `OTEL_EXPORTER_OTLP_COMPRESSION` may name. */
export const COMPRESSIONS = ["none", "gzip"] as const;
/** What carries OTLP. */
export const TRANSPORTS = ["fetch", "node"] as const;
/** The exporters that `OTEL_TRACES_EXPORTER` and `OTEL_LOGS_EXPORTER` may name. */
export const EXPORTER_NAMES = ["otlp", "otlp/stdout", "console"] as const;
/** The exporters that `OTEL_METRICS_EXPORTER` may name. */
export const METRIC_EXPORTER_NAMES = [...EXPORTER_NAMES, "prometheus"] as const;
/** The propagators that `OTEL_PROPAGATORS` may name. */
export const PROPAGATOR_NAMES = ["tracecontext", "baggage", "b3", "b3multi"] as const;
/** The detectors that `OTEL_DENO_RESOURCE_DETECTORS` may name. */
export const RESOURCE_DETECTOR_NAMES = [
  "service",
  "process",
  "host",
  "os",
  "container",
  "kubernetes",
  "deno_deploy",
] as const;
/** What `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE` may name. */
export const TEMPORALITIES = ["cumulative", "delta", "lowmemory"] as const;
/** What `OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION` may name. */
export const HISTOGRAM_AGGREGATIONS = [
  "explicit_bucket_histogram",
  "base2_exponential_bucket_histogram",
] as const;
/** What `OTEL_LOG_LEVEL` may name. */
export const DIAGNOSTIC_LEVELS = [
  "none",
  "error",
  "warn",
  "info",
  "debug",
  "verbose",
  "all",
] as const;
/** What `OTEL_DENO_CONSOLE` may name: what becomes of the program's own `console`. */
export const CONSOLE_MODES = ["ignore", "capture", "replace"] as const;
/** The severities of log records, from the least grave. */
export const SEVERITIES = ["trace", "debug", "info", "warn", "error", "fatal"] as const;

const TO_COLLECTOR = "it is not supported: send OTLP to a collector, which speaks it";

/** What to say of protocols that are known and not spoken here. */
export const REFUSED_PROTOCOLS = {
  grpc:
    "gRPC is not supported: use http/protobuf and the collector's OTLP/HTTP port, by default 4318",
};
/** What to say of exporters that are known and not made here. */
export const REFUSED_EXPORTERS = {
  zipkin: TO_COLLECTOR,
  jaeger: TO_COLLECTOR,
  logging: "it is deprecated: use console",
};
/** What to say of samplers that are known and not made here. */
export const REFUSED_SAMPLERS = {
  jaeger_remote: "remote sampling is not supported: a configuration file that is watched is",
  parentbased_jaeger_remote:
    "remote sampling is not supported: a configuration file that is watched is",
  xray: "X-Ray's sampler is not supported: sample in the collector",
};
/** What to say of propagators that are known and not made here. */
export const REFUSED_PROPAGATORS = {
  jaeger: "it is deprecated: use tracecontext",
  ottrace: "it is deprecated: use tracecontext",
  xray: "it is not supported: give a propagator in code",
};
