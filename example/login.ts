import { HttpError } from "@echelon/framework";
import {
  Auth,
  type AuthEmit,
  BearerStrategy,
  JwtIssuer,
  JwtVerifier,
  LoginLimit,
  PasswordLogin,
  Permissions,
  Sessions,
  SessionStrategy,
} from "@echelon/framework/auth";
import { z } from "zod";
import type { ShopApplication } from "./state.ts";
import type { User, Users } from "./users.ts";

const TOKENS = { issuer: "tea-shop", audience: "tea-shop" };
const TOKEN_SECONDS = 900;

/** Who may do what in the shop, and how they prove who they are. */
export interface ShopAuth {
  readonly auth: Auth<User>;
  readonly issuer: JwtIssuer;
}

/**
 * Sessions for browsers, bearer tokens for programs.
 *
 * @param kv Where sessions and the signing key are kept.
 * @param users Who can log in.
 * @param emit Hears of every check.
 */
export async function createAuth(kv: Deno.Kv, users: Users, emit: AuthEmit): Promise<ShopAuth> {
  const key = await signingKey(kv);
  const { hasher } = users;
  const auth = new Auth<User>({
    loadUser: (id) => users.find(id),
    // The shop is served over plain HTTP on loopback; a browser would not send a secure cookie back.
    sessions: new SessionStrategy(new Sessions(kv), { secure: false }),
    strategies: [
      new BearerStrategy(new JwtVerifier({ key, algorithms: ["HS256"], ...TOKENS })),
    ],
    passwords: new PasswordLogin({
      findAccount: async (name) => {
        const user = await users.findByName(name);
        return user && { userId: user.id, passwordHash: user.passwordHash };
      },
      hasher,
      limit: new LoginLimit(kv),
    }),
    permissions: new Permissions({ customer: ["orders:create"], admin: ["*"] }),
    emit,
  });
  const issuer = new JwtIssuer({
    key,
    algorithm: "HS256",
    lifetimeSeconds: TOKEN_SECONDS,
    ...TOKENS,
  });
  return { auth, issuer };
}

const Credentials = z.object({ username: z.string(), password: z.string() });

/** Logging in and out: a session cookie for a browser, a bearer token for a program. */
export function loginRoutes(app: ShopApplication, { auth, issuer }: ShopAuth): void {
  app.post("/login", async (ctx) => {
    const credentials = Credentials.safeParse(await ctx.body.json());
    if (!credentials.success) {
      throw new HttpError(422, 'Expected {"username": "…", "password": "…"}');
    }
    const { username, password } = credentials.data;
    const outcome = await auth.login(ctx, { name: username, password });
    if (!outcome.success) throw auth.denial(outcome);
    const { user } = outcome.identity;
    return {
      user: { name: user.name, roles: user.roles },
      token: await issuer.issue(user.id),
      tokenType: "Bearer",
      expiresIn: TOKEN_SECONDS,
    };
  });

  app.post("/logout", async (ctx) => {
    await auth.logout(ctx);
  });
}

/** The key that tokens are signed by: made once, and the same for every process on this store. */
async function signingKey(kv: Deno.Kv): Promise<Uint8Array> {
  const key = ["shop", "signing-key"];
  const stored = await kv.get<Uint8Array>(key);
  if (stored.value !== null) return stored.value;
  const made = crypto.getRandomValues(new Uint8Array(32));
  const { ok } = await kv.atomic().check(stored).set(key, made).commit();
  return ok ? made : await signingKey(kv);
}
