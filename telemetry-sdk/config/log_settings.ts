import { batchSettings } from "./batch_settings.ts";
import { CONSOLE_MODES, EXPORTER_NAMES, REFUSED_EXPORTERS, SEVERITIES } from "./names.ts";
import { listOf, oneOf } from "./parsers.ts";
import { count, length, row, type Setting } from "./setting.ts";

/** The logs signal. */
export const LOGS: readonly Setting[] = [
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
