import assert from "node:assert/strict";
import { Auth, type AuthTelemetryOptions, type Strategy } from "../../../framework/auth/mod.ts";
import { AuthTelemetry } from "../../../framework/auth/telemetry.ts";
import { inMemoryTelemetry, type ReceivedSpan } from "../../_telemetry.ts";
import { get, JWT_SECRET, loginRequest, PASSWORD, startService } from "./_service.ts";

function authSpans(spans: readonly ReceivedSpan[]): unknown[] {
  return spans
    .filter(({ name }) => name.startsWith("auth."))
    .map(({ name, kind, attributes, events, status }) => ({
      name,
      kind,
      attributes,
      status: status.code,
      events: events.map((event) => [event.name, event.attributes]),
    }));
}

Deno.test("a request that is allowed tells who asked, how, and for what", async () => {
  using telemetry = inMemoryTelemetry();
  using service = await startService();
  const headers = { authorization: `Bearer ${await service.issuer.issue("ada")}` };
  await (await service.app.handle(get("/orders", headers))).body?.cancel();
  const user = { "auth.user_id": "ada", "auth.roles": ["clerk"] };
  assert.deepEqual(authSpans(telemetry.spans()), [
    {
      name: "auth.authenticate",
      kind: "INTERNAL",
      attributes: { "auth.scheme": "bearer", ...user, "auth.success": true },
      status: "UNSET",
      events: [["auth.success", {}]],
    },
    {
      name: "auth.checkPermission",
      kind: "INTERNAL",
      attributes: {
        "auth.permission": "orders:read",
        "auth.scheme": "bearer",
        ...user,
        "auth.success": true,
      },
      status: "UNSET",
      events: [["auth.success", {}]],
    },
  ]);
});

Deno.test("a refusal is an outcome: it tells why, and the status stays unset", async () => {
  using telemetry = inMemoryTelemetry();
  using service = await startService();
  const headers = { authorization: `Bearer ${await service.issuer.issue("ada")}` };
  await (await service.app.handle(get("/me"))).body?.cancel();
  await (await service.app.handle(get("/me", { "x-api-key": "ek_guess" }))).body?.cancel();
  await (await service.app.handle(get("/admin", headers))).body?.cancel();
  const [missing, guessed, , role] = authSpans(telemetry.spans());
  assert.deepEqual(missing, {
    name: "auth.authenticate",
    kind: "INTERNAL",
    attributes: { "auth.success": false },
    status: "UNSET",
    events: [["auth.failure", { "auth.failure.reason": "missing" }]],
  });
  assert.deepEqual(guessed, {
    name: "auth.authenticate",
    kind: "INTERNAL",
    attributes: { "auth.scheme": "api_key", "auth.success": false },
    status: "UNSET",
    events: [["auth.failure", { "auth.failure.reason": "invalid" }]],
  });
  assert.deepEqual(role, {
    name: "auth.checkRole",
    kind: "INTERNAL",
    attributes: {
      "auth.role": "admin",
      "auth.scheme": "bearer",
      "auth.user_id": "ada",
      "auth.roles": ["clerk"],
      "auth.success": false,
    },
    status: "UNSET",
    events: [["auth.failure", { "auth.failure.reason": "denied" }]],
  });
});

Deno.test("a check that fails itself is an error, and goes on unchanged", async () => {
  using telemetry = inMemoryTelemetry();
  const unreachable = new Deno.errors.ConnectionRefused("The store cannot be reached");
  const broken: Strategy = {
    scheme: "api_key",
    verify: () => Promise.reject(unreachable),
    challenge: () => "Broken",
  };
  const auth = new Auth({ loadUser: (id) => ({ id }), strategies: [broken] });
  await assert.rejects(auth.authenticate(get("/")), unreachable);
  assert.throws(() => auth.checkPermission(undefined, "orders:*"), TypeError);
  const [authenticate, check] = telemetry.spans();
  assert.equal(authenticate?.status.code, "ERROR");
  assert.equal(authenticate?.attributes["error.type"], "ConnectionRefused");
  assert.equal(check?.status.code, "ERROR");
  assert.equal(check?.attributes["error.type"], "TypeError");
});

Deno.test("attempts and failures are counted by scheme and operation, never by user", async () => {
  using telemetry = inMemoryTelemetry();
  using service = await startService();
  const cookie = await service.login();
  for (
    const [path, headers] of [["/me", {}], ["/admin", { cookie }], ["/me", {
      "x-api-key": "x",
    }]] as const
  ) {
    await (await service.app.handle(get(path, headers))).body?.cancel();
  }
  const counts = async (name: string) => {
    const metric = (await telemetry.metrics()).find((each) => each.name === name);
    assert.ok(metric !== undefined);
    return new Set(
      metric.points.map(({ attributes, value }) => JSON.stringify([attributes, Number(value)])),
    );
  };
  const count = (scheme: string, operation: string) =>
    JSON.stringify([{ "auth.scheme": scheme, "auth.operation": operation }, 1]);
  assert.deepEqual(
    await counts("echelon.auth.attempts"),
    new Set([
      count("password", "authenticate"),
      count("session", "authenticate"),
      count("session", "checkRole"),
      count("api_key", "authenticate"),
    ]),
  );
  assert.deepEqual(
    await counts("echelon.auth.failures"),
    new Set([count("session", "checkRole"), count("api_key", "authenticate")]),
  );
});

async function userIdUnder(options: AuthTelemetryOptions): Promise<unknown> {
  using telemetry = inMemoryTelemetry();
  using service = await startService(options);
  await service.login();
  return telemetry.spans().find(({ name }) => name === "auth.authenticate")
    ?.attributes["auth.user_id"];
}

Deno.test("user ids are plain, hashed by a key, or left out, as told", async () => {
  const userIdKey = "a key of no less than thirty-two bytes";
  assert.equal(await userIdUnder({}), "ada");
  assert.equal(await userIdUnder({ userIds: "omit" }), undefined);
  const hashed = await userIdUnder({ userIds: "hash", userIdKey });
  assert.match(String(hashed), /^[\w-]{16}$/);
  assert.equal(await userIdUnder({ userIds: "hash", userIdKey }), hashed);
  assert.notEqual(await userIdUnder({ userIds: "hash", userIdKey: `${userIdKey}!` }), hashed);
});

Deno.test("AuthTelemetry() refuses to hash ids without a key", () => {
  assert.throws(() => new AuthTelemetry({ userIds: "hash" }), {
    name: "TypeError",
    message: 'User ids cannot be hashed: expected a secret in "userIdKey"',
  });
  assert.throws(() => new AuthTelemetry({ userIds: "hash", userIdKey: "short" }), RangeError);
});

Deno.test("no credential is in anything that is exported, logged or answered", async () => {
  using telemetry = inMemoryTelemetry();
  using service = await startService();
  const { app, issuer, keys, logs } = service;
  const cookie = await service.login();
  const token = await issuer.issue("ada");
  const { secret } = await keys.create("ada", { name: "export" });
  const basic = btoa(`ada:${PASSWORD}`);
  const good: HeadersInit[] = [
    { cookie },
    { authorization: `Bearer ${token}` },
    { "x-api-key": secret },
    { authorization: `Basic ${basic}` },
  ];
  // Spoilt ones are secrets too: they may be one letter away from the right ones.
  const bad: HeadersInit[] = [
    { cookie: `${cookie}x` },
    { cookie: `${cookie}%zz` },
    { authorization: `Bearer ${token}x` },
    { authorization: `Bearer ${token.split(".")[1]}` },
    { "x-api-key": `${secret}x` },
    { authorization: `Basic ${btoa(`ada:${PASSWORD}x`)}` },
    { authorization: `Basic ${btoa(PASSWORD)}` },
    { authorization: `Basic ${basic}!` },
  ];
  const answers: string[] = [];
  const ask = async (request: Request) => {
    const response = await app.handle(request);
    const headers = [...response.headers].filter(([name]) => name !== "set-cookie");
    answers.push(JSON.stringify(headers), await response.text());
    return response.status;
  };
  for (const headers of good) assert.equal(await ask(get("/me", headers)), 200);
  for (const headers of bad) assert.equal(await ask(get("/me", headers)), 401);
  for (const headers of good) await ask(get("/admin", headers));
  await ask(loginRequest("ada", `${PASSWORD}x`));
  // A store that is gone makes the checks themselves fail.
  service.closeStore();
  for (const headers of good) await ask(get("/me", headers));
  await ask(loginRequest("ada", PASSWORD));

  const inspected = Deno.inspect(
    [telemetry.spans(), await telemetry.metrics(), logs, answers],
    { depth: Infinity, iterableLimit: Infinity, strAbbreviateSize: Infinity },
  );
  assert.ok(inspected.includes("auth.authenticate") && inspected.includes("error.type"));
  assert.ok(logs.length > 0, "The failures of the store are logged");
  const [, sessionToken = ""] = cookie.split("=");
  const secrets = [PASSWORD, JWT_SECRET, sessionToken, secret, basic, ...token.split(".").slice(1)];
  for (const each of secrets) {
    assert.ok(each.length > 8);
    assert.equal(inspected.includes(each), false, `A secret is told: ${each}`);
  }
});

Deno.test("Auth tells emit of every check and of what it came to when no SDK is registered", async () => {
  const told: unknown[] = [];
  const strategy: Strategy = {
    scheme: "api_key",
    verify: ({ headers }) => {
      const userId = headers.get("x-api-key");
      if (userId === "broken") throw new RangeError("The store cannot be reached");
      return userId === null ? undefined : { userId };
    },
    challenge: () => "",
  };
  const auth = new Auth({
    loadUser: (id) => id === "ada" ? { id, roles: ["clerk"] } : undefined,
    strategies: [strategy],
    emit: ({ type, data }) => told.push([type, data]),
  });
  const known = await auth.authenticate(get("/", { "x-api-key": "ada" }));
  assert.ok(known.success);
  await auth.authenticate(get("/", { "x-api-key": "guess" }));
  await auth.authenticate(get("/"));
  await assert.rejects(auth.authenticate(get("/", { "x-api-key": "broken" })), RangeError);
  assert.equal(auth.checkRole(known.identity, "clerk"), true);
  assert.equal(auth.checkPermission(undefined, "orders:read"), false);
  const scheme = "api_key";
  const unknown = { scheme: undefined };
  assert.deepEqual(told, [
    ["auth:check", unknown],
    ["auth:success", { scheme }],
    ["auth:check", unknown],
    ["auth:failure", { scheme, reason: "unknown_user" }],
    ["auth:check", unknown],
    ["auth:failure", { ...unknown, reason: "missing" }],
    ["auth:check", unknown],
    ["auth:check", { scheme, role: "clerk" }],
    ["auth:success", { scheme }],
    ["auth:check", { ...unknown, permission: "orders:read" }],
    ["auth:failure", { ...unknown, reason: "denied" }],
  ]);
});
