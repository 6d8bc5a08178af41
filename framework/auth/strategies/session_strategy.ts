import type { AuthRequest } from "../auth_request.ts";
import { SecretCookie, type SecretCookieOptions } from "../secret_cookie.ts";
import type { Sessions, StartSessionOptions } from "../session.ts";
import type { Session } from "../session_records.ts";
import type { Strategy, Verification } from "../strategy.ts";

/** Proves a user by the cookie of a session, and begins and ends sessions. */
export class SessionStrategy implements Strategy {
  /** Its name in telemetry. */
  readonly scheme = "session";
  /** Where sessions are kept. */
  readonly sessions: Sessions;
  /** The cookie that holds the session's token. */
  readonly cookie: SecretCookie;

  /** @param sessions Where they are kept. @param cookie How the cookie is kept. */
  constructor(sessions: Sessions, cookie: SecretCookieOptions = {}) {
    this.sessions = sessions;
    this.cookie = new SecretCookie("session", cookie);
  }

  /** Checks the session that the request's cookie names. */
  async verify(request: AuthRequest): Promise<Verification | undefined> {
    const token = this.cookie.read(request.cookies);
    if (token === undefined || token === "") return undefined;
    if (token === null) return { reason: "malformed" };
    const session = await this.sessions.check(token);
    if (typeof session === "string") return { reason: session };
    return { userId: session.userId, session };
  }

  /** The challenge: no scheme is registered for cookies, so this one names ours. */
  challenge(realm: string): string {
    return `Session realm=${realm}`;
  }

  /**
   * Begins a session and sets its cookie. The session that the request came with is over: one that
   * was planted before the login is worth nothing after it.
   */
  async start(
    request: AuthRequest,
    userId: string,
    options: Pick<StartSessionOptions, "data"> = {},
  ): Promise<Session> {
    const replaces = this.cookie.read(request.cookies) ?? undefined;
    const { token, session } = await this.sessions.start(userId, { ...options, replaces });
    this.cookie.set(request.cookies, token, this.sessions.absoluteMillis);
    return session;
  }

  /** Gives the request's session a new token and sets it. @returns `undefined` where it is over. */
  async rotate(request: AuthRequest): Promise<Session | undefined> {
    const token = this.cookie.read(request.cookies);
    const rotated = token ? await this.sessions.rotate(token) : undefined;
    if (rotated === undefined) return undefined;
    const { session } = rotated;
    this.cookie.set(request.cookies, rotated.token, session.expiresAt - session.lastSeenAt);
    return session;
  }

  /** Ends the request's session and removes its cookie. @returns Whether there was one. */
  async end(request: AuthRequest): Promise<boolean> {
    const token = this.cookie.read(request.cookies);
    if (token === undefined) return false;
    this.cookie.clear(request.cookies);
    return token !== null && await this.sessions.revoke(token);
  }
}
