import { parseBaseEndpoint, parseEndpoint, redactedText } from "./endpoint.ts";
import {
  integerFrom,
  listOf,
  oneOf,
  parseBoolean,
  parseDuration,
  parseHeaders,
  type Parser,
  parseRatio,
  parseResourceAttributes,
  parseText,
  parseTimeout,
} from "./parsers.ts";

/** One thing that a variable can set: how its text is read, and what counts when it is unset or bad. */
export interface Setting<T> {
  readonly variable: string;
  readonly parse: Parser<T>;
  /** What counts when nothing is said; absent where that has a meaning of its own. */
  readonly fallback?: T;
  /** The value that replaces a bad one, where the fallback would do harm. */
  readonly whenBad?: T;
  /** Never shown, not even in a warning. */
  readonly secret?: true;
  /** How a text is shown that may hold a secret. */
  readonly show?: (text: string) => string;
}

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

const EXPORTER_NAMES = ["otlp", "console"] as const;
const PROPAGATOR_NAMES = ["tracecontext", "baggage"] as const;
const COMPRESSIONS = ["none", "gzip"] as const;
const TEMPORALITIES = ["cumulative", "delta", "lowmemory"] as const;
const DIAGNOSTIC_LEVELS = ["none", "error", "warn", "info", "debug", "verbose", "all"] as const;

const REFUSED_PROTOCOLS = {
  grpc:
    "gRPC is not supported: use http/protobuf and the collector's OTLP/HTTP port, by default 4318",
};

/** A setting with a default. */
export interface DefaultedSetting<T> extends Setting<T> {
  readonly fallback: T;
}

function setting<T>(variable: string, parse: Parser<T>): Setting<T> {
  return { variable, parse };
}

function defaulted<T>(
  variable: string,
  parse: Parser<T>,
  fallback: NoInfer<T>,
): DefaultedSetting<T> {
  return { variable, parse, fallback };
}

/** The settings that are not OTLP's. */
export const SETTINGS = {
  disabled: defaulted("OTEL_SDK_DISABLED", parseBoolean, false),
  serviceName: setting("OTEL_SERVICE_NAME", parseText),
  resourceAttributes: setting("OTEL_RESOURCE_ATTRIBUTES", parseResourceAttributes),
  propagators: defaulted("OTEL_PROPAGATORS", listOf(PROPAGATOR_NAMES), PROPAGATOR_NAMES),
  diagnosticLevel: defaulted("OTEL_LOG_LEVEL", oneOf(DIAGNOSTIC_LEVELS), "info"),
  tracesExporters: defaulted("OTEL_TRACES_EXPORTER", listOf(EXPORTER_NAMES), ["otlp"]),
  metricsExporters: defaulted("OTEL_METRICS_EXPORTER", listOf(EXPORTER_NAMES), ["otlp"]),
  sampler: defaulted("OTEL_TRACES_SAMPLER", oneOf(SAMPLER_NAMES), "parentbased_always_on"),
  // Who asks for a share of the traces and mistypes it does not want all of them.
  samplerRatio: { ...defaulted("OTEL_TRACES_SAMPLER_ARG", parseRatio, 1), whenBad: 0.1 },
  maxQueueSize: defaulted("OTEL_BSP_MAX_QUEUE_SIZE", integerFrom(1), 2048),
  maxExportBatchSize: defaulted("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", integerFrom(1), 512),
  scheduledDelayMillis: defaulted("OTEL_BSP_SCHEDULE_DELAY", parseDuration, 5000),
  exportTimeoutMillis: defaulted("OTEL_BSP_EXPORT_TIMEOUT", parseTimeout, 30_000),
  metricIntervalMillis: defaulted("OTEL_METRIC_EXPORT_INTERVAL", integerFrom(1), 60_000),
  metricTimeoutMillis: defaulted("OTEL_METRIC_EXPORT_TIMEOUT", parseTimeout, 30_000),
  temporality: defaulted(
    "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE",
    oneOf(TEMPORALITIES),
    "cumulative",
  ),
  attributeCountLimit: defaulted("OTEL_ATTRIBUTE_COUNT_LIMIT", integerFrom(0), 128),
  // 1, not the 0 that the specification would allow: the tracer takes 0 for a mistake and truncates nothing.
  attributeValueLengthLimit: defaulted("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", integerFrom(1), 4096),
  spanAttributeCountLimit: setting("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", integerFrom(0)),
  spanAttributeValueLengthLimit: setting("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", integerFrom(1)),
  eventCountLimit: defaulted("OTEL_SPAN_EVENT_COUNT_LIMIT", integerFrom(0), 128),
  linkCountLimit: defaulted("OTEL_SPAN_LINK_COUNT_LIMIT", integerFrom(0), 128),
  eventAttributeCountLimit: defaulted("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", integerFrom(0), 128),
  linkAttributeCountLimit: defaulted("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", integerFrom(0), 128),
};

/**
 * The sampler's setting. A mistyped name beside a ratio asks for a share of the traces, and not for
 * the default, which is all of them.
 *
 * @param ratio The ratio that was given with it.
 */
export function samplerSetting(
  ratio: number | undefined,
): Setting<typeof SAMPLER_NAMES[number]> {
  if (ratio === undefined) return SETTINGS.sampler;
  return { ...SETTINGS.sampler, whenBad: "parentbased_traceidratio" };
}

/** The OTLP settings that the signals share, or those of one signal. */
export interface OtlpSettings {
  readonly endpoint: Setting<string>;
  readonly headers: Setting<Readonly<Record<string, string>>>;
  readonly timeoutMillis: Setting<number>;
  readonly compression: Setting<typeof COMPRESSIONS[number]>;
  readonly protocol: Setting<typeof OTLP_PROTOCOLS[number]>;
}

/**
 * Lists the OTLP settings of one scope.
 *
 * @param scope The signal's part of the variables' names, or nothing for the shared ones.
 */
export function otlpSettings(scope: "" | "TRACES_" | "METRICS_"): OtlpSettings {
  const prefix = `OTEL_EXPORTER_OTLP_${scope}`;
  const shared = scope === "";
  return {
    endpoint: {
      ...setting(`${prefix}ENDPOINT`, shared ? parseBaseEndpoint : parseEndpoint),
      show: redactedText,
    },
    headers: { ...setting(`${prefix}HEADERS`, parseHeaders), secret: true },
    timeoutMillis: setting(`${prefix}TIMEOUT`, parseTimeout),
    compression: setting(`${prefix}COMPRESSION`, oneOf(COMPRESSIONS)),
    protocol: setting(`${prefix}PROTOCOL`, oneOf(OTLP_PROTOCOLS, REFUSED_PROTOCOLS)),
  };
}

/** What counts where neither code nor the environment says otherwise. */
export const OTLP_DEFAULTS = {
  endpoint: "http://localhost:4318/",
  timeoutMillis: 10_000,
  compression: "none",
  protocol: "http/protobuf",
  transport: "fetch",
} as const;
