import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  type JSONWebKeySet,
  type JWTPayload,
  jwtVerify,
} from "jose";
import type { Refusal } from "./identity.ts";
import { assertJwtKey, isKeySet, type JwtAlgorithm, type JwtKey, keyMaterial } from "./jwt_key.ts";

/** What tokens are checked against. */
export interface JwtVerifierOptions {
  /** A key for one algorithm, a set of keys, or the URL that the issuer publishes its set at. */
  readonly key: JwtKey | JSONWebKeySet | URL;
  /** The only algorithms accepted, whatever a token says of itself; one for a single key. */
  readonly algorithms: readonly JwtAlgorithm[];
  /** Who must have issued the token. */
  readonly issuer: string;
  /** Whom the token must be meant for. */
  readonly audience: string;
  /** By how much clocks may differ, in seconds; 0 unless told. */
  readonly clockToleranceSeconds?: number;
  /** The `typ` that a token's header must hold, such as `at+jwt`. */
  readonly type?: string;
  /** The time, in milliseconds since 1970. */
  readonly now?: () => number;
}

/** The checked claims of a token. */
export type JwtClaims = JWTPayload & { readonly sub: string };

/** Tokens that cannot be checked because the issuer's keys cannot be had: not the token's fault. */
const CHECK_FAILED: ReadonlySet<string> = new Set(
  [errors.JOSEError, errors.JWKSTimeout, errors.JWKSInvalid, errors.JWKInvalid].map(({ code }) =>
    code
  ),
);

/**
 * Checks JSON Web Tokens (RFC 7519, with the advice of RFC 8725): signed by a pinned algorithm, by
 * the right issuer, for this audience, within their time; `exp` and `sub` are required.
 */
export class JwtVerifier {
  readonly #options: JwtVerifierOptions;
  readonly #key: ReturnType<typeof resolveKey>;

  /**
   * @param options What tokens are checked against.
   * @throws {TypeError} When the algorithms are none, unknown, or not for the key; when issuer
   *   or audience is empty.
   * @throws {RangeError} When a secret is too short, or the tolerance is negative.
   */
  constructor(options: JwtVerifierOptions) {
    for (const name of ["issuer", "audience"] as const) {
      // The library takes a missing one for "any".
      if (!options[name]) throw new TypeError(`The option "${name}" is empty: expected a name`);
    }
    const { clockToleranceSeconds = 0 } = options;
    if (!(clockToleranceSeconds >= 0 && Number.isFinite(clockToleranceSeconds))) {
      throw new RangeError(
        `The option "clockToleranceSeconds" is ${clockToleranceSeconds}: expected 0 or more`,
      );
    }
    assertJwtKey(options.key, options.algorithms, "verify");
    this.#options = options;
    this.#key = resolveKey(options.key);
  }

  /**
   * Checks a token.
   *
   * @returns Its claims, or why it is refused.
   * @throws {Error} When the issuer's keys cannot be had.
   */
  async verify(token: string): Promise<{ readonly claims: JwtClaims } | Refusal> {
    const { algorithms, issuer, audience, clockToleranceSeconds = 0, type, now = Date.now } =
      this.#options;
    const options = {
      algorithms: [...algorithms],
      issuer,
      audience,
      clockTolerance: clockToleranceSeconds,
      currentDate: new Date(now()),
      requiredClaims: ["exp", "sub"],
      ...(type === undefined ? {} : { typ: type }),
    };
    try {
      const { payload } = await jwtVerify(token, this.#key, options);
      // Declared as text, but what was signed may be anything.
      const sub: unknown = payload.sub;
      const named = typeof sub === "string" && sub !== "";
      return named ? { claims: { ...payload, sub } } : { reason: "invalid" };
    } catch (error) {
      return refusalOf(error);
    }
  }
}

function resolveKey(key: JwtVerifierOptions["key"]) {
  if (isKeySet(key)) {
    return key instanceof URL ? createRemoteJWKSet(key) : createLocalJWKSet(key);
  }
  const material = keyMaterial(key);
  return () => material;
}

/** The library's error holds the claims, so it is not kept. */
function refusalOf(error: unknown): Refusal {
  if (!(error instanceof errors.JOSEError) || CHECK_FAILED.has(error.code)) throw error;
  if (error instanceof errors.JWTExpired) return { reason: "expired" };
  const malformed = error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid;
  return { reason: malformed ? "malformed" : "invalid" };
}
