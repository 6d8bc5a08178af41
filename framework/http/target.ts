/**
 * Where a request is aimed at, cut out of its URL as text. Building a `URL` costs a microsecond per
 * request and most requests never need one.
 */
export interface RequestTarget {
  /** `http` or `https`. */
  readonly scheme: string;
  /** Host and port as the client wrote them. */
  readonly authority: string;
  /** The path, percent-encoded as it came; `/` where it is empty. */
  readonly path: string;
  /** The query without `?`; empty where there is none. */
  readonly query: string;
}

/** Cuts a URL, absolute and without a fragment as a server receives it, into its parts. */
export function parseTarget(url: string): RequestTarget {
  const schemeEnd = url.indexOf("://");
  const start = schemeEnd + 3;
  const queryAt = url.indexOf("?", start);
  const end = queryAt === -1 ? url.length : queryAt;
  const slash = url.indexOf("/", start);
  const pathAt = slash === -1 || slash > end ? end : slash;
  return {
    scheme: url.slice(0, schemeEnd),
    authority: url.slice(start, pathAt),
    path: url.slice(pathAt, end) || "/",
    query: queryAt === -1 ? "" : url.slice(queryAt + 1),
  };
}

const PLAIN_AUTHORITY = /^[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,4})?$/i;

/** What is wrong with a target, as a sentence for the client, or `undefined` where it is sound. */
export function targetFault(
  target: RequestTarget,
  url: string,
): string | undefined {
  if (!PLAIN_AUTHORITY.test(target.authority) && !URL.canParse(url)) {
    return `The request's host "${target.authority}" is not valid`;
  }
  if (/\/(\.|%2e){1,2}(\/|$)/i.test(target.path)) {
    return `The path "${target.path}" holds a "." or ".." segment`;
  }
  if (!target.path.includes("%")) return undefined;
  try {
    decodeURIComponent(target.path);
    return undefined;
  } catch {
    return `The path "${target.path}" holds an invalid percent-encoding`;
  }
}

/** Splits an authority into host and port; an IPv6 address loses its brackets, userinfo is left out. */
export function splitAuthority(authority: string): { host: string; port: number | undefined } {
  const bare = authority.slice(authority.lastIndexOf("@") + 1);
  const colon = bare.lastIndexOf(":");
  const bracket = bare.lastIndexOf("]");
  const hasPort = colon > bracket;
  const host = hasPort ? bare.slice(0, colon) : bare;
  const port = hasPort ? Number(bare.slice(colon + 1)) : undefined;
  return {
    host: bracket === -1 ? host : host.slice(1, -1),
    port: port !== undefined && Number.isInteger(port) ? port : undefined,
  };
}
