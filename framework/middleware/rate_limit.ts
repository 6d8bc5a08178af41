import { HttpError } from "../errors.ts";
import type { Context } from "../http/context.ts";
import type { DefaultState, Middleware } from "../http/types.ts";
import { clientKey } from "./client_key.ts";
import { assertInteger } from "./option_checks.ts";
import { MemoryRateLimitStore, type RateLimitStore } from "./rate_limit_store.ts";

/** Who may make how many requests. */
export interface RateLimitOptions<State extends object = DefaultState> {
  /** How many requests a key may make in a window. */
  readonly limit: number;
  /** How long a window lasts, in seconds; 60 unless told. */
  readonly windowSeconds?: number;
  /**
   * Whom a request is counted for: its client's address unless told, where an IPv6 address counts as
   * its /64 network. Nothing returned means that this request is not limited.
   */
  readonly key?: (
    ctx: Context<Record<string, string>, State>,
  ) => string | undefined | Promise<string | undefined>;
  /** Where requests are counted; the process's memory unless told. */
  readonly store?: RateLimitStore;
  /** Tells this limit from others, in the headers and in a store they share; `default` unless told. */
  readonly name?: string;
}

const NAME = /^[\w.-]{1,64}$/;

/**
 * Lets each client make so many requests in a window of time and answers 429 with `Retry-After` to
 * those beyond. Every response says where the client stands, in the headers `RateLimit-Policy` and
 * `RateLimit` of the HTTP API working group's draft.
 *
 * The windows are fixed: at the seam of two, a client can make twice the limit in a short time. A
 * store that fails fails the request.
 *
 * @throws {RangeError} When the limit or the window is no whole number from 1 on.
 * @throws {TypeError} When the name holds anything but letters, digits, `_`, `.` and `-`.
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Application } from "@echelon/framework";
 * import { rateLimit } from "@echelon/framework/middleware";
 *
 * const app = new Application();
 * app.use("/login", rateLimit({ limit: 1, windowSeconds: 60, name: "login" }));
 * app.post("/login", () => "Welcome");
 *
 * const login = () => app.handle(new Request("http://localhost/login", { method: "POST" }));
 * assert((await login()).headers.get("ratelimit") === '"login";r=0;t=60');
 * assert((await login()).status === 429);
 * ```
 */
export function rateLimit<State extends object = DefaultState>(
  options: RateLimitOptions<State>,
): Middleware<State> {
  const { limit, windowSeconds = 60, key = clientKey, name = "default" } = options;
  assertInteger("limit of requests", limit, { from: 1 });
  assertInteger("window of a rate limit in seconds", windowSeconds, { from: 1 });
  if (!NAME.test(name)) {
    throw new TypeError(
      `Cannot name a rate limit "${name}": expected letters, digits, "_", "." and "-", 64 at most`,
    );
  }
  const store = options.store ?? new MemoryRateLimitStore();
  const policy = `"${name}";q=${limit};w=${windowSeconds}`;

  return async function rateLimit(ctx, next) {
    const client = await key(ctx);
    if (client === undefined) return await next();
    const { hits, resetMillis } = await store.hit(`${name}:${client}`, windowSeconds * 1000);
    const seconds = Math.ceil(resetMillis / 1000);
    const remaining = Math.max(0, limit - hits);
    // Appended: where several limits stand around a request, the fields list each.
    ctx.responseHeaders.append("ratelimit-policy", policy);
    ctx.responseHeaders.append("ratelimit", `"${name}";r=${remaining};t=${seconds}`);
    if (hits <= limit) return await next();
    throw new HttpError(429, `Too many requests: try again in ${seconds} s`, {
      headers: { "retry-after": String(seconds) },
    });
  };
}
