import { parseBaseEndpoint, parseEndpoint, redactedText } from "./endpoint.ts";
import {
  COMPRESSIONS,
  CONSOLE_MODES,
  DIAGNOSTIC_LEVELS,
  EXPORTER_NAMES,
  HISTOGRAM_AGGREGATIONS,
  METRIC_EXPORTER_NAMES,
  OTLP_PROTOCOLS,
  PROPAGATOR_NAMES,
  REFUSED_EXPORTERS,
  REFUSED_PROPAGATORS,
  REFUSED_PROTOCOLS,
  REFUSED_SAMPLERS,
  RESOURCE_DETECTOR_NAMES,
  SAMPLER_NAMES,
  SEVERITIES,
  TEMPORALITIES,
  TRANSPORTS,
} from "./names.ts";
import type { OptionPath, OptionValue } from "./options.ts";
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
  parseSecret,
  parseText,
  parseTimeout,
} from "./parsers.ts";

/** One thing that can be configured by a text: where it stands, and how the text is read. */
export interface Setting<T = unknown> {
  /** Where it stands in a configuration in code. */
  readonly option: OptionPath;
  /** The variable that says it, where there is one. */
  readonly variable?: string;
  /** What it says, for the reference. */
  readonly about: string;
  readonly parse: Parser<T>;
  /** The value that replaces a bad one, where the default would do harm. */
  readonly whenBad?: T;
  /** Never shown, not even in a warning. */
  readonly secret?: true;
  /** How a text is shown that may hold a secret. */
  readonly show?: (text: string) => string;
}

type Details<T> = Omit<Setting<T>, "option" | "variable" | "about" | "parse">;

/** One row of the table; the compiler holds the parser to the option's type. */
function row<P extends OptionPath>(
  option: P,
  variable: string | undefined,
  parse: Parser<OptionValue<P>>,
  about: string,
  details: Details<OptionValue<P>> = {},
): Setting {
  // What a setting parses is put nowhere but at its own option.
  return { option, ...(variable && { variable }), parse, about, ...details } as Setting;
}

const count = integerFrom(0);
const positive = integerFrom(1);
// 1, not the 0 that the specification would allow: the tracer takes 0 for a mistake and truncates nothing.
const length = integerFrom(1);

/** Who asks for a share of the traces and mistypes it does not want all of them. */
const MISTYPED_RATIO = 0.1;

const GENERAL: readonly Setting[] = [
  row("disabled", "OTEL_SDK_DISABLED", parseBoolean, "`true`: nothing is loaded, nothing runs"),
  row("configFile", "OTEL_CONFIG_FILE", parseText, "the path of a declarative configuration file"),
  row(
    "watchConfigFile",
    "OTEL_DENO_CONFIG_WATCH",
    parseBoolean,
    "whether the sampler and the levels follow an edit of the file while running",
  ),
  row(
    "serviceName",
    "OTEL_SERVICE_NAME",
    parseText,
    "`service.name`; `echelon` where nothing says it",
  ),
  row(
    "resourceAttributes",
    "OTEL_RESOURCE_ATTRIBUTES",
    parseResourceAttributes,
    "further attributes of the resource: `key=value,…`, percent-encoded",
  ),
  row(
    "resourceDetectors",
    "OTEL_DENO_RESOURCE_DETECTORS",
    listOf(RESOURCE_DETECTOR_NAMES, { all: RESOURCE_DETECTOR_NAMES }),
    "what finds out about the process: a list, `all` or `none`",
  ),
  row(
    "propagators",
    "OTEL_PROPAGATORS",
    listOf(PROPAGATOR_NAMES, { refusals: REFUSED_PROPAGATORS }),
    "how context crosses process borders: a list of `tracecontext`, `baggage`, `b3`, `b3multi`, or `none`",
  ),
  row(
    "diagnosticLevel",
    "OTEL_LOG_LEVEL",
    oneOf(DIAGNOSTIC_LEVELS),
    "how much the SDK says of itself on stderr: `none`, `error`, `warn`, `info`, `debug`, `verbose`, `all`",
  ),
  row(
    "shutdownTimeoutMillis",
    "OTEL_DENO_SHUTDOWN_TIMEOUT",
    positive,
    "the time that draining and flushing get together at the end, in ms",
  ),
  row(
    "processHooks",
    undefined,
    parseBoolean,
    "whether the process's end is prepared for: signals, the natural end, uncaught errors",
  ),
  row(
    "limits.attributeCountLimit",
    "OTEL_ATTRIBUTE_COUNT_LIMIT",
    count,
    "attributes on one span or log record",
  ),
  row(
    "limits.attributeValueLengthLimit",
    "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT",
    length,
    "characters of one attribute's value",
  ),
];

const TRACES: readonly Setting[] = [
  row(
    "traces.exporters",
    "OTEL_TRACES_EXPORTER",
    listOf(EXPORTER_NAMES, { refusals: REFUSED_EXPORTERS }),
    "where spans go: a list of `otlp`, `otlp/stdout`, `console`, or `none`",
  ),
  row(
    "traces.sampler",
    "OTEL_TRACES_SAMPLER",
    oneOf(SAMPLER_NAMES, REFUSED_SAMPLERS),
    "which traces are recorded: `always_on`, `always_off`, `traceidratio`, or one of these after `parentbased_`",
  ),
  row(
    "traces.samplerRatio",
    "OTEL_TRACES_SAMPLER_ARG",
    parseRatio,
    "the share of traces that a ratio sampler keeps, from 0 to 1",
    { whenBad: MISTYPED_RATIO },
  ),
  row(
    "traces.forceSecret",
    "OTEL_DENO_FORCE_SECRET",
    parseSecret,
    "the secret by whose signed header one request can be traced whatever the sampler says; at least 32 bytes",
    { secret: true },
  ),
  ...batchSettings("traces.batch.", "OTEL_BSP_", "spans"),
  row(
    "traces.spanLimits.attributeCountLimit",
    "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT",
    count,
    "attributes on one span, before the shared limit",
  ),
  row(
    "traces.spanLimits.attributeValueLengthLimit",
    "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT",
    length,
    "characters of one value on a span, before the shared limit",
  ),
  row(
    "traces.spanLimits.eventCountLimit",
    "OTEL_SPAN_EVENT_COUNT_LIMIT",
    count,
    "events on one span",
  ),
  row("traces.spanLimits.linkCountLimit", "OTEL_SPAN_LINK_COUNT_LIMIT", count, "links on one span"),
  row(
    "traces.spanLimits.attributePerEventCountLimit",
    "OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT",
    count,
    "attributes on one event",
  ),
  row(
    "traces.spanLimits.attributePerLinkCountLimit",
    "OTEL_LINK_ATTRIBUTE_COUNT_LIMIT",
    count,
    "attributes on one link",
  ),
];

const METRICS: readonly Setting[] = [
  row(
    "metrics.exporters",
    "OTEL_METRICS_EXPORTER",
    listOf(METRIC_EXPORTER_NAMES, { refusals: REFUSED_EXPORTERS }),
    "where metrics go: a list of `otlp`, `otlp/stdout`, `console`, `prometheus`, or `none`",
  ),
  row(
    "metrics.intervalMillis",
    "OTEL_METRIC_EXPORT_INTERVAL",
    positive,
    "the time between two exports of metrics, in ms",
  ),
  row(
    "metrics.timeoutMillis",
    "OTEL_METRIC_EXPORT_TIMEOUT",
    parseTimeout,
    "how long one collection and export may take, in ms; 0: no limit",
  ),
  row(
    "metrics.temporality",
    "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE",
    oneOf(TEMPORALITIES),
    "`cumulative`, `delta` or `lowmemory`",
  ),
  row(
    "metrics.histogramAggregation",
    "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION",
    oneOf(HISTOGRAM_AGGREGATIONS),
    "`explicit_bucket_histogram` or `base2_exponential_bucket_histogram`",
  ),
  row(
    "metrics.prometheus.host",
    "OTEL_EXPORTER_PROMETHEUS_HOST",
    parseText,
    "the host that the `prometheus` exporter listens on",
  ),
  row(
    "metrics.prometheus.port",
    "OTEL_EXPORTER_PROMETHEUS_PORT",
    integerFrom(0, 65_535),
    "the port that the `prometheus` exporter listens on; 0: a free one",
  ),
];

const LOGS: readonly Setting[] = [
  row(
    "logs.exporters",
    "OTEL_LOGS_EXPORTER",
    listOf(EXPORTER_NAMES, { refusals: REFUSED_EXPORTERS }),
    "where log records go: a list of `otlp`, `otlp/stdout`, `console`, or `none`",
  ),
  ...batchSettings("logs.batch.", "OTEL_BLRP_", "log records"),
  row(
    "logs.limits.attributeCountLimit",
    "OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT",
    count,
    "attributes on one log record, before the shared limit",
  ),
  row(
    "logs.limits.attributeValueLengthLimit",
    "OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT",
    length,
    "characters of one value on a log record, before the shared limit",
  ),
  row(
    "logs.minimumSeverity",
    "OTEL_DENO_LOG_SEVERITY",
    oneOf(SEVERITIES),
    "less grave records are dropped: `trace`, `debug`, `info`, `warn`, `error`, `fatal`",
  ),
  row(
    "logs.console",
    "OTEL_DENO_CONSOLE",
    oneOf(CONSOLE_MODES),
    "the program's own `console`: `capture` prints and records it, `replace` only records it, `ignore` leaves it alone",
  ),
];

function batchSettings(
  section: "traces.batch." | "logs.batch.",
  prefix: string,
  items: string,
): readonly Setting[] {
  return [
    row(
      `${section}maxQueueSize`,
      `${prefix}MAX_QUEUE_SIZE`,
      positive,
      `${items} that wait at most; what comes on top is dropped and counted`,
    ),
    row(
      `${section}maxExportBatchSize`,
      `${prefix}MAX_EXPORT_BATCH_SIZE`,
      positive,
      `${items} in one export`,
    ),
    row(
      `${section}scheduledDelayMillis`,
      `${prefix}SCHEDULE_DELAY`,
      parseDuration,
      `how long ${items} wait for their batch to fill, in ms`,
    ),
    row(
      `${section}exportTimeoutMillis`,
      `${prefix}EXPORT_TIMEOUT`,
      parseTimeout,
      `how long one export of ${items} may take, in ms; 0: no limit`,
    ),
    row(
      `${section}maxQueueBytes`,
      undefined,
      positive,
      `bytes of ${items} that wait at most, by estimate`,
    ),
    row(
      `${section}maxExportBatchBytes`,
      undefined,
      positive,
      `bytes of ${items} in one export, by estimate; one that is larger goes alone`,
    ),
  ];
}

/** The OTLP settings of one scope: those that the signals share, or a signal's own. */
export function otlpSettings(
  section: "otlp." | "traces.otlp." | "metrics.otlp." | "logs.otlp.",
): readonly Setting[] {
  const signal = section === "otlp." ? "" : section.slice(0, -"otlp.".length - 1).toUpperCase();
  const prefix = `OTEL_EXPORTER_OTLP_${signal === "" ? "" : `${signal}_`}`;
  return [
    row(
      `${section}endpoint`,
      `${prefix}ENDPOINT`,
      signal === "" ? parseBaseEndpoint : parseEndpoint,
      signal === ""
        ? "the collector; `localhost:4318` will do"
        : "the receiver of this signal, used as it stands",
      { show: redactedText },
    ),
    row(
      `${section}headers`,
      `${prefix}HEADERS`,
      parseHeaders,
      "`key=value,…`, percent-encoded; never shown",
      { secret: true },
    ),
    row(
      `${section}timeoutMillis`,
      `${prefix}TIMEOUT`,
      parseTimeout,
      "how long one export may take with all its attempts, in ms; 0: no limit",
    ),
    row(`${section}compression`, `${prefix}COMPRESSION`, oneOf(COMPRESSIONS), "`none` or `gzip`"),
    row(
      `${section}protocol`,
      `${prefix}PROTOCOL`,
      oneOf(OTLP_PROTOCOLS, REFUSED_PROTOCOLS),
      "`http/protobuf` or `http/json`",
    ),
    row(
      `${section}transport`,
      undefined,
      oneOf(TRANSPORTS),
      "`fetch`, this package's own, or `node`, the stock exporters whole",
    ),
    row(
      `${section}certificate`,
      `${prefix}CERTIFICATE`,
      parseText,
      "a PEM file with the authorities that are trusted",
    ),
    row(
      `${section}clientKey`,
      `${prefix}CLIENT_KEY`,
      parseText,
      "a PEM file with the client's private key",
      { secret: true },
    ),
    row(
      `${section}clientCertificate`,
      `${prefix}CLIENT_CERTIFICATE`,
      parseText,
      "a PEM file with the client's certificate",
    ),
  ];
}

/** Everything that can be configured by a text, in the order of the reference. */
export const SETTINGS: readonly Setting[] = [
  ...GENERAL,
  ...otlpSettings("otlp."),
  ...TRACES,
  ...otlpSettings("traces.otlp."),
  ...METRICS,
  ...otlpSettings("metrics.otlp."),
  ...LOGS,
  ...otlpSettings("logs.otlp."),
];

/**
 * What counts instead of a bad value. A mistyped sampler beside a ratio asks for a share of the traces, and not
 * for the default, which is all of them.
 *
 * @param setting What the value is for.
 * @param beside What the same source says beside it.
 */
export function whenBad(
  setting: Setting,
  beside: { readonly isRatioGiven: boolean },
): unknown {
  return setting.option === "traces.sampler" && beside.isRatioGiven
    ? "parentbased_traceidratio"
    : setting.whenBad;
}
