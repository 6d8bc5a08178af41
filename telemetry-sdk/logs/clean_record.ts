import type { HrTime, TimeInput } from "@opentelemetry/api";
import type { AnyValueMap, LogRecord, SeverityNumber } from "@opentelemetry/api-logs";
import { cleanText, isTime } from "../batch/clean_scalar.ts";
import { cleanAnyValue, cutText, type ValueLimits } from "./clean_any_value.ts";
import { exceptionAttributes } from "./exception_attributes.ts";

/** How much one record may hold. */
export interface RecordLimits {
  /** Attributes of the record. */
  readonly attributeCountLimit: number;
  /** Characters of one text in an attribute. */
  readonly attributeValueLengthLimit: number;
}

/** Characters of one attribute's value, all its texts together, and of a body. */
const TOTAL_LENGTH = 65_536;
const BODY_LIMITS: ValueLimits = { textLength: TOTAL_LENGTH, totalLength: TOTAL_LENGTH };
/** Names are not data: what is longer is a mistake. */
const NAME_LENGTH = 256;

/**
 * Makes what an application wants logged fit for the SDK: the SDK's own record throws at a time that is none
 * and at a getter that does, and keeps what no serialiser can hold.
 *
 * @param record What was logged; it stays as it is.
 * @param limits How much of it is kept.
 * @throws Whatever a hostile getter of the record itself throws.
 */
export function cleanLogRecord(record: LogRecord, limits: RecordLimits): LogRecord {
  const { timestamp, observedTimestamp, severityNumber, severityText, eventName, context } = record;
  const time = cleanTime(timestamp);
  const observed = cleanTime(observedTimestamp);
  const severity = cleanSeverity(severityNumber);
  return {
    ...(time !== undefined && { timestamp: time }),
    ...(observed !== undefined && { observedTimestamp: observed }),
    ...(severity !== undefined && { severityNumber: severity }),
    ...(severityText !== undefined && { severityText: cleanName(severityText) }),
    ...(eventName !== undefined && { eventName: cleanName(eventName) }),
    ...(context !== undefined && { context }),
    body: cleanBody(record.body),
    attributes: cleanAttributes(recordAttributes(record), limits),
  };
}

/** A body that OTLP can hold. */
export function cleanBody(body: unknown): LogRecord["body"] {
  return cleanAnyValue(body, BODY_LIMITS);
}

/** A name that OTLP can hold. */
export function cleanName(name: unknown): string {
  return cutText(cleanText(name), NAME_LENGTH);
}

/** A severity number of the data model, or nothing. */
export function cleanSeverity(severity: unknown): SeverityNumber | undefined {
  return Number.isInteger(severity) && Number(severity) >= 0 && Number(severity) <= 24
    // Every number of this range is a member of the enumeration.
    ? severity as SeverityNumber
    : undefined;
}

/**
 * Attributes that OTLP can hold. Those above the limit keep their name alone, for the SDK to count them as
 * dropped.
 */
export function cleanAttributes(
  attributes: object,
  { attributeCountLimit, attributeValueLengthLimit }: RecordLimits,
): AnyValueMap {
  const cleaned: AnyValueMap = {};
  const limits = { textLength: attributeValueLengthLimit, totalLength: TOTAL_LENGTH };
  for (const [index, key] of Object.keys(attributes).entries()) {
    const name = cleanName(key);
    if (index >= attributeCountLimit) cleaned[name] ??= null;
    else cleaned[name] = readAttribute(attributes, key, limits);
  }
  return cleaned;
}

function readAttribute(attributes: object, key: string, limits: ValueLimits) {
  try {
    return cleanAnyValue(attributes[key as keyof typeof attributes], limits);
  } catch {
    return "[unreadable]";
  }
}

function recordAttributes({ attributes, exception }: LogRecord): object {
  const given: unknown = attributes;
  const own = typeof given === "object" && given !== null ? given : {};
  return exception === undefined || exception === null
    ? own
    : { ...exceptionAttributes(exception), ...own };
}

function cleanTime(time: unknown): TimeInput | undefined {
  if (typeof time === "number") return isMillis(time) ? time : undefined;
  if (time instanceof Date) return isMillis(time.getTime()) ? time : undefined;
  const pair: unknown = time;
  return Array.isArray(pair) && isTime(pair as HrTime) ? pair as HrTime : undefined;
}

/** Whether nanoseconds of this fit 64 bits. */
function isMillis(time: number): boolean {
  return time >= 0 && time < 18_446_744_073_000;
}
