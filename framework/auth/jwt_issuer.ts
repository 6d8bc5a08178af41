import { SignJWT } from "jose";
import { randomSecret } from "./digest.ts";
import { assertJwtKey, type JwtAlgorithm, type JwtKey, keyMaterial } from "./jwt_key.ts";
import { assertPositive, assertUserId } from "./options.ts";

/** How tokens are issued. */
export interface JwtIssuerOptions {
  /** The secret or the private key. */
  readonly key: JwtKey;
  /** The algorithm to sign by. */
  readonly algorithm: JwtAlgorithm;
  /** What `iss` says. */
  readonly issuer: string;
  /** What `aud` says. */
  readonly audience: string;
  /** How long a token is good for, in seconds; 15 minutes unless told, since none can be revoked. */
  readonly lifetimeSeconds?: number;
  /** The `kid` that tells verifiers which key of a set it is. */
  readonly keyId?: string;
  /** The `typ` of the header; `JWT` unless told. */
  readonly type?: string;
  /** The time, in milliseconds since 1970. */
  readonly now?: () => number;
}

/** Issues JSON Web Tokens that a {@linkcode JwtVerifier} of the same key accepts. */
export class JwtIssuer {
  readonly #options: JwtIssuerOptions;

  /**
   * @param options How tokens are issued.
   * @throws {TypeError} When the algorithm does not fit the key.
   * @throws {RangeError} When a secret is too short, or the lifetime is not positive.
   */
  constructor(options: JwtIssuerOptions) {
    const { lifetimeSeconds = 900 } = options;
    assertPositive({ lifetimeSeconds });
    assertJwtKey(options.key, [options.algorithm], "sign");
    this.#options = options;
  }

  /**
   * Issues a token.
   *
   * @param userId What `sub` says.
   * @param claims Further claims. Whoever holds the token can read them.
   */
  async issue(userId: string, claims: Readonly<Record<string, unknown>> = {}): Promise<string> {
    assertUserId(userId);
    const { key, algorithm, issuer, audience, lifetimeSeconds = 900, keyId, type = "JWT" } =
      this.#options;
    const issuedAt = Math.floor((this.#options.now ?? Date.now)() / 1000);
    return await new SignJWT({ ...claims })
      .setProtectedHeader({
        alg: algorithm,
        typ: type,
        ...(keyId === undefined ? {} : { kid: keyId }),
      })
      .setSubject(userId)
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + lifetimeSeconds)
      .setJti(randomSecret(16))
      .sign(keyMaterial(key));
  }
}
