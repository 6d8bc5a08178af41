import type { Attributes, AttributeValue, HrTime, Link } from "@opentelemetry/api";
import type { ReadableSpan, TimedEvent } from "@opentelemetry/sdk-trace-base";
import { cleanText, isPlainNumber, isTime } from "../batch/clean_scalar.ts";

/**
 * Makes a span fit for serialisation. The serialisers fail for a whole batch where a single time, name or
 * number is one that OTLP cannot hold, or they write what no receiver can read.
 *
 * @param span An ended span.
 * @returns The span itself when all is well, a mended view of it, or `undefined` when it has no usable time.
 * @throws Whatever a hostile getter of the span throws.
 */
export function sanitizeSpan(span: ReadableSpan): ReadableSpan | undefined {
  const times = validTimes(span);
  if (times === undefined) return undefined;
  const mended: Partial<Record<keyof ReadableSpan, PropertyDescriptor>> = {};
  const replace = <K extends keyof ReadableSpan>(key: K, value: ReadableSpan[K]): void => {
    if (value !== span[key]) mended[key] = { value, enumerable: true };
  };
  replace("startTime", times.start);
  replace("endTime", times.end);
  replace("name", cleanText(span.name));
  replace("attributes", cleanAttributes(span.attributes));
  replace("events", mapChanged(span.events, (event) => cleanEvent(event, times.end)));
  replace(
    "links",
    mapChanged(
      span.links.every(hasContext) ? span.links : span.links.filter(hasContext),
      cleanLink,
    ),
  );
  if (span.status.message !== undefined) {
    const message = cleanText(span.status.message);
    if (message !== span.status.message) replace("status", { ...span.status, message });
  }
  // A view, not a copy: whatever is not replaced is still read from the span, getters and methods included.
  return Object.keys(mended).length === 0 ? span : Object.create(span, mended);
}

function validTimes(
  { startTime, endTime }: ReadableSpan,
): { start: HrTime; end: HrTime } | undefined {
  const start = isTime(startTime) ? startTime : endTime;
  const end = isTime(endTime) ? endTime : startTime;
  return isTime(start) && isTime(end) ? { start, end } : undefined;
}

function cleanEvent(event: TimedEvent, fallback: HrTime): TimedEvent {
  const name = cleanText(event.name);
  const time = isTime(event.time) ? event.time : fallback;
  const attributes = event.attributes && cleanAttributes(event.attributes);
  if (name === event.name && time === event.time && attributes === event.attributes) return event;
  return { ...event, name, time, ...(attributes && { attributes }) };
}

/** A link to nowhere says nothing, and the serialiser cannot turn its ids into bytes. */
function hasContext(link: Link): boolean {
  const { traceId, spanId } = link.context ?? {};
  return typeof traceId === "string" && traceId.length === 32 && typeof spanId === "string" &&
    spanId.length === 16;
}

function cleanLink(link: Link): Link {
  const attributes = link.attributes && cleanAttributes(link.attributes);
  return attributes === link.attributes ? link : { ...link, ...(attributes && { attributes }) };
}

function cleanAttributes(attributes: Attributes): Attributes {
  let cleaned = attributes;
  for (const key in attributes) {
    const value = attributes[key];
    const clean = cleanValue(value);
    const cleanKey = key.toWellFormed();
    if (clean === value && cleanKey === key) continue;
    if (cleaned === attributes) cleaned = { ...attributes };
    if (cleanKey !== key) delete cleaned[key];
    cleaned[cleanKey] = clean;
  }
  return cleaned;
}

function cleanValue(value: AttributeValue | undefined): AttributeValue | undefined {
  if (typeof value === "string") return value.toWellFormed();
  // JSON knows neither NaN nor Infinity, and 64-bit integers are read as such: the text keeps what was meant.
  if (typeof value === "number") return isPlainNumber(value) ? value : String(value);
  if (!Array.isArray(value)) return value;
  if (value.every((item) => typeof item !== "number" || isPlainNumber(item))) {
    return value.every((item) => typeof item !== "string" || item.isWellFormed())
      ? value
      : value.map((item) => cleanText(item ?? ""));
  }
  return value.map((item) => String(item));
}

/** Maps an array, and gives back the array itself when nothing changed. */
function mapChanged<T>(items: readonly T[], map: (item: T) => T): T[] {
  const mapped = items.map(map);
  return mapped.every((item, index) => item === items[index]) ? items as T[] : mapped;
}
