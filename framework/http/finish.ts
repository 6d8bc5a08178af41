import { bodyKind, markStreamed, markWhole } from "../telemetry/response_body.ts";
import type { Context } from "./context.ts";

/** Gives a response the headers that were asked for on the way, and a HEAD's none of its body. */
export function finishResponse<Params, State extends object>(
  ctx: Context<Params, State>,
  response: Response,
): Response {
  const { pendingHeaders } = ctx;
  const complete = pendingHeaders === undefined ? response : withHeaders(response, pendingHeaders);
  return ctx.method === "HEAD" ? withoutBody(complete) : complete;
}

/** Headers that say more than one thing and so add up. */
const ADDED: ReadonlySet<string> = new Set(["set-cookie", "vary"]);

function withHeaders(response: Response, pending: Headers): Response {
  const keep = response.status === 101 || !mayBeShared(response) && isMutable(response.headers);
  const target = keep ? response : copyOf(response);
  for (const [name, value] of pending) {
    if (ADDED.has(name)) target.headers.append(name, value);
    else if (!target.headers.has(name)) target.headers.set(name, value);
  }
  return target;
}

/**
 * Whether the application may answer with this object more than once: one without a body can be a
 * constant of its own, and what one client is told must not reach the next.
 */
function mayBeShared({ status, headers }: Response): boolean {
  return status === 204 || status === 205 || status >= 300 && status < 400 ||
    !headers.has("content-type");
}

/** A response that came from `fetch`, or from `Response.redirect`, refuses changes. */
function isMutable(headers: Headers): boolean {
  try {
    headers.delete("x-echelon-probe");
    return true;
  } catch {
    return false;
  }
}

function copyOf(response: Response): Response {
  const kind = bodyKind(response);
  const copy = new Response(response.body, response);
  if (kind === "streamed") return markStreamed(copy);
  return kind === "whole" ? markWhole(copy) : copy;
}

function withoutBody(response: Response): Response {
  // What would have produced the body is told that nobody reads it; how it takes that is its own.
  response.body?.cancel().catch(() => {});
  const { status, statusText, headers } = response;
  return markWhole(new Response(null, { status, statusText, headers }));
}
