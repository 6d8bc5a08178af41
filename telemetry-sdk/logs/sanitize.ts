import type { HrTime } from "@opentelemetry/api";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import { cleanText, isTime } from "../batch/clean_scalar.ts";
import { cleanAttributes, cleanBody, cleanName, cleanSeverity } from "./clean_record.ts";

/** What a processor of the application's has set is not counted again, and not cut again. */
const NO_LIMITS = { attributeCountLimit: Infinity, attributeValueLengthLimit: Infinity };

/**
 * Makes a record fit for serialisation, whoever made it and whichever processor had it in hands. The serialisers
 * fail for a whole batch where one record is circular, or write what no receiver can read.
 *
 * @param record A record as the SDK hands it to its processors.
 * @returns A mended view of it, or `undefined` when it has no usable time.
 * @throws Whatever a hostile getter of the record throws.
 */
export function sanitizeLogRecord(record: ReadableLogRecord): ReadableLogRecord | undefined {
  const hrTime = isTime(record.hrTime) ? record.hrTime : record.hrTimeObserved;
  if (!isTime(hrTime)) return undefined;
  const hrTimeObserved: HrTime = isTime(record.hrTimeObserved) ? record.hrTimeObserved : hrTime;
  const { severityText, eventName, instrumentationScope: scope } = record;
  const mended = {
    hrTime,
    hrTimeObserved,
    severityNumber: cleanSeverity(record.severityNumber),
    severityText: severityText === undefined ? undefined : cleanName(severityText),
    eventName: eventName === undefined ? undefined : cleanName(eventName),
    body: needsCopy(record.body) ? cleanBody(record.body) : record.body,
    attributes: cleanAttributes(record.attributes, NO_LIMITS),
    ...(typeof scope.name !== "string" &&
      { instrumentationScope: { ...scope, name: cleanText(scope.name) } }),
  };
  const descriptors = Object.entries(mended)
    .map(([key, value]) => [key, { value, enumerable: true }] as const);
  // A view, not a copy: whatever is not replaced is still read from the record.
  return Object.create(record, Object.fromEntries(descriptors));
}

function needsCopy(body: unknown): boolean {
  return typeof body !== "string" || !body.isWellFormed();
}
