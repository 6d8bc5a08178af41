// Middleware may stand before a path only. Whether it does is told from the route's pattern when the
// application is built, and from the request's path where the pattern leaves it open.

const DYNAMIC = /[:*(){}\\]/;

/**
 * Checks the path that a middleware is to stand before.
 *
 * @throws {TypeError} When it is none: it starts with `/`, and every path below it is meant anyway.
 */
export function checkScope(path: string): void {
  if (path.startsWith("/") && !path.includes("*")) return;
  throw new TypeError(
    `Cannot use middleware for "${path}": expected a path such as "/admin", which stands for all below it`,
  );
}

/**
 * How a route's pattern lies to a prefix: each of its paths is under it, none is, or it depends.
 *
 * @param pattern The route's pattern.
 * @param prefix A path, or the prefix of a group, which may hold parameters.
 */
export function scopeOf(pattern: string, prefix: string): "always" | "never" | "depends" {
  const segments = pattern.split("/");
  let open = false;
  for (const [index, wanted] of prefix.split("/").entries()) {
    const segment = segments[index];
    if (segment === wanted) continue;
    // A wildcard before the prefix's end stands for any number of segments.
    if (segments.slice(0, index + 1).some((part) => part.includes("*"))) return "depends";
    if (segment === undefined) return open || pattern.includes("?") ? "depends" : "never";
    if (!DYNAMIC.test(segment) && !DYNAMIC.test(wanted)) return "never";
    open = true;
  }
  return open ? "depends" : "always";
}

/** Whether a request's path is under a prefix; as the router reads it, decoded. */
export function isInScope(path: string, prefix: string): boolean {
  const segments = path.split("/");
  return prefix.split("/").every((wanted, index) => {
    const segment = segments[index];
    if (segment === undefined) return false;
    return DYNAMIC.test(wanted) ? segment !== "" : decoded(segment) === decoded(wanted);
  });
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
