import type { Attributes } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace-base";
import type { RedactAttribute } from "../config/schema.ts";

/**
 * A view of a span whose attributes have passed the application's hook, also those of its events and links.
 *
 * @param span An ended span; it stays as it is.
 * @param redact The hook. Where it throws, the attribute is left out: what it would have hidden is not known.
 */
export function redactSpan(span: ReadableSpan, redact: RedactAttribute): ReadableSpan {
  const value = <T>(content: T) => ({ value: content, enumerable: true });
  return Object.create(span, {
    attributes: value(redactAttributes(span.attributes, redact)),
    events: value(span.events.map((event) => ({
      ...event,
      ...(event.attributes && { attributes: redactAttributes(event.attributes, redact) }),
    }))),
    links: value(span.links.map((link) => ({
      ...link,
      ...(link.attributes && { attributes: redactAttributes(link.attributes, redact) }),
    }))),
  });
}

/** The attributes that the hook lets through, as it wants them. */
export function redactAttributes(attributes: Attributes, redact: RedactAttribute): Attributes {
  const redacted: Attributes = {};
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    try {
      const kept = redact(key, value);
      if (kept !== undefined) redacted[key] = kept;
    } catch {
      // Left out: an attribute that cannot be redacted must not leave.
    }
  }
  return redacted;
}
