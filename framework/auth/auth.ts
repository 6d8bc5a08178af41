import { AuthenticationError, TooManyAttemptsError } from "./auth_errors.ts";
import { type AuthRequest, authRequest } from "./auth_request.ts";
import { authenticateBy, type LoadUser, outcomeOf } from "./authenticate.ts";
import type { AuthOutcome, AuthUser, Identity } from "./identity.ts";
import type { PasswordCredentials, PasswordLogin } from "./password_login.ts";
import { hasPermission, hasRole, Permissions } from "./permissions.ts";
import type { StartSessionOptions } from "./session.ts";
import type { Session } from "./session_records.ts";
import type { SessionStrategy } from "./strategies/session_strategy.ts";
import type { Strategy } from "./strategy.ts";
import { type AuthEmit, AuthTelemetry, type AuthTelemetryOptions } from "./telemetry.ts";

/** How an application knows its users. */
export interface AuthOptions<User extends AuthUser> {
  /** Loads the user that a credential belongs to. */
  readonly loadUser: LoadUser<User>;
  /** Sessions, for those who log in with a browser. They are asked first. */
  readonly sessions?: SessionStrategy;
  /** The other ways to prove who one is, in the order in which they are asked. */
  readonly strategies?: readonly Strategy[];
  /** What checks names and passwords, for `login()`. */
  readonly passwords?: PasswordLogin;
  /** What each role may do; without it only users' own permissions count. */
  readonly permissions?: Permissions;
  /** The name of what is protected, for challenges; `echelon` unless told. */
  readonly realm?: string;
  /** What telemetry says of users. */
  readonly telemetry?: AuthTelemetryOptions;
  /** Is told of every check and of what it came to: a debugger's `emit`; nobody unless told. */
  readonly emit?: AuthEmit;
}

/**
 * Finds out who makes a request and what they may do. A refusal is an outcome that is returned; what
 * throws is a check that could not be made.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { ApiKeys, ApiKeyStrategy, Auth, Permissions } from "@echelon/framework/auth";
 *
 * using kv = await Deno.openKv(":memory:");
 * const keys = new ApiKeys(kv);
 * const auth = new Auth({
 *   loadUser: (id) => ({ id, roles: ["clerk"] }),
 *   strategies: [new ApiKeyStrategy(keys)],
 *   permissions: new Permissions({ clerk: ["orders:*"] }),
 * });
 *
 * const { secret } = await keys.create("ada", { name: "export" });
 * const request = new Request("http://localhost/", { headers: { "x-api-key": secret } });
 * const outcome = await auth.authenticate(request);
 * assert(outcome.success && auth.checkPermission(outcome.identity, "orders:read"));
 * ```
 */
export class Auth<User extends AuthUser = AuthUser> {
  readonly #options: AuthOptions<User>;
  readonly #strategies: readonly Strategy[];
  readonly #permissions: Permissions;
  readonly #realm: string;
  readonly #telemetry: AuthTelemetry;

  /**
   * @param options How users are known.
   * @throws {TypeError} When there is no strategy, or the realm cannot stand in a header.
   */
  constructor(options: AuthOptions<User>) {
    const { sessions, strategies = [], realm = "echelon", permissions } = options;
    this.#strategies = sessions === undefined ? strategies : [sessions, ...strategies];
    if (this.#strategies.length === 0) {
      throw new TypeError(`Auth has no strategy: expected "sessions", or one in "strategies"`);
    }
    if (!/^[\x20-\x7e]*$/.test(realm)) {
      throw new TypeError(`The realm "${realm}" is not valid: expected printable ASCII`);
    }
    this.#options = options;
    this.#permissions = permissions ?? new Permissions({});
    this.#realm = `"${realm.replace(/["\\]/g, "\\$&")}"`;
    this.#telemetry = new AuthTelemetry(options.telemetry, options.emit);
  }

  /**
   * Finds out who makes a request, by each strategy in turn.
   *
   * @param source A handler's context, or a plain request.
   */
  authenticate(source: AuthRequest | Request): Promise<AuthOutcome<User>> {
    const request = authRequest(source);
    const { loadUser } = this.#options;
    if (!this.#telemetry.isObserved) return authenticateBy(this.#strategies, loadUser, request);
    return this.#telemetry.authenticate(() => authenticateBy(this.#strategies, loadUser, request));
  }

  /** Whether an identity holds a role; a credential limited by scopes holds none. */
  checkRole(identity: Identity | undefined, role: string): boolean {
    if (!this.#telemetry.isObserved) return hasRole(identity, role);
    return this.#telemetry.checkRole(identity, role, () => hasRole(identity, role));
  }

  /**
   * Whether an identity may do something.
   *
   * @param permission Its name, such as `orders:read`; no wildcard.
   * @throws {TypeError} When it is no name.
   */
  checkPermission(identity: Identity | undefined, permission: string): boolean {
    if (!this.#telemetry.isObserved) return hasPermission(this.#permissions, identity, permission);
    return this.#telemetry.checkPermission(
      identity,
      permission,
      () => hasPermission(this.#permissions, identity, permission),
    );
  }

  /**
   * Logs a user in by name and password: a new session begins, and the response sets its cookie.
   * The session that the request came with is over.
   *
   * @param ctx The handler's context.
   * @param credentials What was entered.
   * @param options What the application keeps with the session.
   */
  login(
    ctx: AuthRequest,
    credentials: PasswordCredentials,
    options: Pick<StartSessionOptions, "data"> = {},
  ): Promise<AuthOutcome<User>> {
    if (!this.#telemetry.isObserved) return this.#login(ctx, credentials, options);
    return this.#telemetry.authenticate(() => this.#login(ctx, credentials, options));
  }

  /**
   * Begins a session of a user who was authenticated in another way, such as by another site.
   *
   * @throws {TypeError} When there are no sessions.
   */
  async startSession(
    ctx: AuthRequest,
    userId: string,
    options: Pick<StartSessionOptions, "data"> = {},
  ): Promise<Session> {
    return await this.#sessions("begin a session").start(ctx, userId, options);
  }

  /** Gives the request's session a new token, as its user's rights change. */
  async rotateSession(ctx: AuthRequest): Promise<Session | undefined> {
    return await this.#sessions("rotate a session").rotate(ctx);
  }

  /** Ends the request's session and removes its cookie. @returns Whether there was one. */
  async logout(ctx: AuthRequest): Promise<boolean> {
    return await this.#sessions("log out").end(ctx);
  }

  /**
   * The error that answers a refusal, to be thrown: 401 with the challenges, or 429 with the time to
   * wait.
   */
  denial(
    outcome: Extract<AuthOutcome, { success: false }>,
  ): AuthenticationError | TooManyAttemptsError {
    if (outcome.reason === "rate_limited") {
      return new TooManyAttemptsError(outcome.retryAfterSeconds ?? 1);
    }
    const challenges = this.#strategies.map((strategy) =>
      strategy.challenge(this.#realm, strategy.scheme === outcome.scheme ? outcome : undefined)
    );
    return new AuthenticationError(outcome.reason, challenges);
  }

  async #login(
    ctx: AuthRequest,
    credentials: PasswordCredentials,
    options: Pick<StartSessionOptions, "data">,
  ): Promise<AuthOutcome<User>> {
    const { passwords, loadUser } = this.#options;
    if (passwords === undefined) throw new TypeError(`Cannot log in: Auth has no "passwords"`);
    const sessions = this.#sessions("log in");
    const verification = await passwords.verify(credentials, ctx.origin.clientAddress);
    const outcome = await outcomeOf("password", verification, loadUser);
    if (!outcome.success) return outcome;
    const session = await sessions.start(ctx, outcome.identity.user.id, options);
    return { success: true, identity: { ...outcome.identity, session } };
  }

  #sessions(purpose: string): SessionStrategy {
    const { sessions } = this.#options;
    if (sessions === undefined) throw new TypeError(`Cannot ${purpose}: Auth has no "sessions"`);
    return sessions;
  }
}
