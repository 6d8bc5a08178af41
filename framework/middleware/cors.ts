import type { Context } from "../http/context.ts";
import { emptyResponse } from "../http/response.ts";
import type { Middleware } from "../http/types.ts";
import { assertInteger } from "./option_checks.ts";

/** Decides whether pages of an origin may read the responses. */
export type OriginCheck = (
  origin: string,
  ctx: Context<Record<string, string>, object>,
) => boolean | Promise<boolean>;

/** Whom a server lets read its responses from a page of another origin, and how. */
export interface CorsOptions {
  /**
   * `*` for everyone; an origin such as `https://shop.example`, or several; or a function.
   */
  readonly origin: string | readonly string[] | OriginCheck;
  /** The methods allowed; GET, HEAD, PUT, PATCH, POST and DELETE unless told. */
  readonly methods?: readonly string[];
  /** The request headers allowed; whichever the browser asks for unless told. */
  readonly allowedHeaders?: readonly string[];
  /** The response headers that a page may read, beyond those it always may. */
  readonly exposedHeaders?: readonly string[];
  /** Whether requests with cookies are allowed: `false` unless told. */
  readonly credentials?: boolean;
  /** How long a browser may keep the answer to a preflight, in seconds; its own 5 s unless told. */
  readonly maxAge?: number;
}

const DEFAULT_METHODS = ["GET", "HEAD", "PUT", "PATCH", "POST", "DELETE"];

/**
 * Lets pages of other origins read the responses (CORS, of the Fetch standard), and answers
 * preflights itself. An origin that is not allowed gets the response without the headers, which its
 * browser then keeps from the page; it is no protection against the request itself.
 *
 * Put it around the application or a path by `app.use`: a preflight has no route of its own, so a
 * group's or a route's middleware never hears of it.
 *
 * @throws {TypeError} When `*` stands together with credentials, or an origin is not written as
 *   browsers send it.
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Application } from "@echelon/framework";
 * import { cors } from "@echelon/framework/middleware";
 *
 * const app = new Application();
 * app.use("/api", cors({ origin: ["https://shop.example"], credentials: true }));
 * app.get("/api/orders", () => []);
 *
 * const headers = { origin: "https://shop.example" };
 * const response = await app.handle(new Request("http://localhost/api/orders", { headers }));
 * assert(response.headers.get("access-control-allow-origin") === "https://shop.example");
 * ```
 */
export function cors(options: CorsOptions): Middleware<object> {
  const { credentials = false, maxAge, allowedHeaders } = options;
  if (credentials) refuseWildcards(options);
  if (maxAge !== undefined) assertInteger("maximum age of a preflight", maxAge, { from: 0 });
  const isAllowed = originCheck(options.origin);
  const forEveryone = options.origin === "*";
  const methods = (options.methods ?? DEFAULT_METHODS).join(", ");
  const exposed = options.exposedHeaders?.join(", ");

  return async function cors(ctx, next) {
    const { headers, responseHeaders } = ctx;
    // Also on the answer to a request without an origin: a cache could serve it to one with.
    if (!forEveryone) responseHeaders.append("vary", "origin");
    const origin = headers.get("origin");
    if (origin === null) return await next();

    const preflight = ctx.method === "OPTIONS" && headers.has("access-control-request-method");
    const allowed = await isAllowed(origin, ctx);
    if (allowed) {
      responseHeaders.set("access-control-allow-origin", forEveryone ? "*" : origin);
      if (credentials) responseHeaders.set("access-control-allow-credentials", "true");
    }
    if (!preflight) {
      if (allowed && exposed) responseHeaders.set("access-control-expose-headers", exposed);
      return await next();
    }
    if (allowedHeaders === undefined) {
      responseHeaders.append("vary", "access-control-request-headers");
    }
    if (!allowed) return emptyResponse(204);
    responseHeaders.set("access-control-allow-methods", methods);
    const requested = allowedHeaders?.join(", ") ?? headers.get("access-control-request-headers");
    if (requested) responseHeaders.set("access-control-allow-headers", requested);
    if (maxAge !== undefined) responseHeaders.set("access-control-max-age", String(maxAge));
    return emptyResponse(204);
  };
}

function originCheck(origin: CorsOptions["origin"]): OriginCheck {
  if (typeof origin === "function") return origin;
  if (origin === "*") return () => true;
  const origins = new Set(typeof origin === "string" ? [origin] : origin);
  for (const entry of origins) assertOrigin(entry);
  return (origin) => origins.has(origin);
}

/** An origin is compared as text, so one that no browser would send would silently never match. */
function assertOrigin(origin: string): void {
  const url = URL.parse(origin);
  // Schemes that the URL standard does not know, such as an app's own, have no origin there.
  const sent = url?.origin === "null" ? `${url.protocol}//${url.host}` : url?.origin;
  if (sent === origin) return;
  throw new TypeError(
    `Cannot allow the origin "${origin}": expected a scheme, a host and a port other than the ` +
      `scheme's own, such as "https://shop.example"`,
  );
}

/** With credentials the Fetch standard takes `*` for a name, not for everything. */
function refuseWildcards(options: CorsOptions): void {
  for (const name of ["origin", "methods", "allowedHeaders", "exposedHeaders"] as const) {
    const value = options[name];
    if (value !== "*" && !(Array.isArray(value) && value.includes("*"))) continue;
    throw new TypeError(
      `Cannot allow credentials together with "*" as ${name}: browsers refuse that; list what is allowed`,
    );
  }
}
