import type { Context } from "../http/context.ts";
import type { Middleware } from "../http/types.ts";
import type { Auth } from "./auth.ts";
import { AuthorizationError } from "./auth_errors.ts";
import type { AuthState, AuthUser, Identity } from "./identity.ts";

/**
 * Lets only authenticated requests pass, and leaves who it is in `ctx.state.identity`. Others get
 * 401 with `WWW-Authenticate`. What passes is marked `Cache-Control: private` unless its response
 * says otherwise, so that no shared cache gives it to someone else.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Application } from "@echelon/framework";
 * import { ApiKeys, ApiKeyStrategy, Auth, type AuthState, requireAuth } from "@echelon/framework/auth";
 *
 * using kv = await Deno.openKv(":memory:");
 * const strategies = [new ApiKeyStrategy(new ApiKeys(kv))];
 * const auth = new Auth({ loadUser: (id) => ({ id }), strategies });
 * const app = new Application<AuthState>();
 * app.use("/account", requireAuth(auth));
 * app.get("/account", (ctx) => ctx.state.identity?.user.id);
 *
 * const response = await app.handle(new Request("http://localhost/account"));
 * assert(response.status === 401);
 * ```
 */
export function requireAuth<User extends AuthUser>(auth: Auth<User>): Middleware<AuthState<User>> {
  return async function requireAuth(ctx, next) {
    await authenticated(auth, ctx);
    return await next();
  };
}

/**
 * Lets only users with a role pass; others get 403, and who is not authenticated 401.
 *
 * @param auth What knows the users.
 * @param role The role.
 */
export function requireRole<User extends AuthUser>(
  auth: Auth<User>,
  role: string,
): Middleware<AuthState<User>> {
  return async function requireRole(ctx, next) {
    const identity = await authenticated(auth, ctx);
    if (!auth.checkRole(identity, role)) throw new AuthorizationError(`the role "${role}"`);
    return await next();
  };
}

/**
 * Lets only users pass who may do something; others get 403, and who is not authenticated 401.
 *
 * @param auth What knows the users.
 * @param permission The permission's name, such as `orders:read`.
 */
export function requirePermission<User extends AuthUser>(
  auth: Auth<User>,
  permission: string,
): Middleware<AuthState<User>> {
  return async function requirePermission(ctx, next) {
    const identity = await authenticated(auth, ctx);
    if (!auth.checkPermission(identity, permission)) {
      throw new AuthorizationError(`the permission "${permission}"`);
    }
    return await next();
  };
}

/**
 * Leaves who makes a request in `ctx.state.identity` where that can be told, and lets every request
 * pass: for pages that greet those they know.
 */
export function identify<User extends AuthUser>(auth: Auth<User>): Middleware<AuthState<User>> {
  return async function identify(ctx, next) {
    const outcome = await auth.authenticate(ctx);
    if (outcome.success) admit(ctx, outcome.identity);
    return await next();
  };
}

/**
 * Who makes the request, where `requireAuth` or its kin stands before the handler.
 *
 * @throws {TypeError} When none does.
 */
export function identityOf<User extends AuthUser>(
  ctx: { readonly state: AuthState<User> },
): Identity<User> {
  const { identity } = ctx.state;
  if (identity !== undefined) return identity;
  throw new TypeError("The request has no identity: put requireAuth() before this handler");
}

/** A request is authenticated once, however many of these stand before its handler. */
async function authenticated<User extends AuthUser>(
  auth: Auth<User>,
  ctx: Context<unknown, AuthState<User>>,
): Promise<Identity<User>> {
  if (ctx.state.identity !== undefined) return ctx.state.identity;
  const outcome = await auth.authenticate(ctx);
  if (!outcome.success) throw auth.denial(outcome);
  return admit(ctx, outcome.identity);
}

function admit<User extends AuthUser>(
  ctx: Context<unknown, AuthState<User>>,
  identity: Identity<User>,
): Identity<User> {
  ctx.state.identity = identity;
  if (!ctx.responseHeaders.has("cache-control")) {
    ctx.responseHeaders.set("cache-control", "private");
  }
  return identity;
}
