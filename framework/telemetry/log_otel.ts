import { context, createContextKey } from "@opentelemetry/api";
import { type AnyValueMap, type Logger, type LoggerProvider, logs } from "@opentelemetry/api-logs";
import { exceptionAttributes } from "./log_exception.ts";
import { GRAVITY } from "./log_level.ts";
import { plainValue, shortened } from "./log_value.ts";
import type { LogRecord } from "./logger.ts";
import { SCOPE } from "./scope.ts";

/** The name of the logger that a record comes from; the conventions have no attribute for it. */
const ATTR_LOGGER_NAME = "logger.name";

// By this key the SDKs know what they must not record: here, the line that tells what has been recorded.
const SUPPRESSED = createContextKey("OpenTelemetry SDK Context Key SUPPRESS_TRACING");

// Bound to the provider it came from, so that an SDK may be registered after the first record.
let logging: { readonly provider: LoggerProvider; readonly logger: Logger } | undefined;

function otelLogger(): Logger {
  const provider = logs.getLoggerProvider();
  if (logging?.provider !== provider) {
    const { name, version, schemaUrl } = SCOPE;
    logging = { provider, logger: provider.getLogger(name, version, { schemaUrl }) };
  }
  return logging.logger;
}

/**
 * Hands a record to the SDK that is registered; in the active span, if there is one. With no SDK it costs one
 * check.
 *
 * @returns Whether the SDK takes records of this kind.
 */
export function emitToOTel(record: LogRecord): boolean {
  const { time, level, message } = record;
  const severityNumber = GRAVITY[level];
  const logger = otelLogger();
  if (!logger.enabled({ severityNumber })) return false;
  logger.emit({
    timestamp: time,
    severityNumber,
    severityText: level,
    body: shortened(String(message)),
    attributes: attributesOf(record),
  });
  return true;
}

/** Runs what writes a line whose record the SDK has, so that an SDK that records the console takes it once. */
export function withoutRecording(write: () => void): void {
  context.with(context.active().setValue(SUPPRESSED, true), write);
}

function attributesOf({ fields, logger }: LogRecord): AnyValueMap {
  const attributes: AnyValueMap = logger === undefined ? {} : { [ATTR_LOGGER_NAME]: logger };
  for (const [key, value] of Object.entries(fields)) {
    if (key === "error" && value instanceof Error) {
      Object.assign(attributes, exceptionAttributes(value));
    } else if (value !== undefined) {
      attributes[key] = plainValue(value);
    }
  }
  return attributes;
}
