import type { Context } from "../http/context.ts";
import type { Next } from "../http/types.ts";
import { bodyKind } from "../telemetry/response_body.ts";
import { entityTag } from "./conditional.ts";
import { planStorage, type StoragePlan, varyNames } from "./freshness.ts";
import { addedHeaders, mergedHeaders } from "./response_headers.ts";
import { storedHeaders, type StoredResponse, wholeResponse } from "./stored_response.ts";

/** A response that came from the handler, and what of it may be stored. */
export interface Captured {
  readonly response: Response;
  /** What was asked. */
  readonly request: Headers;
  /** What others may have; `undefined` where it is for this request only, or not yet whole. */
  readonly stored: CapturedVariant | undefined;
}

/** A response to store, and what it depends on. */
export interface CapturedVariant {
  readonly response: StoredResponse;
  readonly vary: readonly string[];
}

/** How responses are captured. */
export interface CaptureSettings {
  readonly ttl: number | undefined;
  readonly maxBodyBytes: number;
  readonly now: () => number;
  /** Stores a response; called before the last byte of a streamed one is sent on. */
  readonly store: (variant: CapturedVariant) => Promise<void>;
}

/**
 * Lets the handler answer, and stores what may be stored. A body that is whole is stored before it
 * is sent; a streamed one is sent as it comes, and stored at its end, if it gets there.
 */
export async function capture(
  ctx: Context,
  next: Next,
  settings: CaptureSettings,
): Promise<Captured> {
  const before = new Headers(ctx.pendingHeaders);
  const response = await next();
  const request = ctx.headers;
  const pending = ctx.pendingHeaders;
  const plan = planStorage({
    request,
    status: response.status,
    response: mergedHeaders(response.headers, pending ?? []),
    ttl: settings.ttl,
  });
  if (plan === undefined) return { response, request, stored: undefined };
  const headers = mergedHeaders(response.headers, addedHeaders(before, pending));
  // A stream ages from its first byte on, not from the last.
  const storedAt = settings.now();
  const variant = (body: Uint8Array<ArrayBuffer>): CapturedVariant =>
    newVariant({ status: response.status, headers, body, plan, storedAt });

  if (bodyKind(response) !== "whole") {
    return { response: followed(response, variant, settings), request, stored: undefined };
  }
  const body = new Uint8Array(await response.arrayBuffer());
  const own = new Headers(response.headers);
  if (body.byteLength > settings.maxBodyBytes) {
    return { response: wholeResponse(body, response.status, own), request, stored: undefined };
  }
  if (response.status === 200 && !headers.has("etag")) {
    const etag = await entityTag(body);
    headers.set("etag", etag);
    own.set("etag", etag);
  }
  const stored = variant(body);
  await settings.store(stored);
  return { response: wholeResponse(body, response.status, own), request, stored };
}

/** Reads a body that nobody else reads, so that it is stored; gives up past the bound. */
export async function drain(response: Response, maxBytes: number): Promise<void> {
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) return;
  }
}

function newVariant(
  parts: {
    readonly status: number;
    readonly headers: Headers;
    readonly body: Uint8Array<ArrayBuffer>;
    readonly plan: StoragePlan;
    readonly storedAt: number;
  },
): CapturedVariant {
  const { headers, ...rest } = parts;
  const names = varyNames(headers);
  const age = Number(headers.get("age") ?? 0);
  return {
    response: {
      kind: "response",
      headers: storedHeaders(headers),
      // An upstream cache's share of the age (RFC 9111, section 4.2.3).
      ageThen: age > 0 ? age : 0,
      ...rest,
    },
    vary: names === "everything" ? [] : names,
  };
}

/** The same response, whose body is kept on the way while it stays within the bound. */
function followed(
  response: Response,
  variant: (body: Uint8Array<ArrayBuffer>) => CapturedVariant,
  { maxBodyBytes, store }: CaptureSettings,
): Response {
  let chunks: Uint8Array<ArrayBuffer>[] | undefined = [];
  let bytes = 0;
  const collector = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      controller.enqueue(chunk);
      bytes += chunk.byteLength;
      if (bytes > maxBodyBytes) chunks = undefined;
      // A copy: the runtime may hand the chunk's buffer on.
      else chunks?.push(chunk.slice());
    },
    async flush() {
      if (chunks === undefined) return;
      await store(variant(new Uint8Array(await new Blob(chunks).arrayBuffer())));
    },
  });
  const body = response.body?.pipeThrough(collector) ?? null;
  return new Response(body, response);
}
