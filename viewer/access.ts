/** Who may talk to a viewer. */
export interface AccessOptions {
  /** The host that the viewer was told to listen on. */
  readonly hostname: string;
  readonly port: number;
  /** What everybody must show; undefined for a viewer that only its own machine can reach. */
  readonly token: string | undefined;
  /** The origins whose pages may send telemetry, beside the viewer's own. */
  readonly allowedOrigins: readonly string[];
}

/** What a request asks for, as far as access goes. */
export type AccessArea = "otlp" | "api" | "page";

const CORS_METHODS = "POST";
const CORS_HEADERS = "authorization, content-encoding, content-type";

/**
 * Keeps strangers out: pages of other origins, names that someone else's DNS points at this
 * machine, and, beyond the machine itself, everybody without the token.
 */
export class Access {
  readonly #options: AccessOptions;
  readonly #cookieName: string;
  #secrets: Promise<{ readonly token: Uint8Array; readonly cookie: string }> | undefined;

  constructor(options: AccessOptions) {
    this.#options = options;
    // Cookies do not tell ports apart: two viewers of one machine must not share one.
    this.#cookieName = `echelon_viewer_${options.port}`;
  }

  /** Why a request is refused; undefined when it may go on. */
  async refuse(request: Request, area: AccessArea): Promise<Response | undefined> {
    const host = request.headers.get("host") ?? new URL(request.url).host;
    if (this.#options.token === undefined && !this.#isOwnHost(host)) {
      return refusal(403, `Host "${host}" is not a name of this viewer`);
    }
    const origin = request.headers.get("origin");
    if (origin !== null && !isOrigin(origin, host) && !this.#isAllowed(origin, area)) {
      return refusal(
        403,
        `Origin "${origin}" may not talk to this viewer: see VIEWER_ALLOWED_ORIGINS`,
      );
    }
    // A browser says so of each request that another site's page makes, also of those without Origin.
    const site = request.headers.get("sec-fetch-site");
    if (area === "api" && site !== null && site !== "same-origin" && site !== "none") {
      return refusal(403, "The API answers the viewer's own page only");
    }
    if (this.#options.token !== undefined && !await this.#hasToken(request)) {
      const answer = refusal(
        401,
        'This viewer wants its token: open "/?token=…", or send "Authorization: Bearer …"',
      );
      answer.headers.set("www-authenticate", "Bearer");
      return answer;
    }
    return undefined;
  }

  /** Answers what a browser asks before it sends telemetry from another origin. */
  preflight(request: Request, area: AccessArea): Response {
    const origin = request.headers.get("origin");
    if (area !== "otlp" || origin === null || !this.#isAllowed(origin, area)) {
      return refusal(403, "Other origins may not do this");
    }
    return new Response(null, {
      status: 204,
      headers: {
        "access-control-allow-origin": origin,
        "access-control-allow-methods": CORS_METHODS,
        "access-control-allow-headers": CORS_HEADERS,
        "access-control-max-age": "600",
        "vary": "origin",
      },
    });
  }

  /** Lets the page of an allowed origin read the answer. */
  openTo(request: Request, answer: Response): void {
    const origin = request.headers.get("origin");
    if (origin === null || !this.#isAllowed(origin, "otlp")) return;
    answer.headers.set("access-control-allow-origin", origin);
    answer.headers.append("vary", "origin");
  }

  /**
   * Turns the token in the address of the page into a cookie, so that it does not stay in the
   * address bar or in the history.
   */
  async login(request: Request): Promise<Response | undefined> {
    const url = new URL(request.url);
    const token = url.searchParams.get("token");
    const secrets = await this.#secret();
    if (token === null || secrets === undefined || !await isSame(token, secrets.token)) {
      return undefined;
    }
    url.searchParams.delete("token");
    return new Response(null, {
      status: 303,
      headers: {
        "location": url.pathname + url.search,
        "set-cookie":
          `${this.#cookieName}=${secrets.cookie}; Path=/; HttpOnly; SameSite=Strict; Max-Age=604800`,
        "referrer-policy": "no-referrer",
      },
    });
  }

  #isOwnHost(host: string): boolean {
    const name = hostnameOf(host);
    return name === "localhost" || name === "127.0.0.1" || name === "[::1]" ||
      name === this.#options.hostname.toLowerCase() ||
      name === `[${this.#options.hostname.toLowerCase()}]`;
  }

  #isAllowed(origin: string, area: AccessArea): boolean {
    return area === "otlp" && this.#options.allowedOrigins.includes(origin);
  }

  async #hasToken(request: Request): Promise<boolean> {
    const secrets = await this.#secret();
    if (secrets === undefined) return true;
    const bearer = /^Bearer +(.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
    if (bearer !== undefined && await isSame(bearer, secrets.token)) return true;
    const cookies = (request.headers.get("cookie") ?? "").split(";").map((pair) => pair.trim());
    const start = `${this.#cookieName}=`;
    const cookie = cookies.find((pair) => pair.startsWith(start))?.slice(start.length);
    return cookie !== undefined && await isSame(cookie, await digest(secrets.cookie));
  }

  /** The cookie is not the token itself: whoever sees the one cannot use it for the other. */
  #secret() {
    const { token } = this.#options;
    if (token === undefined) return undefined;
    this.#secrets ??= (async () => ({
      token: await digest(token),
      cookie: (await digest(`cookie of ${token}`)).toHex(),
    }))();
    return this.#secrets;
  }
}

/** The name in a `Host` header, without the port and a dot at its end. */
function hostnameOf(host: string): string {
  return host.toLowerCase().replace(/:\d*$/, "").replace(/\.$/, "");
}

function isOrigin(origin: string, host: string): boolean {
  return origin === `http://${host}` || origin === `https://${host}`;
}

/** Compares digests, so that the time it takes tells nothing about the secret. */
async function isSame(given: string, expected: Uint8Array): Promise<boolean> {
  const own = await digest(given);
  let difference = 0;
  for (const [i, byte] of own.entries()) difference |= byte ^ (expected[i] ?? 0);
  return difference === 0;
}

async function digest(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}

function refusal(status: number, message: string): Response {
  return Response.json({ error: { status, message } }, { status });
}
