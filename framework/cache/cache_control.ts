/** The directives of a `Cache-Control` header; `true` for one that has no value. */
export type CacheDirectives = ReadonlyMap<string, string | true>;

const DIRECTIVE =
  /([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?:[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*)))?/g;

/** What RFC 9111, section 1.2.2 makes of more seconds than a cache can reckon with. */
const MOST_SECONDS = 2 ** 31;

const NONE: CacheDirectives = new Map();

/** Reads `Cache-Control`. Of a directive that is there twice the first counts (RFC 9111, 4.2.1). */
export function parseCacheControl(header: string | null): CacheDirectives {
  if (header === null) return NONE;
  const directives = new Map<string, string | true>();
  for (const [, name = "", quoted, plain] of header.matchAll(DIRECTIVE)) {
    const key = name.toLowerCase();
    if (!directives.has(key)) directives.set(key, quoted ?? plain ?? true);
  }
  return directives;
}

/**
 * The seconds that a directive says, or `undefined` where it is not there. What is no number counts
 * as 0: a response whose freshness cannot be read is stale (RFC 9111, 4.2.1).
 */
export function directiveSeconds(directives: CacheDirectives, name: string): number | undefined {
  const value = directives.get(name);
  if (value === undefined) return undefined;
  if (value === true || !/^\d+$/.test(value)) return 0;
  return Math.min(Number(value), MOST_SECONDS);
}
