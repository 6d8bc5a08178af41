import { HttpError } from "../errors.ts";
import type { Cookies } from "../http/cookies.ts";

/** How a cookie that holds a secret is kept. */
export interface SecretCookieOptions {
  /**
   * Whether the cookie needs HTTPS: `true` unless told. Only for development over plain HTTP is it
   * `false`; then the name has no prefix, and other hosts of the domain could overwrite it.
   */
  readonly secure?: boolean;
  /** Whether links from other sites carry the cookie (`lax`, unless told) or not (`strict`). */
  readonly sameSite?: "lax" | "strict";
}

/** The cookie that holds a secret: HttpOnly, SameSite and, unless told otherwise, Secure. */
export class SecretCookie {
  /** Its name, as the browser sees it. */
  readonly name: string;
  readonly #secure: boolean;
  readonly #sameSite: "lax" | "strict";

  /** @param name Its name, without a prefix. @param options Every one may be left out. */
  constructor(name: string, options: SecretCookieOptions = {}) {
    const { secure = true, sameSite = "lax" } = options;
    // A browser takes a name with this prefix only from the host itself, over HTTPS (RFC 6265bis).
    this.name = secure ? `__Host-${name}` : name;
    this.#secure = secure;
    this.#sameSite = sameSite;
  }

  /** What the request holds: `undefined` for no cookie, `null` for a malformed one. */
  read(cookies: Cookies): string | null | undefined {
    try {
      return cookies.get(this.name);
    } catch (error) {
      if (error instanceof HttpError) return null;
      throw error;
    }
  }

  /** Sets it with the response. */
  set(cookies: Cookies, value: string, maxAgeMillis?: number): void {
    cookies.set(this.name, value, {
      ...this.#attributes,
      ...(maxAgeMillis === undefined ? {} : { maxAge: Math.floor(maxAgeMillis / 1000) }),
    });
  }

  /** Makes the browser forget it. With the prefix it obeys only a `Set-Cookie` that is Secure. */
  clear(cookies: Cookies): void {
    cookies.set(this.name, "", { ...this.#attributes, maxAge: 0, expires: new Date(0) });
  }

  get #attributes() {
    return { path: "/", httpOnly: true, secure: this.#secure, sameSite: this.#sameSite } as const;
  }
}
