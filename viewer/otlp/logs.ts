import type { LogContent, LogRecord } from "./records.ts";
import { MAX_CONTENT } from "./spans.ts";
import { readAttributes, readValue } from "./values.ts";
import {
  countIn,
  enumIn,
  identifierIn,
  integerIn,
  type Message,
  messageIn,
  textIn,
  timeIn,
} from "./wire.ts";

const LEVELS = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];
const SEVERITIES = [
  "SEVERITY_NUMBER_UNSPECIFIED",
  ...LEVELS.flatMap((level) =>
    ["", "2", "3", "4"].map((step) => `SEVERITY_NUMBER_${level}${step}`)
  ),
];

/**
 * Reads a log record.
 *
 * @returns The reason instead, when this one record must be refused.
 * @throws {WireError} When the whole request is not OTLP.
 */
export function readLog(log: Message): LogRecord | string {
  const traceId = identifierIn(log, "traceId", 32);
  const spanId = identifierIn(log, "spanId", 16);
  if (traceId === undefined) return 'a log\'s "traceId" is not 16 bytes';
  if (spanId === undefined) return 'a log\'s "spanId" is not 8 bytes';
  const content = JSON.stringify(readContent(log));
  if (content.length > MAX_CONTENT) return `a log is larger than ${MAX_CONTENT} bytes`;
  const time = timeIn(log, "timeUnixNano");
  return {
    time: time.isZero ? timeIn(log, "observedTimeUnixNano") : time,
    severityNumber: enumIn(log, "severityNumber", SEVERITIES),
    traceId,
    spanId,
    content,
  };
}

function readContent(log: Message): LogContent {
  const attributes = readAttributes(log);
  const observed = timeIn(log, "observedTimeUnixNano");
  const severityText = textIn(log, "severityText");
  const eventName = textIn(log, "eventName");
  const flags = integerIn(log, "flags");
  const droppedAttributes = countIn(log, "droppedAttributesCount");
  return {
    body: readValue(messageIn(log, "body")),
    ...(!observed.isZero && { observed: [observed.millis, observed.rest] as const }),
    ...(attributes.length > 0 && { attributes }),
    ...(severityText !== "" && { severityText }),
    ...(eventName !== "" && { eventName }),
    ...(flags !== 0 && { flags }),
    ...(droppedAttributes !== 0 && { droppedAttributes }),
  };
}
