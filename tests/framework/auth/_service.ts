import { Application, createLogger, type LogRecord } from "../../../framework/mod.ts";
import {
  ApiKeys,
  ApiKeyStrategy,
  Auth,
  type AuthState,
  type AuthTelemetryOptions,
  type AuthUser,
  BasicStrategy,
  BearerStrategy,
  identityOf,
  JwtIssuer,
  JwtVerifier,
  LoginLimit,
  PasswordHasher,
  PasswordLogin,
  Permissions,
  requireAuth,
  requirePermission,
  requireRole,
  Sessions,
  SessionStrategy,
} from "../../../framework/auth/mod.ts";

export const PASSWORD = "correct-horse-battery-staple";
export const JWT_SECRET = "the-secret-that-signs-tokens-in-tests";

/** Real scrypt, at a cost that lets tests be quick. */
export const quickCost = { ln: 4, r: 8, p: 1 };

const TOKEN = { key: JWT_SECRET, issuer: "https://issuer.test", audience: "shop" };

/** A service with every way to log in, and what it logged. */
export interface Service extends Disposable {
  readonly app: Application<AuthState>;
  readonly auth: Auth;
  readonly keys: ApiKeys;
  readonly issuer: JwtIssuer;
  readonly logs: LogRecord[];
  /** Makes every check that needs the store fail. */
  closeStore(): void;
  /** Logs in by password. @returns The `Cookie` header of the new session. */
  login(cookie?: string): Promise<string>;
}

/** Starts a service on real KV, with the user `ada`, a clerk, and the user `root`, an admin. */
export async function startService(telemetry: AuthTelemetryOptions = {}): Promise<Service> {
  const kv = await Deno.openKv(":memory:");
  const hasher = new PasswordHasher({ cost: quickCost });
  const passwordHash = await hasher.hash(PASSWORD);
  const users = new Map<string, AuthUser>([
    ["ada", { id: "ada", roles: ["clerk"] }],
    ["root", { id: "root", roles: ["admin"] }],
  ]);
  const passwords = new PasswordLogin({
    findAccount: (name) => users.has(name) ? { userId: name, passwordHash } : undefined,
    hasher,
    limit: new LoginLimit(kv),
  });
  const keys = new ApiKeys(kv);
  const auth = new Auth({
    loadUser: (id) => users.get(id),
    sessions: new SessionStrategy(new Sessions(kv)),
    strategies: [
      new BearerStrategy(new JwtVerifier({ ...TOKEN, algorithms: ["HS256"] })),
      new ApiKeyStrategy(keys),
      new BasicStrategy(passwords),
    ],
    passwords,
    permissions: new Permissions({ clerk: ["orders:*"], admin: ["*"] }),
    telemetry,
  });
  let open = true;
  const closeStore = () => {
    if (open) kv.close();
    open = false;
  };
  const logs: LogRecord[] = [];
  const logger = createLogger({
    name: "shop",
    level: "debug",
    sinks: [(record) => logs.push(record)],
  });
  const app = new Application<AuthState>({ logger });
  app.post("/login", async (ctx) => {
    const body = await ctx.body.json() as { name: string; password: string };
    const outcome = await auth.login(ctx, body);
    if (!outcome.success) throw auth.denial(outcome);
    return { user: outcome.identity.user.id };
  });
  app.post("/logout", async (ctx) => ({ ended: await auth.logout(ctx) }));
  app.get("/me", [requireAuth(auth)], (ctx) => {
    const { user, scheme } = identityOf(ctx);
    return { user: user.id, scheme };
  });
  app.get("/orders", [requirePermission(auth, "orders:read")], () => "orders");
  app.get("/admin", [requireRole(auth, "admin")], () => "admin");
  return {
    app,
    auth,
    keys,
    issuer: new JwtIssuer({ ...TOKEN, algorithm: "HS256" }),
    logs,
    login: async (cookie) => {
      const response = await app.handle(loginRequest("ada", PASSWORD, cookie));
      return cookieOf(response);
    },
    closeStore,
    [Symbol.dispose]: closeStore,
  };
}

/** A login as a page would send it. */
export function loginRequest(name: string, password: string, cookie?: string): Request {
  return new Request("http://localhost/login", {
    method: "POST",
    headers: { "content-type": "application/json", ...(cookie === undefined ? {} : { cookie }) },
    body: JSON.stringify({ name, password }),
  });
}

/** A request with headers. */
export function get(path: string, headers: HeadersInit = {}): Request {
  return new Request(`http://localhost${path}`, { headers });
}

/** The `Cookie` header of a browser that got this response. */
export function cookieOf(response: Response): string {
  return response.headers.getSetCookie().map((cookie) => cookie.split(";", 1)[0]).join("; ");
}
