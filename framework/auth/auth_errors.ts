import { HttpError } from "../errors.ts";
import type { RefusalReason } from "./identity.ts";

const EXPLANATIONS: Readonly<Record<RefusalReason, string>> = {
  missing: "The request holds no credential",
  malformed: "The credential is malformed",
  invalid: "The credential is not valid",
  expired: "The credential has expired",
  // To say that only the user is missing would tell which credentials were once good.
  unknown_user: "The credential is not valid",
  rate_limited: "Too many attempts to log in",
};

/** A request that is not authenticated: 401 with the challenges that it could answer. */
export class AuthenticationError extends HttpError {
  override readonly name: string = "AuthenticationError";
  /** Why. */
  readonly reason: RefusalReason;

  /** @param reason Why. @param challenges For `WWW-Authenticate`. */
  constructor(reason: RefusalReason, challenges: readonly string[]) {
    super(401, EXPLANATIONS[reason], {
      headers: challenges.map((challenge) => ["www-authenticate", challenge]),
    });
    this.reason = reason;
  }
}

/** A request of a user who may not do this: 403. */
export class AuthorizationError extends HttpError {
  override readonly name: string = "AuthorizationError";

  /** @param missing What the user lacks, such as `the role "admin"`. */
  constructor(missing: string) {
    super(403, `This needs ${missing}`);
  }
}

/** Attempts that come too fast: 429 with `Retry-After`. */
export class TooManyAttemptsError extends HttpError {
  override readonly name: string = "TooManyAttemptsError";
  /** When it is worth trying again. */
  readonly retryAfterSeconds: number;

  /** @param retryAfterSeconds When it is worth trying again. */
  constructor(retryAfterSeconds: number) {
    super(429, `${EXPLANATIONS.rate_limited}: try again in ${retryAfterSeconds} seconds`, {
      headers: { "retry-after": String(retryAfterSeconds) },
    });
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** A request that another site may have made its user's browser send: 403. */
export class CsrfError extends HttpError {
  override readonly name: string = "CsrfError";

  /** @param message What was wrong, and what would be right. */
  constructor(message: string) {
    super(403, message);
  }
}

/** A password that may not be used. The message never holds it. */
export class PasswordPolicyError extends HttpError {
  override readonly name: string = "PasswordPolicyError";

  /** @param message What is wrong with it, and what would be right. */
  constructor(message: string) {
    super(422, message);
  }
}

/** A stored password hash that cannot be read. The message never holds it. */
export class PasswordHashError extends Error {
  override readonly name: string = "PasswordHashError";
}
