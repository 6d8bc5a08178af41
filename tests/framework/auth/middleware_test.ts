import assert from "node:assert/strict";
import { Application } from "../../../framework/mod.ts";
import {
  type AuthState,
  identify,
  identityOf,
  requireAuth,
  requireRole,
} from "../../../framework/auth/mod.ts";
import { inMemoryTelemetry } from "../../_telemetry.ts";
import { get, startService } from "./_service.ts";

Deno.test("requireAuth() answers 401 with every challenge to a request without a credential", async () => {
  using service = await startService();
  const response = await service.app.handle(get("/me"));
  assert.equal(response.status, 401);
  assert.equal(
    response.headers.get("www-authenticate"),
    'Session realm="echelon", Bearer realm="echelon", ' +
      'ApiKey realm="echelon", header="x-api-key", Basic realm="echelon", charset="UTF-8"',
  );
  assert.equal((await response.json()).detail, "The request holds no credential");
});

Deno.test("requireAuth() says that a bearer token was refused (RFC 6750)", async () => {
  using service = await startService();
  const response = await service.app.handle(get("/me", { authorization: "Bearer a.b.c" }));
  assert.equal(response.status, 401);
  assert.match(
    response.headers.get("www-authenticate") ?? "",
    /Bearer realm="echelon", error="invalid_token"/,
  );
  await response.body?.cancel();
});

Deno.test("requireAuth() leaves the identity to the handler, and keeps the answer private", async () => {
  using service = await startService();
  const response = await service.app.handle(get("/me", { cookie: await service.login() }));
  assert.equal(response.headers.get("cache-control"), "private");
  assert.deepEqual(await response.json(), { user: "ada", scheme: "session" });
});

Deno.test("requireRole() and requirePermission() answer 401 to nobody and 403 to the wrong user", async () => {
  using service = await startService();
  const cookie = await service.login();
  const root = { authorization: `Bearer ${await service.issuer.issue("root")}` };
  const statusOf = async (path: string, headers?: HeadersInit) => {
    const response = await service.app.handle(get(path, headers));
    await response.body?.cancel();
    return response.status;
  };
  assert.equal(await statusOf("/admin"), 401);
  assert.equal(await statusOf("/admin", { cookie }), 403);
  assert.equal(await statusOf("/admin", root), 200);
  assert.equal(await statusOf("/orders"), 401);
  assert.equal(await statusOf("/orders", { cookie }), 200);
  const { secret } = await service.keys.create("root", { name: "x", scopes: ["products:read"] });
  assert.equal(await statusOf("/orders", { "x-api-key": secret }), 403);
  assert.equal(await statusOf("/admin", { "x-api-key": secret }), 403);
});

Deno.test("requireRole() says what is missing", async () => {
  using service = await startService();
  const response = await service.app.handle(get("/admin", { cookie: await service.login() }));
  assert.equal((await response.json()).detail, 'This needs the role "admin"');
});

Deno.test("a request is authenticated once, however many guards stand before its handler", async () => {
  using telemetry = inMemoryTelemetry();
  using service = await startService();
  const { auth } = service;
  const app = new Application<AuthState>();
  app.use(requireAuth(auth));
  app.get("/", [requireRole(auth, "admin"), requireRole(auth, "admin")], () => "ok");
  const headers = { authorization: `Bearer ${await service.issuer.issue("root")}` };
  const response = await app.handle(get("/", headers));
  assert.equal(await response.text(), "ok");
  const names = telemetry.spans().map(({ name }) => name).filter((name) =>
    name.startsWith("auth.")
  );
  assert.deepEqual(names, ["auth.authenticate", "auth.checkRole", "auth.checkRole"]);
});

Deno.test("identify() lets everyone pass, known or not", async () => {
  using service = await startService();
  const app = new Application<AuthState>();
  app.use(identify(service.auth));
  app.get("/", (ctx) => `Hello ${ctx.state.identity?.user.id ?? "stranger"}`);
  const known = await app.handle(get("/", { cookie: await service.login() }));
  assert.equal(await known.text(), "Hello ada");
  const unknown = await app.handle(get("/"));
  assert.equal(await unknown.text(), "Hello stranger");
  assert.equal(unknown.headers.get("cache-control"), null);
});

Deno.test("identityOf() says what is missing where no guard stands before the handler", () => {
  assert.throws(() => identityOf({ state: {} }), {
    name: "TypeError",
    message: "The request has no identity: put requireAuth() before this handler",
  });
});
