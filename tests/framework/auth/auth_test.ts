import assert from "node:assert/strict";
import { Auth } from "../../../framework/auth/auth.ts";
import { ApiKeys } from "../../../framework/auth/api_keys.ts";
import { ApiKeyStrategy } from "../../../framework/auth/strategies/api_key_strategy.ts";
import { cookieOf, get, loginRequest, PASSWORD, startService } from "./_service.ts";

Deno.test("authenticate() takes a plain request, by each kind of credential", async () => {
  using service = await startService();
  const { secret } = await service.keys.create("ada", { name: "export" });
  const credentials: Record<string, HeadersInit> = {
    session: { cookie: await service.login() },
    bearer: { authorization: `Bearer ${await service.issuer.issue("ada")}` },
    api_key: { "x-api-key": secret },
    basic: { authorization: `basic ${btoa(`ada:${PASSWORD}`)}` },
  };
  for (const [scheme, headers] of Object.entries(credentials)) {
    const outcome = await service.auth.authenticate(get("/", headers));
    assert.ok(outcome.success, scheme);
    assert.equal(outcome.identity.scheme, scheme);
    assert.deepEqual(outcome.identity.user, { id: "ada", roles: ["clerk"] });
  }
});

Deno.test("authenticate() goes on to the next credential when one is refused", async () => {
  using service = await startService();
  const headers = { cookie: "__Host-session=stale", authorization: "Bearer a.b.c" };
  assert.deepEqual(await service.auth.authenticate(get("/", headers)), {
    success: false,
    reason: "invalid",
    scheme: "session",
  });
  const authorization = `Bearer ${await service.issuer.issue("ada")}`;
  const outcome = await service.auth.authenticate(get("/", { ...headers, authorization }));
  assert.equal(outcome.success && outcome.identity.scheme, "bearer");
});

Deno.test("authenticate() refuses the credential of a user who is gone, as if it were wrong", async () => {
  using service = await startService();
  const headers = { authorization: `Bearer ${await service.issuer.issue("eve")}` };
  const outcome = await service.auth.authenticate(get("/", headers));
  assert.deepEqual(outcome, { success: false, reason: "unknown_user", scheme: "bearer" });
  const response = await service.app.handle(get("/me", headers));
  assert.equal((await response.json()).detail, "The credential is not valid");
});

Deno.test("login() begins a new session each time, and the one before is over", async () => {
  using service = await startService();
  const first = await service.login("__Host-session=planted-by-someone-else");
  assert.notEqual(first, "__Host-session=planted-by-someone-else");
  const second = await service.login(first);
  assert.equal((await service.auth.authenticate(get("/", { cookie: first }))).success, false);
  assert.equal((await service.auth.authenticate(get("/", { cookie: second }))).success, true);
});

Deno.test("login() refuses with 401, and past the limit with 429 and Retry-After", async () => {
  using service = await startService();
  const attempt = () => service.app.handle(loginRequest("ada", "wrong"));
  for (let tries = 0; tries < 10; tries++) {
    const response = await attempt();
    assert.equal(response.status, 401);
    assert.deepEqual(response.headers.getSetCookie(), []);
    await response.body?.cancel();
  }
  const response = await attempt();
  assert.equal(response.status, 429);
  const seconds = Number(response.headers.get("retry-after"));
  assert.ok(seconds > 0 && seconds <= 900);
  assert.equal(
    (await response.json()).detail,
    `Too many attempts to log in: try again in ${seconds} seconds`,
  );
});

Deno.test("login() over the network counts what comes from one address, whatever the names", async () => {
  using service = await startService();
  const server = service.app.listen({ port: 0, hostname: "127.0.0.1" });
  const attempt = async (name: string) => {
    const { headers, method, body } = loginRequest(name, "wrong");
    const response = await fetch(new URL("/login", server.url), { headers, method, body });
    await response.body?.cancel();
    return response.status;
  };
  for (let tries = 0; tries < 100; tries++) assert.equal(await attempt(`user-${tries}`), 401);
  assert.equal(await attempt("one-more"), 429);
  await service.app.stop();
});

Deno.test("logout() ends the session and removes the cookie", async () => {
  using service = await startService();
  const cookie = await service.login();
  const logout = () =>
    service.app.handle(
      new Request("http://localhost/logout", { method: "POST", headers: { cookie } }),
    );
  const response = await logout();
  assert.deepEqual(await response.json(), { ended: true });
  assert.equal(cookieOf(response), "__Host-session=");
  assert.equal((await service.auth.authenticate(get("/", { cookie }))).success, false);
  assert.deepEqual(await (await logout()).json(), { ended: false });
});

Deno.test("startSession() and rotateSession() serve logins of other kinds", async () => {
  using service = await startService();
  const { app, auth } = service;
  app.post("/callback", async (ctx) => {
    const { data } = await auth.startSession(ctx, "ada", { data: { from: "elsewhere" } });
    return data;
  });
  app.post("/promote", async (ctx) => (await auth.rotateSession(ctx))?.data ?? "no session");
  const post = (path: string, cookie = "") =>
    app.handle(new Request(`http://localhost${path}`, { method: "POST", headers: { cookie } }));
  const started = await post("/callback");
  assert.deepEqual(await started.json(), { from: "elsewhere" });
  const rotated = await post("/promote", cookieOf(started));
  assert.deepEqual(await rotated.json(), { from: "elsewhere" });
  const old = await auth.authenticate(get("/", { cookie: cookieOf(started) }));
  assert.equal(old.success, false);
  const now = await auth.authenticate(get("/", { cookie: cookieOf(rotated) }));
  assert.deepEqual(now.success && now.identity.session?.data, { from: "elsewhere" });
  assert.equal(await (await post("/promote")).text(), "no session");
});

Deno.test("Auth() and its logins say what they lack", async () => {
  const loadUser = (id: string) => ({ id });
  assert.throws(() => new Auth({ loadUser }), {
    name: "TypeError",
    message: 'Auth has no strategy: expected "sessions", or one in "strategies"',
  });
  using kv = await Deno.openKv(":memory:");
  const strategies = [new ApiKeyStrategy(new ApiKeys(kv))];
  assert.throws(() => new Auth({ loadUser, strategies, realm: "a\r\nb" }), TypeError);
  const auth = new Auth({ loadUser, strategies });
  using service = await startService();
  service.app.post("/none", (ctx) => auth.login(ctx, { name: "ada", password: "x" }));
  const request = new Request("http://localhost/none", { method: "POST" });
  assert.equal((await service.app.handle(request)).status, 500);
  assert.match(
    JSON.stringify(service.logs.map(({ fields }) => String(fields["error"]))),
    /Auth has no/,
  );
});
