import { markWhole } from "../telemetry/response_body.ts";

/** What a 304 repeats of the response it stands for (RFC 9110, section 15.4.5). */
const REPEATED = [
  "age",
  "cache-control",
  "content-location",
  "date",
  "etag",
  "expires",
  "last-modified",
  "vary",
];

const ENTITY_TAG = /(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/g;

/**
 * Whether a client that has what its conditions name has this response (RFC 9110, section 13).
 * `If-None-Match` compares weakly, and where it is there `If-Modified-Since` does not count.
 */
export function isNotModified(request: Headers, response: Headers): boolean {
  const ifNoneMatch = request.get("if-none-match");
  if (ifNoneMatch !== null) return matchesTag(ifNoneMatch, response.get("etag"));
  const since = Date.parse(request.get("if-modified-since") ?? "");
  const modified = Date.parse(response.get("last-modified") ?? "");
  return modified <= since;
}

/** The 304 that stands for a response; its body is let go. */
export function notModified(response: Response): Response {
  response.body?.cancel().catch(() => {});
  const headers = new Headers();
  for (const name of REPEATED) {
    const value = response.headers.get(name);
    if (value !== null) headers.set(name, value);
  }
  return markWhole(new Response(null, { status: 304, headers }));
}

/**
 * The entity tag of a body. Weak, since what stands around the cache may encode the body otherwise.
 */
export async function entityTag(body: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  return `W/"${digest.toBase64({ alphabet: "base64url", omitPadding: true }).slice(0, 27)}"`;
}

function matchesTag(ifNoneMatch: string, etag: string | null): boolean {
  if (ifNoneMatch.trim() === "*") return true;
  if (etag === null) return false;
  const wanted = opaque(etag);
  return (ifNoneMatch.match(ENTITY_TAG) ?? []).some((tag) => opaque(tag) === wanted);
}

function opaque(tag: string): string {
  return tag.startsWith("W/") ? tag.slice(2) : tag;
}
