import {
  type Attributes,
  type Origin,
  readAnyValue,
  readAttributes,
  readEnvelope,
} from "./common.ts";
import {
  bigintField,
  identifierField,
  integerField,
  type Message,
  messageField,
  textField,
} from "./wire.ts";

/** A log record as it arrived, whichever encoding it came in. */
export interface ReceivedLog extends Origin {
  readonly time: bigint;
  readonly observedTime: bigint;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly eventName: string;
  readonly body: unknown;
  readonly attributes: Attributes;
  readonly droppedAttributes: number;
  readonly flags: number;
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
}

/** Every record of a request to `/v1/logs`. */
export function readLogs(body: unknown): ReceivedLog[] {
  return readEnvelope(
    body,
    ["resourceLogs", "scopeLogs", "logRecords"],
    readLog,
  );
}

function readLog(log: Message, origin: Origin): ReceivedLog {
  return {
    time: bigintField(log, "timeUnixNano"),
    observedTime: bigintField(log, "observedTimeUnixNano"),
    severityNumber: integerField(log, "severityNumber"),
    severityText: textField(log, "severityText"),
    eventName: textField(log, "eventName"),
    body: readAnyValue(messageField(log, "body")),
    attributes: readAttributes(log),
    droppedAttributes: integerField(log, "droppedAttributesCount"),
    flags: integerField(log, "flags"),
    traceId: identifierField(log, "traceId", 16),
    spanId: identifierField(log, "spanId", 8),
    ...origin,
  };
}
