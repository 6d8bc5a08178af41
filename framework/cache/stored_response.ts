import { createHash } from "node:crypto";
import { redactQuery } from "../telemetry/redact.ts";
import { markWhole } from "../telemetry/response_body.ts";
import type { StoragePlan } from "./freshness.ts";

/** A response as it lies in a cache. */
export interface StoredResponse {
  readonly kind: "response";
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array<ArrayBuffer>;
  /** When it was stored, in milliseconds since the epoch. */
  readonly storedAt: number;
  /** How old it was then, in seconds. */
  readonly ageThen: number;
  readonly plan: StoragePlan;
}

/** What lies in a response's place where it depends on request headers. */
export interface VaryMarker {
  readonly kind: "vary";
  /** The names of those headers, in order. */
  readonly names: readonly string[];
  /** Part of the variants' keys: with the marker all of them are gone. */
  readonly id: string;
}

/** What concerns one connection only, or is told anew each time. */
const NOT_STORED: ReadonlySet<string> = new Set([
  "age",
  "cache-status",
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authentication-info",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Where a request came from, as far as it tells resources apart. */
export interface ResourceAddress {
  readonly scheme: string;
  readonly host: string;
  readonly port: number | undefined;
  readonly path: string;
  /** The query as it came, without the `?`. */
  readonly query: string;
}

/**
 * The key of a resource. It is told in telemetry, so a query that holds a secret stands in it as
 * a digest, after a `#`, which no request has.
 */
export function resourceKey({ scheme, host, port, path, query }: ResourceAddress): string {
  const origin = `${scheme}://${host}${port === undefined ? "" : `:${port}`}`;
  if (query === "") return `${origin}${path}`;
  return redactQuery(query) === query
    ? `${origin}${path}?${query}`
    : `${origin}${path}#${digestOf(query)}`;
}

/** The key of one variant: the headers it depends on may be secrets, so they go in as a digest. */
export function variantKey(resource: string, marker: VaryMarker, request: Headers): string {
  const values = marker.names.map((name) => [name, request.get(name)]);
  return `${resource} ${digestOf(JSON.stringify([marker.id, values]))}`;
}

/** Whether two requests get the same variant. */
export function sameVariant(names: readonly string[], one: Headers, other: Headers): boolean {
  return names.every((name) => one.get(name) === other.get(name));
}

/** The headers of a response that are stored with it. */
export function storedHeaders(headers: Headers): [string, string][] {
  const named = (headers.get("connection") ?? "").toLowerCase().split(",").map((name) =>
    name.trim()
  );
  return [...headers].filter(([name]) => !NOT_STORED.has(name) && !named.includes(name));
}

/** How old a stored response is, in seconds. */
export function ageOf(stored: StoredResponse, now: number): number {
  return stored.ageThen + Math.max(0, now - stored.storedAt) / 1000;
}

/** A stored response as it is sent once more. */
export function replay(stored: StoredResponse, age: number): Response {
  const headers = new Headers(stored.headers.map(([name, value]) => [name, value]));
  headers.set("age", String(Math.floor(age)));
  return wholeResponse(stored.body, stored.status, headers);
}

/** A response with a body that is known whole; none for a status that has none. */
export function wholeResponse(
  body: Uint8Array<ArrayBuffer>,
  status: number,
  headers: Headers,
): Response {
  const content = body.byteLength === 0 ? null : body;
  return markWhole(new Response(content, { status, headers }));
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}
