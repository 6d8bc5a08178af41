/**
 * What the spans of auth cost while no SDK is registered: each operation beside the same work
 * without them. Within 3 % or 100 ns is the aim.
 */
import { Auth } from "../framework/auth/auth.ts";
import { authenticateBy } from "../framework/auth/authenticate.ts";
import type { AuthRequest } from "../framework/auth/auth_request.ts";
import type { Identity } from "../framework/auth/identity.ts";
import { hasPermission, hasRole, Permissions } from "../framework/auth/permissions.ts";
import { Sessions } from "../framework/auth/session.ts";
import { SessionStrategy } from "../framework/auth/strategies/session_strategy.ts";
import type { Strategy } from "../framework/auth/strategy.ts";
import { Cookies } from "../framework/http/cookies.ts";

const kv = await Deno.openKv(":memory:");
const sessions = new Sessions(kv);
const session = new SessionStrategy(sessions);
const { token } = await sessions.start("ada");

const user = { id: "ada", roles: ["guest", "clerk"] };
const loadUser = () => user;
const permissions = new Permissions({ guest: ["products:read"], clerk: ["orders:*"] });
const identity: Identity = { user, scheme: "session" };

/** The least that a strategy can do, so that nothing hides what stands around it. */
const instant: Strategy = {
  scheme: "api_key",
  verify: () => ({ userId: "ada" }),
  challenge: () => "Instant",
};

function requestOf(cookie: string): AuthRequest {
  return {
    headers: new Headers({ cookie }),
    cookies: new Cookies(cookie, () => new Headers()),
    origin: { clientAddress: undefined },
  };
}

const request = requestOf(`${session.cookie.name}=${token}`);
const quick = new Auth({ loadUser, strategies: [instant], permissions });
const real = new Auth({ loadUser, sessions: session, permissions });

Deno.bench("bare", { group: "checkRole", baseline: true }, () => {
  hasRole(identity, "clerk");
});
Deno.bench("auth.checkRole", { group: "checkRole" }, () => {
  real.checkRole(identity, "clerk");
});

Deno.bench("bare", { group: "checkPermission", baseline: true }, () => {
  hasPermission(permissions, identity, "orders:read");
});
Deno.bench("auth.checkPermission", { group: "checkPermission" }, () => {
  real.checkPermission(identity, "orders:read");
});

Deno.bench("bare", { group: "authenticate, no work", baseline: true }, async () => {
  await authenticateBy([instant], loadUser, request);
});
Deno.bench("auth.authenticate", { group: "authenticate, no work" }, async () => {
  await quick.authenticate(request);
});

Deno.bench("bare", { group: "authenticate, session in KV", baseline: true }, async () => {
  await authenticateBy([session], loadUser, request);
});
Deno.bench("auth.authenticate", { group: "authenticate, session in KV" }, async () => {
  await real.authenticate(request);
});
