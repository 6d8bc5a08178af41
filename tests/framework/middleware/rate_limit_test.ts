import assert from "node:assert/strict";
import { MemoryRateLimitStore, rateLimit } from "../../../framework/middleware/mod.ts";
import type { RequestInfo } from "../../../framework/mod.ts";
import { request, testApp } from "../../_app.ts";

const address = (hostname: string): RequestInfo => ({
  remoteAddr: { transport: "tcp", hostname, port: 5000 },
});

const A = address("192.0.2.1");

function clock(): { now: () => number; pass(millis: number): void } {
  let time = 1_000;
  return { now: () => time, pass: (millis) => void (time += millis) };
}

Deno.test("rateLimit() lets a client make so many requests a window, and says where it stands", async () => {
  const { now, pass } = clock();
  const app = testApp();
  app.use(rateLimit({ limit: 2, windowSeconds: 10, store: new MemoryRateLimitStore({ now }) }));
  app.get("/", () => "ok");
  const get = async (info = A) => {
    const { status, headers } = await app.handle(request("/"), info);
    return [status, headers.get("ratelimit"), headers.get("retry-after")];
  };
  assert.deepEqual(await get(), [200, '"default";r=1;t=10', null]);
  pass(3_500);
  assert.deepEqual(await get(), [200, '"default";r=0;t=7', null]);
  assert.deepEqual(await get(), [429, '"default";r=0;t=7', "7"]);
  assert.deepEqual(await get(address("192.0.2.2")), [200, '"default";r=1;t=10', null]);
  pass(6_499);
  assert.deepEqual(await get(), [429, '"default";r=0;t=1', "1"]);
  pass(1);
  assert.deepEqual(await get(), [200, '"default";r=1;t=10', null]);
});

Deno.test("rateLimit() answers a problem document that says when to come again", async () => {
  const app = testApp();
  app.use(rateLimit({ limit: 1, store: new MemoryRateLimitStore({ now: () => 0 }) }));
  app.get("/", () => "ok");
  const first = await app.handle(request("/"), A);
  assert.equal(first.headers.get("ratelimit-policy"), '"default";q=1;w=60');
  const response = await app.handle(request("/"), A);
  assert.deepEqual(await response.json(), {
    type: "about:blank",
    title: "Too Many Requests",
    status: 429,
    detail: "Too many requests: try again in 60 s",
  });
});

Deno.test("rateLimit() lists every limit that stands around a request", async () => {
  const store = new MemoryRateLimitStore({ now: () => 0 });
  const app = testApp();
  app.use(rateLimit({ limit: 9, store, name: "all" }));
  app.use("/login", rateLimit({ limit: 1, windowSeconds: 600, store, name: "login" }));
  app.post("/login", () => "ok");
  const login = () => app.handle(request("/login", { method: "POST" }), A);
  const { headers } = await login();
  assert.equal(headers.get("ratelimit-policy"), '"all";q=9;w=60, "login";q=1;w=600');
  assert.equal(headers.get("ratelimit"), '"all";r=8;t=60, "login";r=0;t=600');
  assert.equal((await login()).headers.get("retry-after"), "600");
});

Deno.test("rateLimit() counts by the key it is told, and lets pass what has none", async () => {
  const app = testApp<{ user: string | undefined }>({ state: () => ({ user: undefined }) });
  app.use((ctx, next) => {
    ctx.state.user = ctx.headers.get("x-user") ?? undefined;
    return next();
  });
  app.use(rateLimit({ limit: 1, key: (ctx) => ctx.state.user }));
  app.get("/", () => "ok");
  const get = async (headers: HeadersInit) =>
    (await app.handle(request("/", { headers }), A)).status;
  assert.equal(await get({ "x-user": "ada" }), 200);
  assert.equal(await get({ "x-user": "bob" }), 200);
  assert.equal(await get({ "x-user": "ada" }), 429);
  assert.deepEqual([await get({}), await get({})], [200, 200]);
});

Deno.test("rateLimit() waits for a store that is elsewhere, and fails with it", async () => {
  const asked: [string, number][] = [];
  const hit = (key: string, windowMillis: number) => {
    asked.push([key, windowMillis]);
    return asked.length === 1
      ? Promise.resolve({ hits: 1, resetMillis: 100 })
      : Promise.reject(new Error("store is down"));
  };
  const app = testApp();
  app.use(rateLimit({ limit: 1, windowSeconds: 1, name: "api", store: { hit } }));
  app.get("/", () => "ok");
  assert.equal((await app.handle(request("/"), A)).status, 200);
  assert.equal((await app.handle(request("/"), A)).status, 500);
  assert.deepEqual(asked, [["api:192.0.2.1", 1_000], ["api:192.0.2.1", 1_000]]);
});

Deno.test("rateLimit() holds over the network, by the address of the connection", async () => {
  const app = testApp();
  app.use(rateLimit({ limit: 3 }));
  app.get("/", () => "ok");
  const server = app.listen({ port: 0, handleSignals: false });
  const statuses = await Promise.all(
    Array.from({ length: 5 }, async (_, i) => {
      // A header that anyone can send makes nobody another client.
      const headers = { "x-forwarded-for": `203.0.113.${i}` };
      const response = await fetch(server.url, { headers });
      await response.body?.cancel();
      return response.status;
    }),
  );
  await app.stop();
  assert.deepEqual(statuses.sort(), [200, 200, 200, 429, 429]);
});

Deno.test("rateLimit() refuses settings without a meaning", () => {
  assert.throws(() => rateLimit({ limit: 0 }), RangeError);
  assert.throws(() => rateLimit({ limit: 1, windowSeconds: 0.5 }), RangeError);
  assert.throws(() => rateLimit({ limit: 1, name: 'a"b' }), {
    name: "TypeError",
    message: /^Cannot name a rate limit "a"b": expected/,
  });
});
