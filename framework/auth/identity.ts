import type { JwtClaims } from "./jwt_verifier.ts";
import type { Session } from "./session_records.ts";

/** What auth needs to know of a user. The application's own type may say more. */
export interface AuthUser {
  /** Tells users apart; never changes. */
  readonly id: string;
  /** The roles the user holds. */
  readonly roles?: readonly string[];
  /** Permissions the user holds beside those of the roles; a grant may end in a wildcard. */
  readonly permissions?: readonly string[];
}

/** How a user proved who they are. */
export type AuthScheme = "session" | "bearer" | "api_key" | "basic" | "password";

/** What a credential proved, before its user is loaded. */
export interface Proof {
  /** Whom the credential belongs to. */
  readonly userId: string;
  /** The most that this credential may be used for; without it, all that its user may. */
  readonly scopes?: readonly string[] | undefined;
  /** The session, for the scheme `session`. */
  readonly session?: Session | undefined;
  /** The checked claims, for the scheme `bearer`. */
  readonly claims?: JwtClaims | undefined;
}

/** Who makes a request, and how that is known. */
export interface Identity<User extends AuthUser = AuthUser> extends Omit<Proof, "userId"> {
  /** The application's user. */
  readonly user: User;
  /** How the user proved it. */
  readonly scheme: AuthScheme;
}

/**
 * The part of a request's state that auth owns. An application's own state extends it:
 *
 * @example
 * ```ts
 * import { Application } from "@echelon/framework";
 * import type { AuthState, AuthUser } from "@echelon/framework/auth";
 *
 * interface User extends AuthUser {
 *   readonly email: string;
 * }
 * interface State extends AuthState<User> {
 *   basket?: string[];
 * }
 * const app = new Application<State>();
 * app.get("/me", (ctx) => ctx.state.identity?.user.email ?? "nobody");
 * ```
 */
export interface AuthState<User extends AuthUser = AuthUser> {
  /** Who makes the request; set by `requireAuth` and its kin. */
  identity?: Identity<User> | undefined;
}

/** Why a request is not authenticated. */
export type RefusalReason =
  | "missing"
  | "malformed"
  | "invalid"
  | "expired"
  | "unknown_user"
  | "rate_limited";

/** A credential that proved nothing. */
export interface Refusal {
  /** Why. */
  readonly reason: RefusalReason;
  /** When it is worth trying again, for the reason `rate_limited`. */
  readonly retryAfterSeconds?: number | undefined;
}

/** What authenticating a request came to. A refusal is an answer, not an error. */
export type AuthOutcome<User extends AuthUser = AuthUser> =
  | { readonly success: true; readonly identity: Identity<User> }
  | Refusal & {
    readonly success: false;
    /** How it was tried; none where the request holds no credential. */
    readonly scheme: AuthScheme | undefined;
  };
