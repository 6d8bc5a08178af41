import type { Context } from "../http/context.ts";
import type { Middleware } from "../http/types.ts";
import { CsrfError } from "./auth_errors.ts";
import { splitOnce } from "./auth_request.ts";
import { assertTrustedOrigins, judgeOrigin } from "./csrf_origin.ts";
import { assertSigningKey, equalInConstantTime, randomSecret, sign } from "./digest.ts";
import { SecretCookie } from "./secret_cookie.ts";
import type { SessionStrategy } from "./strategies/session_strategy.ts";

/** How forgery across sites is kept out. */
export interface CsrfOptions {
  /** What tokens are signed by: at least 32 random bytes, the same in every process. */
  readonly secret: string;
  /** The sessions; a form's token is then good only in the session that it was made for. */
  readonly sessions?: SessionStrategy;
  /** Other origins whose pages may send requests, such as `https://app.example`. */
  readonly trustedOrigins?: readonly string[];
  /** Whether the cookie needs HTTPS: `true` unless told; `false` in development only. */
  readonly secure?: boolean;
  /** The form's field that holds the token; `_csrf` unless told. */
  readonly field?: string;
  /** The header that may hold it instead; `X-CSRF-Token` unless told. */
  readonly header?: string;
}

const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);
/** What a form of any site can send without the browser asking first (Fetch, CORS-safelisted). */
const FORM_TYPES: ReadonlySet<string> = new Set([
  "application/x-www-form-urlencoded",
  "multipart/form-data",
  "text/plain",
]);

/** A request, whatever its parameters and state. */
type AnyContext = Context<unknown, object>;

/**
 * Keeps out requests that another site makes a user's browser send. What changes something must
 * come from this origin or a trusted one, as the browser says by `Sec-Fetch-Site` or `Origin`; a
 * form must hold a token too: random, signed, and matching a cookie.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Application } from "@echelon/framework";
 * import { Csrf } from "@echelon/framework/auth";
 *
 * const csrf = new Csrf({ secret: "a secret of at least thirty-two bytes" });
 * const app = new Application();
 * app.use(csrf.protect());
 * app.get("/", (ctx) => ctx.html(`<form method="post">
 *   <input type="hidden" name="_csrf" value="${csrf.token(ctx)}"><button>Buy</button>
 * </form>`));
 * app.post("/", () => "bought");
 *
 * const forged = new Request("http://localhost/", {
 *   method: "POST",
 *   headers: { origin: "https://elsewhere.example" },
 * });
 * assert((await app.handle(forged)).status === 403);
 * ```
 */
export class Csrf {
  readonly #secret: string;
  readonly #sessions: SessionStrategy | undefined;
  readonly #trustedOrigins: ReadonlySet<string>;
  readonly #cookie: SecretCookie;
  readonly #field: string;
  readonly #header: string;
  /** The seeds that responses are setting, for a page with several forms. */
  readonly #fresh = new WeakMap<object, string>();

  /**
   * @param options The secret; the others may be left out.
   * @throws {RangeError} When the secret is too short.
   * @throws {TypeError} When a trusted origin is none.
   */
  constructor(options: CsrfOptions) {
    const { secret, trustedOrigins = [], secure = true } = options;
    assertSigningKey(secret, "secret");
    assertTrustedOrigins(trustedOrigins);
    this.#secret = secret;
    this.#sessions = options.sessions;
    this.#trustedOrigins = new Set(trustedOrigins);
    this.#cookie = new SecretCookie("csrf", { secure });
    this.#field = options.field ?? "_csrf";
    this.#header = options.header ?? "x-csrf-token";
  }

  /**
   * The middleware. It throws a {@linkcode CsrfError} (403); requests that change nothing pass, but
   * for those that open a WebSocket, which browsers send across sites with cookies.
   */
  protect(): Middleware<object> {
    const check = (ctx: AnyContext) => this.#check(ctx);
    return async function csrf(ctx, next) {
      if (!SAFE_METHODS.has(ctx.method) || ctx.headers.has("upgrade")) await check(ctx);
      return await next();
    };
  }

  /**
   * A token for a form of the page that answers this request; another one each time, so that
   * compression cannot betray it. The response sets the cookie that it matches.
   */
  token(ctx: AnyContext): string {
    const nonce = randomSecret(16);
    return `${nonce}.${this.#signature(ctx, nonce, this.#seed(ctx))}`;
  }

  async #check(ctx: AnyContext): Promise<void> {
    const verdict = judgeOrigin(ctx, this.#trustedOrigins);
    if (verdict.kind === "foreign") throw new CsrfError(verdict.message);
    const type = contentType(ctx.headers);
    if (!FORM_TYPES.has(type) && (verdict.kind === "trusted" || !isAmbient(ctx, type))) return;
    const token = ctx.headers.get(this.#header) ?? await this.#fieldOf(ctx, type);
    if (token === undefined) {
      throw new CsrfError(
        `The request holds no token against forgery: expected one in the field "${this.#field}" ` +
          `or the header "${this.#header}"`,
      );
    }
    if (!this.#isValid(ctx, token)) {
      throw new CsrfError("The token against forgery is not valid: load the form again");
    }
  }

  async #fieldOf(ctx: AnyContext, type: string): Promise<string | undefined> {
    if (!FORM_TYPES.has(type) || type === "text/plain") return undefined;
    const value = (await ctx.body.form()).get(this.#field);
    return typeof value === "string" ? value : undefined;
  }

  #isValid(ctx: AnyContext, token: string): boolean {
    const seed = this.#cookie.read(ctx.cookies);
    if (!seed) return false;
    const [nonce, signature = ""] = splitOnce(token, ".");
    return equalInConstantTime(signature, this.#signature(ctx, nonce, seed));
  }

  #signature(ctx: AnyContext, nonce: string, seed: string): string {
    const session = this.#sessions?.cookie.read(ctx.cookies) ?? "";
    return sign(this.#secret, [session, seed, nonce]);
  }

  #seed(ctx: AnyContext): string {
    const seed = this.#cookie.read(ctx.cookies) || this.#fresh.get(ctx);
    if (seed) return seed;
    const fresh = randomSecret();
    this.#cookie.set(ctx.cookies, fresh);
    this.#fresh.set(ctx, fresh);
    return fresh;
  }
}

/**
 * Whether an old browser, which does not say where a request comes from, could have sent it for
 * another site with the user's cookies. Other methods and content types it asks about first.
 */
function isAmbient({ method, headers }: AnyContext, type: string): boolean {
  return headers.has("cookie") && (type === "" && method === "POST" || headers.has("upgrade"));
}

function contentType(headers: Headers): string {
  return headers.get("content-type")?.split(";", 1)[0]?.trim().toLowerCase() ?? "";
}
