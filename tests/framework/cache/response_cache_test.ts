import assert from "node:assert/strict";
import { Application } from "../../../framework/app.ts";
import { Cache } from "../../../framework/cache/cache.ts";
import { KvStore } from "../../../framework/cache/kv_store.ts";
import {
  responseCache,
  type ResponseCacheOptions,
} from "../../../framework/cache/response_cache.ts";
import type { Handler } from "../../../framework/http/types.ts";
import { createLogger } from "../../../framework/telemetry/logger.ts";
import { inMemoryTelemetry } from "../../_telemetry.ts";
import { Clock } from "./_clock.ts";

const CACHED = { headers: { "cache-control": "max-age=60" } };

/** An application with one cached path, `/page`, and a count of how often its handler ran. */
function shop(handler: Handler, options: Partial<ResponseCacheOptions> = {}) {
  const clock = new Clock();
  const cache = options.cache ?? new Cache({ now: clock.now });
  const runs = { count: 0 };
  const app = new Application({ logger: createLogger({ sinks: [] }) });
  app.use(responseCache({ cache, ...options }));
  app.all("/page", (ctx) => {
    runs.count += 1;
    return handler(ctx);
  });
  const get = (headers: HeadersInit = {}, path = "/page") =>
    app.handle(new Request(`http://shop.test${path}`, { headers }));
  const send = (method: string, headers: HeadersInit = {}) =>
    app.handle(new Request("http://shop.test/page", { method, headers }));
  return { app, cache, clock, runs, get, send };
}

/** Asks one after the other and gives the bodies. */
async function bodies(asks: readonly (() => Promise<Response>)[]): Promise<string[]> {
  const texts: string[] = [];
  for (const ask of asks) texts.push(await (await ask()).text());
  return texts;
}

Deno.test("responseCache() serves a stored response with its age, then asks again", async () => {
  let version = 0;
  const { get, clock, runs } = shop((ctx) =>
    ctx.json({ version: ++version }, { status: 203, headers: { ...CACHED.headers, "x-a": "1" } })
  );
  const first = await get();
  assert.equal(first.headers.get("age"), null);
  assert.equal(first.headers.get("cache-status"), "Echelon; fwd=miss");
  clock.advance(59);
  const second = await get();
  assert.equal(second.status, 203);
  assert.equal(second.headers.get("age"), "59");
  assert.equal(second.headers.get("x-a"), "1");
  assert.equal(second.headers.get("content-type"), "application/json");
  assert.equal(second.headers.get("cache-status"), "Echelon; hit; ttl=1");
  assert.deepEqual([await first.json(), await second.json()], [{ version: 1 }, { version: 1 }]);
  clock.advance(1);
  assert.deepEqual(await (await get()).json(), { version: 2 });
  assert.equal(runs.count, 2);
});

Deno.test("responseCache() tells queries and hosts apart", async () => {
  const { app, get } = shop((ctx) => ctx.text(`${ctx.url.host}${ctx.url.search}`, CACHED));
  const elsewhere = () => app.handle(new Request("http://other.test/page?a=1"));
  const asks = [() => get({}, "/page?a=1"), () => get({}, "/page?a=2"), elsewhere];
  const expected = ["shop.test?a=1", "shop.test?a=2", "other.test?a=1"];
  assert.deepEqual(await bodies(asks), expected);
  assert.deepEqual(await bodies(asks), expected);
});

Deno.test("responseCache() keeps a variant for each value of what Vary names", async () => {
  const { get, runs } = shop((ctx) => {
    ctx.responseHeaders.append("vary", "Accept-Language");
    return ctx.text(`in ${ctx.headers.get("accept-language")}`, CACHED);
  });
  const [en, de] = [{ "accept-language": "en" }, { "accept-language": "de" }];
  const asks = [en, de, {}, en, de, {}].map((headers) => () => get(headers));
  assert.deepEqual(await bodies(asks), ["in en", "in de", "in null", "in en", "in de", "in null"]);
  assert.equal(runs.count, 3);
  assert.equal((await get(en)).headers.get("vary"), "Accept-Language");
});

for (
  const [what, handler] of [
    [
      "sets a cookie on its response",
      () => new Response("x", { headers: { ...CACHED.headers, "set-cookie": "a=b" } }),
    ],
    ["sets a cookie on the context", (ctx) => {
      ctx.cookies.set("a", "b");
      return ctx.text("x", CACHED);
    }],
    ["is made private on the context", (ctx) => {
      ctx.responseHeaders.set("cache-control", "private");
      return ctx.text("x");
    }],
    ["says nothing", (ctx) => ctx.text("x")],
    ["fails", () => new Response("x", { status: 500, ...CACHED })],
  ] as readonly [string, Handler][]
) {
  Deno.test(`responseCache() stores nothing that ${what}`, async () => {
    const { get, runs, cache } = shop(handler);
    await bodies([get, get]);
    assert.equal(runs.count, 2);
    assert.equal(await cache.get("http://shop.test/page"), undefined);
  });
}

Deno.test("responseCache() keeps what needs Authorization from everyone, unless it is public", async () => {
  const closed = shop((ctx) => ctx.text("x", CACHED));
  const open = shop((ctx) => ctx.text("x", { headers: { "cache-control": "public, max-age=60" } }));
  const user = { authorization: "Bearer u" };
  for (const headers of [user, {}, user, {}]) {
    await closed.get(headers);
    await open.get(headers);
  }
  assert.equal(closed.runs.count, 3);
  assert.equal(open.runs.count, 1);
});

Deno.test("responseCache() with a ttl neither stores for nor serves to requests with a cookie", async () => {
  const { get, runs } = shop((ctx) => ctx.text(ctx.headers.get("cookie") ?? "nobody"), { ttl: 60 });
  const ada = () => get({ cookie: "user=ada" });
  assert.deepEqual(await bodies([ada, get, ada, get]), [
    "user=ada",
    "nobody",
    "user=ada",
    "nobody",
  ]);
  assert.equal(runs.count, 3);
});

Deno.test("responseCache() honours a client that wants a newer one, and keeps that", async () => {
  let version = 0;
  const { get, send } = shop((ctx) => ctx.text(`${++version}`, CACHED));
  const wanting = (directive: string) => () => get({ "cache-control": directive });
  assert.deepEqual(
    await bodies([get, wanting("no-cache"), get, wanting("max-age=0"), wanting("no-store"), get]),
    ["1", "2", "2", "3", "4", "3"],
  );
  const ranged = await send("GET", { range: "bytes=0-1" });
  assert.equal(ranged.headers.get("cache-status"), "Echelon; fwd=bypass");
});

Deno.test("responseCache() can ignore what clients want", async () => {
  const { get, runs } = shop((ctx) => ctx.text("x", CACHED), { requestDirectives: "ignore" });
  await bodies([
    get,
    () => get({ "cache-control": "no-cache" }),
    () => get({ "cache-control": "no-store" }),
  ]);
  assert.equal(runs.count, 1);
});

Deno.test("responseCache() answers 504 to only-if-cached when nothing is there", async () => {
  const { get, runs } = shop((ctx) => ctx.text("x", CACHED));
  const only = { "cache-control": "only-if-cached" };
  assert.equal((await get(only)).status, 504);
  assert.equal(runs.count, 0);
  await get();
  assert.equal((await get(only)).status, 200);
});

Deno.test("responseCache() answers a HEAD from a GET, and stores none of its own", async () => {
  const { get, send, runs } = shop((ctx) => ctx.text("body", CACHED));
  await send("HEAD");
  await get();
  const head = await send("HEAD");
  assert.equal(runs.count, 2);
  assert.equal(head.headers.get("age"), "0");
  assert.equal(await head.text(), "");
  assert.equal(await (await get()).text(), "body");
});

Deno.test("responseCache() gives a whole body an entity tag and answers 304 to it", async () => {
  const { get, runs } = shop((ctx) => ctx.text("body", CACHED));
  const etag = (await get()).headers.get("etag") ?? "";
  assert.match(etag, /^W\/"/);
  const response = await get({ "if-none-match": etag });
  assert.equal(response.status, 304);
  assert.equal(response.headers.get("etag"), etag);
  assert.equal(response.headers.get("content-type"), null);
  assert.equal((await get({ "if-none-match": `"other"` })).status, 200);
  assert.equal(runs.count, 1);
});

Deno.test("responseCache() answers 304 for a response that it may not store", async () => {
  const modified = "Wed, 21 Oct 2026 07:28:00 GMT";
  const headers = { "cache-control": "private", "last-modified": modified };
  const { get, runs } = shop((ctx) => ctx.text("x", { headers }));
  assert.equal((await get({ "if-modified-since": modified })).status, 304);
  assert.equal((await get()).status, 200);
  assert.equal(runs.count, 2);
});

Deno.test("responseCache() runs the handler once for many who ask at once", async () => {
  const gate = Promise.withResolvers<void>();
  const { get, runs } = shop(async (ctx) => {
    await gate.promise;
    return ctx.text("x", CACHED);
  });
  const asking = Array.from({ length: 100 }, () => get());
  gate.resolve();
  const responses = await Promise.all(asking);
  assert.deepEqual(new Set(await Promise.all(responses.map((r) => r.text()))), new Set(["x"]));
  assert.equal(runs.count, 1);
});

Deno.test("responseCache() shares neither what is private, nor another variant, nor an error", async () => {
  const { get, runs } = shop((ctx) => {
    const user = ctx.headers.get("x-user");
    if (user === "broken") throw new Error("broken");
    const control = user === "private" ? "private" : "max-age=60";
    return ctx.text(`for ${user}`, { headers: { "cache-control": control, vary: "x-user" } });
  });
  const users = ["private", "private", "ada", "bob", "broken"];
  const ask = (first: string) =>
    Promise.all([first, ...users].map(async (user) => (await get({ "x-user": user })).status));
  assert.deepEqual(await ask("broken"), [500, 200, 200, 200, 200, 500]);
  assert.equal(runs.count, 6);
  const again = await Promise.all(users.slice(2, 4).map((user) => get({ "x-user": user })));
  assert.deepEqual(await Promise.all(again.map((r) => r.text())), ["for ada", "for bob"]);
  assert.equal(runs.count, 6);
});

Deno.test("responseCache() gives each of those who ask at once their own variant", async () => {
  const { get } = shop((ctx) =>
    ctx.text(`for ${ctx.headers.get("x-user")}`, { headers: { ...CACHED.headers, vary: "x-user" } })
  );
  const asking = ["ada", "bob", "ada"].map((user) => get({ "x-user": user }));
  const texts = (await Promise.all(asking)).map((response) => response.text());
  assert.deepEqual(await Promise.all(texts), ["for ada", "for bob", "for ada"]);
});

Deno.test("responseCache() does not store what it began before a tag was invalidated", async () => {
  const gate = Promise.withResolvers<void>();
  let version = "old";
  const { get, cache } = shop(async (ctx) => {
    const read = version;
    await gate.promise;
    return ctx.text(read, CACHED);
  }, { tags: ["pages"] });
  const early = get();
  await new Promise((resolve) => setTimeout(resolve));
  version = "new";
  await cache.invalidateTag("pages");
  gate.resolve();
  assert.deepEqual(await bodies([() => early, get]), ["old", "new"]);
});

Deno.test("responseCache() stores a stream that ends, and none that is too long or breaks off", async () => {
  const kinds: Record<string, () => AsyncGenerator<string>> = {
    whole: async function* () {
      yield "one ";
      yield "two";
    },
    long: async function* () {
      yield "x".repeat(60);
      yield "x".repeat(60);
    },
    broken: async function* () {
      yield "one ";
      throw new Error("broken");
    },
  };
  const { get, runs } = shop(
    (ctx) => ctx.stream(kinds[ctx.query.get("kind") ?? ""]?.() ?? [] as never, CACHED),
    {
      maxBodyBytes: 100,
    },
  );
  const kind = (name: string) => async () => await (await get({}, `/page?kind=${name}`)).text();
  assert.equal(await kind("whole")(), "one two");
  assert.equal(await kind("whole")(), "one two");
  assert.equal(runs.count, 1);
  assert.equal((await kind("long")()).length, 120);
  assert.equal((await kind("long")()).length, 120);
  await assert.rejects(kind("broken"), /broken/);
  await assert.rejects(kind("broken"), /broken/);
  assert.equal(runs.count, 5);
});

Deno.test("responseCache() passes on a whole body beyond the bound", async () => {
  const { get, runs } = shop((ctx) => ctx.text("x".repeat(101), CACHED), { maxBodyBytes: 100 });
  assert.deepEqual((await bodies([get, get])).map((body) => body.length), [101, 101]);
  assert.equal(runs.count, 2);
});

Deno.test("responseCache() stores what is inside it only", async () => {
  const app = new Application();
  let served = 0;
  app.use((ctx, next) => {
    ctx.responseHeaders.set("x-request-id", `${++served}`);
    ctx.responseHeaders.append("vary", "origin");
    return next();
  });
  app.use(responseCache({ cache: new Cache() }));
  app.use((ctx, next) => {
    ctx.responseHeaders.set("x-inside", `${served}`);
    return next();
  });
  app.get("/page", (ctx) => ctx.text("x", CACHED));
  const get = () => app.handle(new Request("http://shop.test/page"));
  for (const id of ["1", "2"]) {
    const { headers } = await get();
    assert.equal(headers.get("x-request-id"), id);
    assert.equal(headers.get("x-inside"), "1");
    assert.equal(headers.get("vary"), "origin");
  }
});

Deno.test("responseCache() forgets every variant when the resource was changed, not when that failed", async () => {
  let version = 1;
  const { get, send } = shop((ctx) => {
    if (ctx.method === "PUT") return void (version += 1);
    if (ctx.method === "POST") return new Response(null, { status: 409 });
    return ctx.text(`${version}`, { headers: { ...CACHED.headers, vary: "accept" } });
  });
  const asks = ["a", "b"].map((accept) => () => get({ accept }));
  assert.deepEqual(await bodies(asks), ["1", "1"]);
  version = 2;
  await send("POST");
  assert.deepEqual(await bodies(asks), ["1", "1"]);
  await send("PUT");
  assert.deepEqual(await bodies(asks), ["3", "3"]);
});

for (const directive of ["no-cache", "max-age=60"]) {
  Deno.test(`responseCache() does not store what it began before the change: ${directive}`, async () => {
    const gate = Promise.withResolvers<void>();
    const answers = ["old", "new"];
    const { get, send, cache, clock } = shop(async (ctx) => {
      if (ctx.method === "PUT") return undefined;
      const answer = answers.shift() ?? "";
      if (answer === "old") await gate.promise;
      return ctx.text(answer, CACHED);
    }, { tags: ["pages"] });
    answers.unshift("oldest");
    await get();
    clock.advance(directive === "no-cache" ? 0 : 60);
    const early = get({ "cache-control": directive });
    await new Promise((resolve) => setTimeout(resolve));
    await send("PUT");
    const late = await get();
    gate.resolve();
    assert.equal(await (await early).text(), "old");
    assert.deepEqual([await late.text(), await (await get()).text()], ["new", "new"]);
    answers.push("newest");
    await cache.invalidateTag("pages");
    assert.equal(await (await get()).text(), "newest");
  });
}

Deno.test("responseCache() serves stale and refreshes in the background, over a real connection", async () => {
  using telemetry = inMemoryTelemetry();
  let version = 0;
  const { app, cache, clock, runs } = shop(async (ctx) => {
    ctx.responseHeaders.set("x-version", `${++version}`);
    await Promise.resolve();
    const headers = { "cache-control": "max-age=10, stale-while-revalidate=60" };
    return ctx.text(`${ctx.headers.get("x-asked")} ${version}`, { headers });
  });
  const server = app.listen({ port: 0 });
  const get = async (asked: string) => {
    const response = await fetch(new URL("/page", server.url), { headers: { "x-asked": asked } });
    return [await response.text(), response.headers.get("x-version")];
  };
  try {
    assert.deepEqual(await get("first"), ["first 1", "1"]);
    clock.advance(10);
    telemetry.reset();
    assert.deepEqual(await get("second"), ["first 1", "1"]);
    await cache.settled();
    assert.deepEqual(await get("third"), ["second 2", "2"]);
    assert.equal(runs.count, 2);
  } finally {
    await app.stop();
  }
  const spans = telemetry.spans();
  const refresh = spans.find(({ name }) => name === "cache.refresh");
  const asked = spans.find(({ spanId }) => spanId === refresh?.links[0]?.spanId);
  assert.equal(refresh?.parentSpanId, undefined);
  assert.equal(asked?.name, "middleware.responseCache");
  const inside = spans.filter(({ parentSpanId }) => parentSpanId === refresh?.spanId);
  assert.deepEqual(inside.map(({ name }) => name), ["controller", "cache.set"]);
});

Deno.test("responseCache() keeps secrets of the request out of keys", async () => {
  using telemetry = inMemoryTelemetry();
  const { get, runs } = shop((ctx) =>
    ctx.text("x", { headers: { ...CACHED.headers, vary: "cookie" } })
  );
  const ask = (token: string) => get({ cookie: "session=hidden" }, `/page?token=${token}`);
  await bodies([() => ask("hidden-1"), () => ask("hidden-2"), () => ask("hidden-1")]);
  assert.equal(runs.count, 2);
  const keys = telemetry.spans().map(({ attributes }) => String(attributes["cache.key"] ?? ""));
  assert.ok(keys.some((key) => key.startsWith("http://shop.test/page#")));
  assert.doesNotMatch(keys.join(), /hidden/);
});

Deno.test("responseCache() works on KV, and without it once it fails", async () => {
  const kv = await Deno.openKv(":memory:");
  const logger = createLogger({ sinks: [] });
  const cache = new Cache({ stores: [new KvStore(kv)], logger });
  const page = "x".repeat(200_000);
  const { get, send, runs } = shop((ctx) => ctx.text(page, CACHED), { cache });
  assert.deepEqual(await bodies([get, get]), [page, page]);
  assert.equal(runs.count, 1);
  kv.close();
  assert.deepEqual(await bodies([get, get]), [page, page]);
  assert.equal((await send("PUT")).status, 200);
});

Deno.test("responseCache() does not fail a request whose response no store takes", async () => {
  using kv = await Deno.openKv(":memory:");
  const cache = new Cache({ stores: [new KvStore(kv, { maxValueBytes: 100 })] });
  const { get } = shop((ctx) => ctx.text("x".repeat(200), CACHED), { cache });
  assert.deepEqual((await bodies([get, get])).map((body) => body.length), [200, 200]);
});

Deno.test("responseCache() refuses options out of their range", () => {
  const cache = new Cache();
  for (const options of [{ ttl: 0 }, { maxBodyBytes: 0 }]) {
    assert.throws(() => responseCache({ cache, ...options }), RangeError);
  }
  assert.throws(() => responseCache({ cache, tags: [""] }), TypeError);
});
