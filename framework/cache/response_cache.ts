import { setTimeout } from "node:timers/promises";
import type { Context } from "../http/context.ts";
import type { DefaultState, Middleware, Next } from "../http/types.ts";
import { markWhole } from "../telemetry/response_body.ts";
import type { Cache } from "./cache.ts";
import { type CacheDirectives, parseCacheControl } from "./cache_control.ts";
import { capture, type Captured, drain } from "./capture.ts";
import { Changes } from "./changes.ts";
import { isNotModified, notModified } from "./conditional.ts";
import { judge, mayShare } from "./freshness.ts";
import { mergedHeaders } from "./response_headers.ts";
import { ageOf, replay, resourceKey, sameVariant, type StoredResponse } from "./stored_response.ts";
import { SingleFlight } from "./single_flight.ts";
import { checkTtl, readTags } from "./terms.ts";
import { type Place, Variants } from "./variants.ts";

/** How responses are cached. */
export interface ResponseCacheOptions {
  /** Where they are kept. */
  readonly cache: Cache;
  /**
   * How long, in seconds, a response is fresh that says nothing of it; such are not stored unless
   * told. They are never stored for, or served to, a request with a cookie or `Authorization`.
   */
  readonly ttl?: number;
  /** The most bytes of a body; 1 MiB unless told. Larger ones pass through. */
  readonly maxBodyBytes?: number;
  /** What the responses can be invalidated by, with `cache.invalidateTag()`. */
  readonly tags?: readonly string[];
  /**
   * Whether a client's own `Cache-Control` counts: `honour` unless told. With `ignore`, no client can
   * make the handler work by asking for what is newer.
   */
  readonly requestDirectives?: "honour" | "ignore";
}

const DEFAULT_MAX_BODY_BYTES = 1024 * 1024;
const NO_DIRECTIVES: CacheDirectives = new Map();
/** After any other that succeeded, what is stored is out of date (RFC 9111, section 4.4). */
const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);

/**
 * A middleware that answers GET and HEAD from a cache, as a shared cache by RFC 9111 does: what the
 * responses' own `Cache-Control`, `Vary` and `Set-Cookie` allow, for as long as they allow it. It
 * answers conditions with 304, tells `Age` and `Cache-Status`, and lets the handler run once for
 * requests that come together.
 *
 * What stands inside it is cached; middleware outside it runs for every request, and so decides
 * first who may see anything at all.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Application } from "@echelon/framework";
 * import { Cache, responseCache } from "@echelon/framework/cache";
 *
 * const app = new Application();
 * let made = 0;
 * app.use(responseCache({ cache: new Cache({ name: "pages" }) }));
 * app.get("/products", (ctx) => {
 *   made += 1;
 *   return ctx.json(["tea"], { headers: { "cache-control": "public, max-age=60" } });
 * });
 *
 * for (let times = 0; times < 3; times++) {
 *   await app.handle(new Request("http://localhost/products"));
 * }
 * assert(made === 1);
 * ```
 *
 * @throws {TypeError | RangeError} When an option is out of its range.
 */
export function responseCache<State extends object = DefaultState>(
  options: ResponseCacheOptions,
): Middleware<State> {
  const responses = new ResponseCache(options);
  return function responseCache(ctx, next) {
    return responses.serve(ctx as Context, next);
  };
}

class ResponseCache {
  readonly #cache: Cache;
  readonly #ttl: number | undefined;
  readonly #maxBodyBytes: number;
  readonly #variants: Variants;
  readonly #honour: boolean;
  readonly #changes = new Changes();
  readonly #flights = new SingleFlight<void, Captured>();

  constructor(options: ResponseCacheOptions) {
    const { cache, ttl, maxBodyBytes = DEFAULT_MAX_BODY_BYTES, tags = [] } = options;
    if (ttl !== undefined) checkTtl("ttl", ttl);
    if (!(maxBodyBytes > 0)) {
      throw new RangeError(
        `Cannot cache responses with maxBodyBytes ${maxBodyBytes}: expected a number above 0`,
      );
    }
    this.#cache = cache;
    this.#ttl = ttl;
    this.#maxBodyBytes = maxBodyBytes;
    this.#variants = new Variants(cache, readTags(tags));
    this.#honour = options.requestDirectives !== "ignore";
  }

  async serve(ctx: Context, next: Next): Promise<Response> {
    const { method, headers } = ctx;
    const { scheme, host, port } = ctx.origin;
    const query = ctx.url.search.slice(1);
    const resource = resourceKey({ scheme, host, port, path: ctx.path, query });
    if (!SAFE_METHODS.has(method)) return await this.#invalidateAfter(resource, next);
    const asked = this.#honour ? parseCacheControl(headers.get("cache-control")) : NO_DIRECTIVES;
    const aside = method !== "GET" && method !== "HEAD" || headers.has("range");
    if (aside || asked.has("no-store")) return this.#tell(ctx, await next(), "fwd=bypass");

    const place = await this.#variants.find(resource, headers);
    const { stored } = place;
    const use = stored === undefined ? "none" : this.#judge(stored, headers, asked);
    if (stored !== undefined && use !== "none") {
      if (use === "stale") this.#refresh(ctx, next, place);
      return this.#hit(ctx, stored);
    }
    if (asked.has("only-if-cached")) return markWhole(new Response(null, { status: 504 }));
    // The response to a HEAD has no body to store.
    if (method === "HEAD") return this.#tell(ctx, await next(), "fwd=miss");
    // What is stored will not do for this client, so nor will what others are waiting for.
    if (stored !== undefined) {
      const { response } = await this.#capture(ctx, next, place);
      return this.#tell(ctx, response, "fwd=request");
    }
    return await this.#fetch(ctx, next, { place, asked });
  }

  async #fetch(
    ctx: Context,
    next: Next,
    { place, asked }: { place: Place; asked: CacheDirectives },
  ): Promise<Response> {
    const joined = this.#flights.get(place.key);
    if (joined !== undefined) {
      // An error may concern the one who began only, as what is private does.
      const { stored, request } = await joined.value.catch((): Partial<Captured> => ({}));
      if (
        stored !== undefined && request !== undefined &&
        sameVariant(stored.vary, request, ctx.headers) &&
        this.#judge(stored.response, ctx.headers, asked) === "fresh"
      ) return this.#hit(ctx, stored.response);
      const { response } = await this.#capture(ctx, next, place);
      return this.#tell(ctx, response, "fwd=miss");
    }
    const flight = this.#flights.begin(place.key, {
      found: Promise.resolve(),
      tags: [place.resource],
      proceed: () => this.#capture(ctx, next, place),
    });
    const { response } = await flight.value;
    return this.#tell(ctx, response, "fwd=miss");
  }

  #capture(ctx: Context, next: Next, place: Place): Promise<Captured> {
    const { invalidations } = this.#cache;
    const began = this.#changes.now();
    return capture(ctx, next, {
      ttl: this.#ttl,
      maxBodyBytes: this.#maxBodyBytes,
      now: () => this.#cache.now(),
      store: async (variant) => {
        const outdated = this.#changes.since(began, place.resource) ||
          this.#cache.invalidations !== invalidations;
        if (!outdated) await this.#variants.store(place, variant, ctx.headers);
      },
    });
  }

  /** Lets the handler answer once more, for the cache alone. */
  #refresh(ctx: Context, next: Next, place: Place): void {
    this.#cache.refreshInBackground(place.key, async () => {
      // Not before this response is on its way: both share the context's headers.
      await (ctx.info.completed?.catch(() => {}) ?? setTimeout(0));
      const { response } = await this.#capture(ctx, next, place);
      await drain(response, this.#maxBodyBytes);
    });
  }

  async #invalidateAfter(resource: string, next: Next): Promise<Response> {
    const response = await next();
    if (response.status < 200 || response.status > 399) return response;
    this.#changes.note(resource);
    this.#flights.overtakeAll(resource);
    // A store that fails says so on its span. The client's change is made, and must not look undone.
    await this.#variants.forget(resource).catch(() => {});
    return response;
  }

  #judge(
    stored: StoredResponse,
    request: Headers,
    asked: CacheDirectives,
  ): "fresh" | "stale" | "none" {
    if (!mayShare(stored.plan, request)) return "none";
    return judge(stored.plan, ageOf(stored, this.#cache.now()), asked);
  }

  #hit(ctx: Context, stored: StoredResponse): Response {
    const age = ageOf(stored, this.#cache.now());
    const ttl = Math.floor(stored.plan.freshSeconds - age);
    return this.#tell(ctx, replay(stored, age), `hit; ttl=${ttl}`);
  }

  /** Says where the response came from (RFC 9211), and answers the request's conditions. */
  #tell(ctx: Context, response: Response, how: string): Response {
    ctx.responseHeaders.set("cache-status", `Echelon; ${how}`);
    const conditional = ctx.headers.has("if-none-match") || ctx.headers.has("if-modified-since");
    if (!conditional || response.status !== 200) return response;
    const merged = mergedHeaders(response.headers, ctx.responseHeaders);
    return isNotModified(ctx.headers, merged) ? notModified(response) : response;
  }
}
