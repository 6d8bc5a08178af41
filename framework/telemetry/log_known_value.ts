import { isSecretKey, REDACTED, redactQuery, redactUrl } from "./redact.ts";

/** How many bytes of a buffer are shown. */
const SHOWN_BYTES = 32;

/** Headers whose values are credentials whatever they look like. */
const SECRET_HEADERS: ReadonlySet<string> = new Set([
  "cookie",
  "proxy-authorization",
  "set-cookie",
]);

/**
 * What is best written as a text: what has a usual form, or no keys to write.
 *
 * @param value Anything that is an object.
 * @returns The text, without secrets; or nothing, for an object like any other.
 */
export function wellKnown(value: object): string | undefined {
  if (value instanceof Date) {
    return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  }
  if (value instanceof URL) return redactUrl(value.href);
  if (value instanceof URLSearchParams) return redactQuery(String(value));
  if (value instanceof RegExp) return String(value);
  if (value instanceof Request) return `${value.method} ${redactUrl(value.url)}`;
  if (value instanceof Response) return `${value.status} ${redactUrl(value.url)}`.trim();
  if (value instanceof ArrayBuffer) return shownBytes("ArrayBuffer", new Uint8Array(value));
  if (value instanceof Uint8Array) return shownBytes(typeName(value), value);
  return undefined;
}

function shownBytes(type: string, bytes: Uint8Array): string {
  const rest = bytes.length > SHOWN_BYTES ? "…" : "";
  return `${type}(${bytes.length}) ${bytes.subarray(0, SHOWN_BYTES).toHex()}${rest}`.trim();
}

/** Headers with the credentials taken out. */
export function* shownHeaders(headers: Headers): Generator<readonly [string, string]> {
  for (const [name, value] of headers) {
    yield [name, SECRET_HEADERS.has(name) || isSecretKey(name) ? REDACTED : value];
  }
}

/** The name of an object's class. */
export function typeName(value: object): string {
  return value.constructor?.name || "Object";
}
