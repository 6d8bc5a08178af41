import type { SpanContext } from "@opentelemetry/api";
import { trimBlanks } from "./header_value.ts";

/** The trace id has at least 56 random bits; the API has no name for this flag of level 2. */
export const RANDOM_FLAG = 0x02;
/** The flags that are defined; the others must not be passed on. */
export const KNOWN_FLAGS = 0x01 | RANDOM_FLAG;

/** The length of version 00, with which a later version has to begin. */
const LENGTH = 55;
/** No later version is worth reading past this. */
const MAX_LENGTH = 512;

const FIELDS = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})/;

/**
 * Reads a `traceparent` header strictly, by W3C Trace Context level 2.
 *
 * @param header The header's value.
 * @returns The caller's span, or `undefined` where the trace has to begin anew.
 */
export function parseTraceParent(header: string): SpanContext | undefined {
  if (header.length > MAX_LENGTH) return undefined;
  const text = trimBlanks(header);
  const [, traceId, spanId, flags] = FIELDS.exec(text) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  if (text.length > LENGTH && !isLaterVersion(text)) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & KNOWN_FLAGS, isRemote: true };
}

/** A comma tells of two headers that somebody joined, and nobody knows which of them is right. */
function isLaterVersion(text: string): boolean {
  return !text.startsWith("00") && text[LENGTH] === "-" && !text.includes(",");
}
