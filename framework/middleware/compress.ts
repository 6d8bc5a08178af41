import type { Middleware } from "../http/types.ts";
import { bodyKind, markWhole } from "../telemetry/response_body.ts";
import { assertInteger } from "./option_checks.ts";

/** What is worth compressing. */
export interface CompressOptions {
  /** Bodies known to have fewer bytes stay as they are; 1,024 unless told. */
  readonly minBytes?: number;
}

const COMPRESSIBLE =
  /^(?:text\/(?!event-stream)|application\/(?:json|javascript|xml|wasm|manifest\+json|x-ndjson|rtf)|font\/(?:ttf|otf)|image\/(?:bmp|x-icon)|[^;]+\+(?:json|xml|text))/i;

/**
 * Compresses responses by gzip for clients that take it: text and its like, with no encoding of
 * their own, large enough to gain. What comes piece by piece is compressed piece by piece: each goes
 * out as soon as it is there.
 *
 * A page that shows a secret beside what its reader sent should not be compressed: its size would
 * tell the secret (BREACH). `Cache-Control: no-transform` on a response leaves it alone.
 *
 * @throws {RangeError} When `minBytes` is no whole number from 0 on.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Application } from "@echelon/framework";
 * import { compress } from "@echelon/framework/middleware";
 *
 * const app = new Application();
 * app.use(compress());
 * app.get("/words", () => "word ".repeat(1000));
 *
 * const headers = { "accept-encoding": "gzip" };
 * const response = await app.handle(new Request("http://localhost/words", { headers }));
 * assert(response.headers.get("content-encoding") === "gzip");
 * assert((await response.bytes()).byteLength < 200);
 * ```
 */
export function compress(options: CompressOptions = {}): Middleware<object> {
  const { minBytes = 1024 } = options;
  assertInteger("least size to compress", minBytes, { from: 0 });

  return async function compress(ctx, next) {
    const response = await next();
    if (!isCompressible(response)) return response;
    // Also on what stays plain: a cache must keep the two apart.
    ctx.responseHeaders.append("vary", "accept-encoding");
    if (!acceptsGzip(ctx.headers.get("accept-encoding"))) return response;
    if (bodyKind(response) === "whole" && response.body !== null) {
      return await compressWhole(response, minBytes);
    }
    const announced = response.headers.get("content-length");
    if (announced !== null && Number(announced) < minBytes) return response;
    // A HEAD's response has no body and still the headers that GET's would have.
    const body = response.body?.pipeThrough(new CompressionStream("gzip")) ?? null;
    return encoded(response, body);
  };
}

function isCompressible({ status, headers }: Response): boolean {
  return status !== 204 && status !== 206 && status !== 304 &&
    !headers.has("content-encoding") && !headers.has("content-range") &&
    !/\bno-transform\b/i.test(headers.get("cache-control") ?? "") &&
    COMPRESSIBLE.test(headers.get("content-type") ?? "");
}

/** Whether gzip is welcome, and at least as much as no encoding is (RFC 9110, section 12.5.3). */
function acceptsGzip(header: string | null): boolean {
  if (header === null) return false;
  const weights = new Map<string, number>();
  for (const item of header.toLowerCase().split(",")) {
    const [coding = "", ...parameters] = item.split(";").map((part) => part.trim());
    const q = parameters.find((parameter) => parameter.startsWith("q="));
    weights.set(coding, q === undefined ? 1 : Number(q.slice(2)) || 0);
  }
  const gzip = weights.get("gzip") ?? weights.get("x-gzip") ?? weights.get("*") ?? 0;
  return gzip > 0 && gzip >= (weights.get("identity") ?? 0);
}

async function compressWhole(response: Response, minBytes: number): Promise<Response> {
  const bytes = await response.bytes();
  if (bytes.byteLength < minBytes) return markWhole(new Response(bytes, response));
  const gzip = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return markWhole(encoded(response, await new Response(gzip).bytes()));
}

function encoded(response: Response, body: BodyInit | null): Response {
  const copy = new Response(body, response);
  copy.headers.set("content-encoding", "gzip");
  // Both speak of the bytes before: their number, and that a part of them can be had.
  copy.headers.delete("content-length");
  copy.headers.delete("accept-ranges");
  const etag = copy.headers.get("etag");
  if (etag !== null && !etag.startsWith("W/")) copy.headers.set("etag", `W/${etag}`);
  return copy;
}
