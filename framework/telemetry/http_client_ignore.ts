import { diag } from "@opentelemetry/api";

/**
 * Requests that telemetry leaves alone: those for which a function says so, or those whose URL
 * begins with one of some URLs, or matches one of some patterns.
 */
export type IgnoredRequests = ((url: URL) => boolean) | readonly (string | RegExp)[];

/**
 * Tells whether a request is to be left alone. It never throws.
 *
 * @param ignored Which are.
 * @throws {TypeError} When `ignored` holds what is no absolute URL and no pattern.
 */
export function ignoreRule(ignored: IgnoredRequests = []): (url: URL) => boolean {
  if (typeof ignored === "function") return (url) => judged(() => ignored(url));
  if (!Array.isArray(ignored)) {
    throw new TypeError(
      `The option "ignore" is a ${typeof ignored}: expected a function, or a list of URLs and patterns`,
    );
  }
  const rules = ignored.map(rule);
  return (url) => rules.some((matches) => matches(url));
}

function rule(entry: string | RegExp): (url: URL) => boolean {
  // Unlike `test`, `search` looks at the whole text each time, also by a pattern that remembers.
  if (entry instanceof RegExp) return ({ href }) => href.search(entry) !== -1;
  const prefix = typeof entry === "string" ? URL.parse(entry) : null;
  if (prefix === null || prefix.origin === "null") {
    throw new TypeError(
      `Cannot ignore "${String(entry)}": expected an absolute URL, such as ` +
        `"https://shop.example/health", or a pattern`,
    );
  }
  const { origin, pathname, search } = prefix;
  // By its parts, since "https://shop.example" begins "https://shop.example.evil.test" as well.
  return (url) =>
    url.origin === origin && (url.pathname + url.search).startsWith(pathname + search);
}

function judged(decide: () => boolean): boolean {
  try {
    return decide() === true;
  } catch (error) {
    diag.error("Could not tell whether a request is to be traced", error);
    return false;
  }
}
