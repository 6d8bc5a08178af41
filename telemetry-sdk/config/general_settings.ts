import {
  DIAGNOSTIC_LEVELS,
  PROPAGATOR_NAMES,
  REFUSED_PROPAGATORS,
  RESOURCE_DETECTOR_NAMES,
} from "./names.ts";
import { listOf, oneOf, parseBoolean, parseResourceAttributes, parseText } from "./parsers.ts";
import { count, length, positive, row, type Setting } from "./setting.ts";

/** What concerns all signals. */
export const GENERAL: readonly Setting[] = [
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
