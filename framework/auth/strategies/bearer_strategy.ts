import { authorization, type AuthRequest } from "../auth_request.ts";
import type { Refusal } from "../identity.ts";
import type { JwtClaims, JwtVerifier } from "../jwt_verifier.ts";
import type { Strategy, Verification } from "../strategy.ts";

/** How bearer tokens are taken. */
export interface BearerStrategyOptions {
  /**
   * The permissions that a token is limited to, read from its claims; `undefined` for no limit.
   * Without this function no token is limited.
   */
  readonly scopes?: (claims: JwtClaims) => readonly string[] | undefined;
  /** Whether a token was taken back, by its `jti` or `iat`. */
  readonly isRevoked?: (claims: JwtClaims) => boolean | Promise<boolean>;
}

/** Proves a user by a JSON Web Token in `Authorization: Bearer` (RFC 6750). */
export class BearerStrategy implements Strategy {
  /** Its name in telemetry. */
  readonly scheme = "bearer";
  readonly #verifier: JwtVerifier;
  readonly #options: BearerStrategyOptions;

  /** @param verifier What checks the tokens. @param options Every one may be left out. */
  constructor(verifier: JwtVerifier, options: BearerStrategyOptions = {}) {
    this.#verifier = verifier;
    this.#options = options;
  }

  /** Checks the request's token. */
  async verify(request: AuthRequest): Promise<Verification | undefined> {
    const token = authorization(request.headers, "bearer");
    if (token === undefined) return undefined;
    const checked = await this.#verifier.verify(token);
    if (!("claims" in checked)) return checked;
    const { claims } = checked;
    if (await this.#options.isRevoked?.(claims)) return { reason: "invalid" };
    return { userId: claims.sub, scopes: this.#options.scopes?.(claims), claims };
  }

  /** The challenge; it tells a refused token from none (RFC 6750, section 3). */
  challenge(realm: string, refusal: Refusal | undefined): string {
    const error = refusal === undefined ? "" : `, error="invalid_token"`;
    return `Bearer realm=${realm}${error}`;
  }
}
