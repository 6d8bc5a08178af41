import type { AuthRequest } from "./auth_request.ts";
import type { AuthScheme, Proof, Refusal } from "./identity.ts";

/** What came of checking one credential. */
export type Verification = Proof | Refusal;

/** One way in which a request can prove whose it is. */
export interface Strategy {
  /** Its name in telemetry. */
  readonly scheme: AuthScheme;
  /**
   * Checks the request's credential of this kind.
   *
   * @returns What it proves or why it is refused; `undefined` where the request holds none. It
   *   throws only where the check itself fails, such as a store that cannot be reached.
   */
  verify(
    request: AuthRequest,
  ): Verification | undefined | Promise<Verification | undefined>;
  /**
   * The challenge for `WWW-Authenticate` (RFC 9110, section 11.6.1).
   *
   * @param realm The protected space's name, quoted.
   * @param refusal Why this strategy refused, where it did.
   */
  challenge(realm: string, refusal: Refusal | undefined): string;
}

/** Tells a refusal from a proof. */
export function isRefusal(verification: Verification): verification is Refusal {
  return "reason" in verification;
}
