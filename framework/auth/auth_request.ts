import { Cookies } from "../http/cookies.ts";

/** What strategies see of a request. Every `Context` is one. */
export interface AuthRequest {
  /** The request's headers. */
  readonly headers: Headers;
  /** Its cookies, and those to set. */
  readonly cookies: Cookies;
  /** Where it came from. */
  readonly origin: { readonly clientAddress: string | undefined };
}

/**
 * What strategies see of a plain request. No address is known of it, and a cookie that a strategy
 * sets goes nowhere.
 */
export function authRequest(source: AuthRequest | Request): AuthRequest {
  if (!(source instanceof Request)) return source;
  const { headers } = source;
  return {
    headers,
    cookies: new Cookies(headers.get("cookie"), () => new Headers()),
    origin: { clientAddress: undefined },
  };
}

/** The parameters of an `Authorization` header of one scheme, or `undefined` for another's. */
export function authorization(headers: Headers, scheme: string): string | undefined {
  const value = headers.get("authorization");
  if (value === null) return undefined;
  const [found = "", credentials = ""] = splitOnce(value.trim(), " ");
  // RFC 9110, section 11.1: the scheme's case does not matter.
  return found.toLowerCase() === scheme.toLowerCase() ? credentials.trim() : undefined;
}

/** Splits at the first separator; what has none stays whole. */
export function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
