import { type CacheDirectives, directiveSeconds, parseCacheControl } from "./cache_control.ts";

/** For how long a response may be served, and to whom. */
export interface StoragePlan {
  /** How long it is fresh, in seconds. */
  readonly freshSeconds: number;
  /** How long after that it may be served while it is refreshed, in seconds. */
  readonly staleSeconds: number;
  /** Whether it is also for requests with credentials of their own. */
  readonly open: boolean;
  /** Whether it said itself how long it is fresh. */
  readonly explicit: boolean;
}

/** What a plan is made from. */
export interface StorageQuestion {
  readonly request: Headers;
  readonly status: number;
  readonly response: Headers;
  /** How long a response is fresh that does not say, in seconds; such are not stored without. */
  readonly ttl: number | undefined;
}

/** The final statuses that this cache understands; not 206, whose body is not whole. */
const STORABLE: ReadonlySet<number> = new Set([
  200,
  203,
  204,
  300,
  301,
  302,
  307,
  308,
  404,
  405,
  410,
  414,
  501,
]);

/** Directives that a shared cache may store nothing under, or nothing it could use unasked. */
const FORBIDDING = ["no-store", "private", "no-cache"];
/** Directives that open a response to requests with credentials (RFC 9111, section 3.5). */
const OPENING = ["public", "s-maxage", "must-revalidate"];
/** Directives that forbid what is stale, whatever else allows it. */
const REVALIDATING = ["must-revalidate", "proxy-revalidate"];

/**
 * Whether a shared cache may store the response to a GET, and for how long (RFC 9111, section 3);
 * `undefined` where it may not. A response that sets a cookie is meant for one client.
 */
export function planStorage(question: StorageQuestion): StoragePlan | undefined {
  const { request, status, response, ttl } = question;
  if (!STORABLE.has(status) || response.has("set-cookie")) return undefined;
  if (response.get("content-type")?.startsWith("text/event-stream")) return undefined;
  if (varyNames(response) === "everything") return undefined;
  const directives = parseCacheControl(response.get("cache-control"));
  if (FORBIDDING.some((name) => directives.has(name))) return undefined;
  const stated = statedFreshness(directives, response);
  const freshSeconds = stated ?? ttl;
  if (freshSeconds === undefined) return undefined;
  const plan = {
    freshSeconds,
    staleSeconds: REVALIDATING.some((name) => directives.has(name))
      ? 0
      : directiveSeconds(directives, "stale-while-revalidate") ?? 0,
    open: OPENING.some((name) => directives.has(name)),
    explicit: stated !== undefined,
  };
  return plan.freshSeconds + plan.staleSeconds > 0 && mayShare(plan, request) ? plan : undefined;
}

/**
 * Whether a stored response and a request may meet. One with `Authorization` wants a response that
 * is open; so does one with a cookie, where the response did not itself say that it is for all.
 */
export function mayShare(
  plan: Pick<StoragePlan, "open" | "explicit">,
  request: Headers,
): boolean {
  if (plan.open) return true;
  if (request.has("authorization")) return false;
  return plan.explicit || !request.has("cookie");
}

/** Which request headers a response depends on, in order, or `everything` for `*`. */
export function varyNames(response: Headers): readonly string[] | "everything" {
  const names = (response.get("vary") ?? "").toLowerCase().split(",").map((name) => name.trim());
  if (names.includes("*")) return "everything";
  return [...new Set(names.filter((name) => name !== ""))].sort();
}

/**
 * Whether a response of this age may be served, `stale` once it is being refreshed, by its own plan
 * and by the request's directives (RFC 9111, section 5.2.1).
 */
export function judge(
  { freshSeconds, staleSeconds }: StoragePlan,
  age: number,
  request: CacheDirectives,
): "fresh" | "stale" | "none" {
  const maxAge = directiveSeconds(request, "max-age") ?? Infinity;
  const minFresh = directiveSeconds(request, "min-fresh") ?? 0;
  if (request.has("no-cache") || maxAge === 0 || age > maxAge) return "none";
  if (age + minFresh < freshSeconds) return "fresh";
  return minFresh === 0 && age < freshSeconds + staleSeconds ? "stale" : "none";
}

function statedFreshness(directives: CacheDirectives, response: Headers): number | undefined {
  const stated = directiveSeconds(directives, "s-maxage") ??
    directiveSeconds(directives, "max-age");
  if (stated !== undefined) return stated;
  const expires = response.get("expires");
  if (expires === null) return undefined;
  const from = Date.parse(response.get("date") ?? "");
  const until = Date.parse(expires);
  // An invalid date, such as "0", is in the past (RFC 9111, section 5.3).
  if (Number.isNaN(until)) return 0;
  return Math.max(0, (until - (Number.isNaN(from) ? Date.now() : from)) / 1000);
}
