import { parseCookie, type SetCookie, stringifySetCookie } from "cookie";
import { HttpError } from "../errors.ts";

/** How a cookie is kept by the browser. Unset ones: `Path=/`, `HttpOnly`, `SameSite=Lax`. */
export type CookieOptions = Readonly<Omit<SetCookie, "name" | "value">>;

const UNDECODABLE = Symbol("a value whose percent-encoding is invalid");

/** The cookies of a request, and those that its response sets. */
export class Cookies {
  readonly #header: string | null;
  readonly #responseHeaders: () => Headers;
  #parsed: ReadonlyMap<string, string | typeof UNDECODABLE> | undefined;

  /** @param header The request's `Cookie`. @param responseHeaders Where `Set-Cookie` goes. */
  constructor(header: string | null, responseHeaders: () => Headers) {
    this.#header = header;
    this.#responseHeaders = responseHeaders;
  }

  /**
   * The value of one cookie, percent-decoded.
   *
   * @throws {HttpError} 400 when this cookie's value, or the header as a whole, is malformed.
   */
  get(name: string): string | undefined {
    const value = this.#all().get(name);
    if (value === UNDECODABLE) {
      throw new HttpError(
        400,
        `The cookie "${name}" holds an invalid percent-encoding`,
      );
    }
    return value;
  }

  /** The names of the cookies that the client sent. */
  names(): string[] {
    return [...this.#all().keys()];
  }

  /**
   * Sets a cookie with the response, whichever response it becomes.
   *
   * @throws {TypeError} When the name, domain or path holds characters that a cookie cannot.
   */
  set(name: string, value: string, options: CookieOptions = {}): void {
    const cookie = {
      path: "/",
      httpOnly: true,
      sameSite: "lax",
      ...options,
      name,
      value,
    } as const;
    this.#responseHeaders().append("set-cookie", stringifySetCookie(cookie));
  }

  /** Makes the browser forget a cookie; path and domain must be those it was set with. */
  delete(
    name: string,
    options: Pick<CookieOptions, "path" | "domain"> = {},
  ): void {
    // A browser takes these names over only from a cookie that is secure, also to forget it.
    const secure = /^__(Host|Secure)-/i.test(name) ? { secure: true } : {};
    this.set(name, "", { ...secure, ...options, maxAge: 0, expires: new Date(0) });
  }

  #all(): ReadonlyMap<string, string | typeof UNDECODABLE> {
    this.#parsed ??= parse(this.#header ?? "");
    return this.#parsed;
  }
}

function parse(
  header: string,
): ReadonlyMap<string, string | typeof UNDECODABLE> {
  // RFC 6265, section 4.2.1: no control characters; a browser never sends one.
  // deno-lint-ignore no-control-regex
  if (/[\x00-\x08\x0a-\x1f\x7f]/.test(header)) {
    throw new HttpError(400, "The Cookie header holds a control character");
  }
  const cookies = new Map<string, string | typeof UNDECODABLE>();
  // Decoded one by one: a foreign cookie that is malformed must not take ours with it.
  for (
    const [name, raw] of Object.entries(
      parseCookie(header, { decode: (text) => text }),
    )
  ) {
    if (raw !== undefined) cookies.set(name, decode(raw));
  }
  return cookies;
}

function decode(raw: string): string | typeof UNDECODABLE {
  if (!raw.includes("%")) return raw;
  try {
    return decodeURIComponent(raw);
  } catch {
    return UNDECODABLE;
  }
}
