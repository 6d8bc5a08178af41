import type { Context } from "../http/context.ts";
import type { Middleware } from "../http/types.ts";
import { context, isOTELEnabled } from "../telemetry/otel.ts";
import {
  deleteRequestContext,
  getRequestContext,
  setRequestContext,
} from "../telemetry/otel_context.ts";

/** The header that carries a request's id, in and out. */
export const REQUEST_ID_HEADER = "x-request-id";

/** What an id may look like: it ends up in logs, headers and URLs, so nothing that means more there. */
const SANE_ID = /^[\w.:@=+-]{1,128}$/;

/** How request ids are chosen. */
export interface RequestIdOptions {
  /** Whether a caller's own id is taken where it is sane: `true` unless told. */
  readonly trustIncoming?: boolean;
  /** Makes an id; a random UUID unless told. */
  readonly generate?: () => string;
}

/**
 * Gives each request an id: the caller's `X-Request-Id` where it is sane, else a new one. The
 * response carries it, an error's too, and {@linkcode requestIdOf} tells it. While telemetry is on,
 * `getRequestContext(id)` finds the request's trace until its response has been sent.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Application } from "@echelon/framework";
 * import { requestId, requestIdOf } from "@echelon/framework/middleware";
 *
 * const app = new Application();
 * app.use(requestId());
 * app.get("/", (ctx) => `This is ${requestIdOf(ctx)}`);
 *
 * const headers = { "x-request-id": "order-7" };
 * const response = await app.handle(new Request("http://localhost/", { headers }));
 * assert(response.headers.get("x-request-id") === "order-7");
 * assert(await response.text() === "This is order-7");
 * ```
 */
export function requestId(options: RequestIdOptions = {}): Middleware<object> {
  const { trustIncoming = true, generate = () => crypto.randomUUID() } = options;
  return async function requestId(ctx, next) {
    const incoming = trustIncoming ? ctx.headers.get(REQUEST_ID_HEADER) : null;
    const id = incoming !== null && SANE_ID.test(incoming) ? incoming : generate();
    ctx.responseHeaders.set(REQUEST_ID_HEADER, id);
    if (!isOTELEnabled()) return await next();

    const own = context.active();
    // A caller may use one id for several requests at a time: the last one's context is kept, and
    // only it takes that away.
    const forget = () => {
      if (getRequestContext(id) === own) deleteRequestContext(id);
    };
    setRequestContext(id, own);
    const { completed } = ctx.info;
    completed?.then(forget, forget);
    try {
      return await next();
    } finally {
      if (completed === undefined) forget();
    }
  };
}

/**
 * The id that {@linkcode requestId} gave a request.
 *
 * @returns `undefined` where that middleware does not stand around the request.
 */
export function requestIdOf<Params, State extends object>(
  ctx: Context<Params, State>,
): string | undefined {
  return ctx.pendingHeaders?.get(REQUEST_ID_HEADER) ?? undefined;
}
