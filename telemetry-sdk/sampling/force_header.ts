import { Buffer } from "node:buffer";
import { createHmac, timingSafeEqual } from "node:crypto";
import { shown } from "./option_checks.ts";

/** The header by which one request is forced to be traced. */
export const FORCE_TRACE_HEADER = "x-echelon-trace";

/** A header that is good for longer is refused, even where its signature is right. */
const LONGEST_SECONDS = 3600;
const SHORTEST_SECRET_BYTES = 32;
/** A version, the time it ends as seconds since 1970, and 256 bits as base64url. */
const FORM = /^v1\.([1-9]\d{0,11})\.([A-Za-z0-9_-]{43})$/;

/** What signs and verifies: text, or bytes; 32 bytes at least. */
export type ForceTraceSecret = string | Uint8Array;

/** How a header is signed. */
export interface SignTraceHeaderOptions {
  /** How long it is good for, from 1 to 3600; 300 unless told. */
  readonly expiresInSeconds?: number | undefined;
  /** The time now, in milliseconds since 1970; `Date.now` unless told. */
  readonly now?: (() => number) | undefined;
}

/**
 * Makes a value of the header `x-echelon-trace`, which has one request traced whatever the sampler
 * says, where the service has a {@linkcode ForceTracePropagator} with the same secret. It can be
 * used again until it ends, so it is best short.
 *
 * @param secret At least 32 bytes, shared with the service.
 * @param options How long it is good for.
 * @returns `v1.<end>.<signature>`.
 * @throws {TypeError} When the secret is too short.
 * @throws {RangeError} When the time is out of range.
 *
 * @example
 * ```ts
 * import { FORCE_TRACE_HEADER, signTraceHeader } from "@echelon/telemetry-sdk";
 *
 * const secret = "correct horse battery staple, 32 bytes";
 * const headers = { [FORCE_TRACE_HEADER]: signTraceHeader(secret, { expiresInSeconds: 60 }) };
 * ```
 */
export function signTraceHeader(
  secret: ForceTraceSecret,
  { expiresInSeconds = 300, now = Date.now }: SignTraceHeaderOptions = {},
): string {
  checkSecret(secret);
  if (!(expiresInSeconds >= 1 && expiresInSeconds <= LONGEST_SECONDS)) {
    throw new RangeError(
      `Bad "expiresInSeconds" ${shown(expiresInSeconds)}: expected from 1 to ${LONGEST_SECONDS}`,
    );
  }
  const end = String(Math.floor(now() / 1000 + expiresInSeconds));
  return `v1.${end}.${signature(secret, end)}`;
}

/**
 * Whether a header was signed with the secret and is still good. The comparison takes the same time
 * wherever a signature differs.
 *
 * @param secret The service's.
 * @param header What came.
 * @param nowMillis The time now, in milliseconds since 1970.
 */
export function verifyTraceHeader(
  secret: ForceTraceSecret,
  header: string,
  nowMillis: number,
): boolean {
  const [, end, signed] = FORM.exec(header) ?? [];
  if (end === undefined || signed === undefined) return false;
  const right = timingSafeEqual(Buffer.from(signature(secret, end)), Buffer.from(signed));
  const left = Number(end) - nowMillis / 1000;
  return right && left > 0 && left <= LONGEST_SECONDS;
}

/**
 * Refuses a secret that could be guessed.
 *
 * @throws {TypeError} When it is too short, or no secret at all; the message does not show it.
 */
export function checkSecret(secret: unknown): void {
  const bytes = typeof secret === "string"
    ? Buffer.byteLength(secret)
    : secret instanceof Uint8Array
    ? secret.byteLength
    : 0;
  if (bytes < SHORTEST_SECRET_BYTES) {
    throw new TypeError(
      `The secret for "${FORCE_TRACE_HEADER}" has ${bytes} bytes: ` +
        `expected a text or bytes, ${SHORTEST_SECRET_BYTES} at least`,
    );
  }
}

/** The name before the time keeps a signature from meaning anything elsewhere. */
function signature(secret: ForceTraceSecret, end: string): string {
  return createHmac("sha256", secret).update(`${FORCE_TRACE_HEADER}.v1.${end}`).digest("base64url");
}
