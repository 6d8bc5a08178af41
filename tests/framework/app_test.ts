import assert from "node:assert/strict";
import { HttpError } from "../../framework/mod.ts";
import { answer, request, testApp } from "../_app.ts";

const JSON_TYPE = "application/json";

for (
  const { what, returns, status, type, body } of [
    {
      what: "a string",
      returns: "tea",
      status: 200,
      type: "text/plain; charset=utf-8",
      body: "tea",
    },
    { what: "nothing", returns: undefined, status: 204, type: null, body: "" },
    { what: "null", returns: null, status: 200, type: JSON_TYPE, body: "null" },
    { what: "a number", returns: 7, status: 200, type: JSON_TYPE, body: "7" },
    { what: "an object", returns: { a: [1] }, status: 200, type: JSON_TYPE, body: '{"a":[1]}' },
    {
      what: "bytes",
      returns: new TextEncoder().encode("tea"),
      status: 200,
      type: "application/octet-stream",
      body: "tea",
    },
    {
      what: "a Blob",
      returns: new Blob(["a,b"], { type: "text/csv" }),
      status: 200,
      type: "text/csv",
      body: "a,b",
    },
    {
      what: "a Response",
      returns: new Response("short", { status: 418, headers: { "content-type": "text/x" } }),
      status: 418,
      type: "text/x",
      body: "short",
    },
    {
      what: "a ReadableStream",
      returns: ReadableStream.from(["te", "a"]),
      status: 200,
      type: "application/octet-stream",
      body: "tea",
    },
  ]
) {
  for (const mode of ["returns", "resolves to"]) {
    Deno.test(`Application sends what a handler ${mode}: ${what}`, async () => {
      const app = testApp();
      // A body can be read once, and each of the two modes reads it.
      const value = returns instanceof Response ? returns.clone() : returns;
      if (value instanceof ReadableStream && mode === "resolves to") {
        app.get("/", () => Promise.resolve(ReadableStream.from(["te", "a"])));
      } else {
        app.get("/", () => mode === "returns" ? value : Promise.resolve(value));
      }
      assert.deepEqual(await answer(app.handle(request("/"))), { status, type, body });
    });
  }
}

Deno.test("Application streams what an async generator yields, text and bytes", async () => {
  const app = testApp();
  app.get("/", async function* () {
    yield "te";
    await Promise.resolve();
    yield new TextEncoder().encode("a");
  });
  assert.equal((await answer(app.handle(request("/")))).body, "tea");
});

const circular: Record<string, unknown> = {};
circular.self = circular;
for (
  const { what, value } of [
    { what: "a function", value: () => 1 },
    { what: "a big integer", value: 1n },
    { what: "a symbol", value: Symbol("x") },
    { what: "a cycle", value: circular },
    { what: "an Error", value: new Error("returned") },
  ]
) {
  Deno.test(`Application answers 500 when a handler returns ${what}`, async () => {
    const app = testApp();
    app.get("/", () => value);
    assert.equal((await app.handle(request("/"))).status, 500);
  });
}

Deno.test("Application infers the parameters from the path", async () => {
  const app = testApp();
  app.get("/orders/:id/items/:item", (ctx) => {
    const params: { id: string; item: string } = ctx.params;
    return params;
  });
  const { body } = await answer(app.handle(request("/orders/a%20b/items/%2F")));
  assert.deepEqual(JSON.parse(body), { id: "a b", item: "/" });
});

Deno.test("Application answers HEAD by GET's handler, without a body", async () => {
  const app = testApp();
  let cancelled = false;
  app.get("/stream", () => new ReadableStream({ cancel: () => void (cancelled = true) }));
  app.get("/text", (ctx) => ctx.text("tea", { headers: { "x-tea": "green" } }));
  const response = await app.handle(request("/text", { method: "HEAD" }));
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("x-tea"), "green");
  assert.equal(response.body, null);
  await app.handle(request("/stream", { method: "HEAD" }));
  assert.ok(cancelled);
});

Deno.test("Application answers OPTIONS with 204 and Allow", async () => {
  const app = testApp().get("/orders", () => 1).post("/orders", () => 1);
  const response = await app.handle(request("/orders", { method: "OPTIONS" }));
  assert.equal(response.status, 204);
  assert.equal(response.headers.get("allow"), "GET, HEAD, OPTIONS, POST");
});

for (const method of ["DELETE", "BREW"]) {
  Deno.test(`Application answers 405 with Allow to ${method}, which no route takes`, async () => {
    const app = testApp().post("/orders", () => 1);
    const response = await app.handle(request("/orders", { method }));
    assert.equal(response.headers.get("allow"), "OPTIONS, POST");
    const { status, type, body } = await answer(response);
    assert.equal(status, 405);
    assert.equal(type, "application/problem+json");
    assert.match(JSON.parse(body).detail, new RegExp(`method ${method} is not allowed`));
  });
}

Deno.test("Application serves every method by all() where none has a route of its own", async () => {
  const app = testApp().all("/x", (ctx) => ctx.method).get("/x", () => "own");
  assert.equal((await answer(app.handle(request("/x")))).body, "own");
  assert.equal((await answer(app.handle(request("/x", { method: "BREW" })))).body, "BREW");
});

Deno.test("Application runs middleware from the outside in, around routes and around 404", async () => {
  const app = testApp<{ seen: string[] }>({ state: () => ({ seen: [] }) });
  const note =
    (name: string) => async (ctx: { state: { seen: string[] } }, next: () => Promise<Response>) => {
      ctx.state.seen.push(name);
      return await next();
    };
  app.get("/admin/x", [note("route")], (ctx) => ctx.state.seen);
  app.use(note("app"));
  app.use("/admin", note("admin"));
  app.group("/admin", (group) => {
    group.use(note("group"));
    group.get("/y/:id", (ctx) => [...ctx.state.seen, ctx.params.id]);
  });
  app.notFound((ctx) => ctx.json(ctx.state.seen, { status: 404 }));
  const seen = async (path: string) => JSON.parse((await answer(app.handle(request(path)))).body);
  assert.deepEqual(await seen("/admin/x"), ["app", "admin", "route"]);
  assert.deepEqual(await seen("/admin/y/7"), ["app", "admin", "group", "7"]);
  assert.deepEqual(await seen("/nowhere"), ["app"]);
  assert.deepEqual(await seen("/admin/nowhere"), ["app", "admin"]);
  assert.deepEqual(await seen("/administer"), ["app"]);
});

Deno.test("mount() puts an application with its middleware under a prefix", async () => {
  const inner = testApp().get("/", () => "root").get("/:id", (ctx) => ctx.params.id);
  inner.use((ctx, next) => {
    ctx.responseHeaders.set("x-inner", "1");
    return next();
  });
  const app = testApp().mount("/inner", inner);
  const response = await app.handle(request("/inner/7"));
  assert.equal(response.headers.get("x-inner"), "1");
  assert.equal(await response.text(), "7");
  assert.equal((await answer(app.handle(request("/inner")))).body, "root");
});

Deno.test("mount() gives a fetch handler the path without the prefix", async () => {
  const app = testApp();
  app.group("/v/:version", (group) => {
    group.mount("/old", (request) => new Response(new URL(request.url).pathname));
  });
  assert.equal((await answer(app.handle(request("/v/2/old/a/b%20c?q=1")))).body, "/a/b%20c");
  assert.equal((await answer(app.handle(request("/v/2/old")))).body, "/");
});

Deno.test("HttpError becomes a problem document with its headers and members", async () => {
  const app = testApp();
  app.get("/", () => {
    throw new HttpError(409, "The order is paid already", {
      type: "https://shop.test/problems/paid",
      headers: { "retry-after": "5" },
      extensions: { order: "o-1" },
    });
  });
  const response = await app.handle(request("/"));
  assert.equal(response.headers.get("retry-after"), "5");
  assert.deepEqual(JSON.parse(await response.text()), {
    type: "https://shop.test/problems/paid",
    title: "Conflict",
    status: 409,
    detail: "The order is paid already",
    order: "o-1",
  });
});

Deno.test("Application keeps the inside of a failure inside, and logs it", async () => {
  const logged: unknown[] = [];
  const { createLogger } = await import("../../framework/mod.ts");
  const app = testApp({
    logger: createLogger({ sinks: [(record) => logged.push(record.fields.error)] }),
  });
  const failure = new Error("password is hunter2");
  app.get("/throws", () => {
    throw failure;
  });
  app.get("/http", () => {
    throw new HttpError(503, "shard 7 at 10.0.0.7 is down");
  });
  assert.deepEqual(await answer(app.handle(request("/throws"))), {
    status: 500,
    type: "application/problem+json",
    body: '{"type":"about:blank","title":"Internal Server Error","status":500}',
  });
  assert.ok(!(await answer(app.handle(request("/http")))).body.includes("shard"));
  assert.equal(logged[0], failure);
  assert.equal(logged.length, 2);
});

Deno.test("Application in development shows message, stack and causes", async () => {
  const app = testApp({ development: true });
  app.get("/", () => {
    throw new Error("outer", { cause: new Error("inner") });
  });
  const problem = JSON.parse((await answer(app.handle(request("/")))).body);
  assert.equal(problem.detail, "outer");
  assert.ok(problem.stack.includes("Error: inner"));
});

Deno.test("Application answers 500 when a handler throws a non-Error", async () => {
  const app = testApp().get("/", () => {
    throw "a string";
  });
  assert.equal((await app.handle(request("/"))).status, 500);
});

Deno.test("onError() may answer; what it throws itself becomes a 500", async () => {
  const app = testApp().get("/:what", (ctx) => {
    throw new Error(ctx.params.what);
  });
  app.onError((error, ctx) => {
    if ((error as Error).message === "answered") return ctx.text("sorry", { status: 502 });
    if ((error as Error).message === "broken") throw new Error("the error handler is broken");
    return undefined;
  });
  assert.deepEqual(await answer(app.handle(request("/answered"))).then((a) => [a.status, a.body]), [
    502,
    "sorry",
  ]);
  assert.equal((await app.handle(request("/broken"))).status, 500);
  assert.equal((await app.handle(request("/other"))).status, 500);
});

Deno.test("Application adds response headers to whatever the answer is", async () => {
  const app = testApp();
  app.use((ctx, next) => {
    ctx.responseHeaders.set("x-trace", "1");
    ctx.responseHeaders.set("content-type", "text/ignored");
    ctx.cookies.set("theme", "dark");
    return next();
  });
  app.get("/json", () => ({ a: 1 }));
  app.get("/fail", () => {
    throw new Error("no");
  });
  app.get("/redirect", () => Response.redirect("http://shop.test/json", 302));
  for (const path of ["/json", "/fail", "/redirect", "/nowhere"]) {
    const response = await app.handle(request(path));
    assert.equal(response.headers.get("x-trace"), "1", path);
    assert.deepEqual(response.headers.getSetCookie(), [
      "theme=dark; Path=/; HttpOnly; SameSite=Lax",
    ]);
    await response.body?.cancel();
  }
  const { type } = await answer(app.handle(request("/json")));
  assert.equal(type, JSON_TYPE);
});

Deno.test("Application refuses changes once it is built, and routes that clash", () => {
  const app = testApp().get("/", () => 1);
  app.createHandler();
  assert.throws(
    () => app.get("/late", () => 1),
    /Cannot add a route: the application is built already/,
  );
  assert.throws(() => app.use((_ctx, next) => next()), /Cannot add middleware/);
  assert.throws(() => testApp().get("/a/:x", () => 1).get("/a/:y", () => 1).createHandler(), {
    name: "TypeError",
    message: 'Cannot route "GET /a/:y": this route is registered already',
  });
  assert.throws(
    () => testApp().get("no-slash" as "/", () => 1).createHandler(),
    /a pattern starts with "\/"/,
  );
});

Deno.test("Application keeps what one client is told from the next, whatever a handler returns again", async () => {
  const constant = new Response(null, { status: 204 });
  const app = testApp().get("/", () => constant);
  app.use((ctx, next) => {
    ctx.cookies.set("session", ctx.query.get("user") ?? "");
    return next();
  });
  for (const user of ["alice", "bob"]) {
    const response = await app.handle(request(`/?user=${user}`));
    assert.deepEqual(response.headers.getSetCookie(), [
      `session=${user}; Path=/; HttpOnly; SameSite=Lax`,
    ]);
  }
});

Deno.test("use(path) guards every path below it, however its route is written", async () => {
  const app = testApp();
  app.use("/admin", () => {
    throw new HttpError(401);
  });
  app.get("/:section/users", () => "users");
  app.get("/files/**:path", () => "file");
  app.get("/admin/own", () => "own");
  app.mount("/", (request) => new Response(new URL(request.url).pathname));
  const status = async (path: string) => (await answer(app.handle(request(path)))).status;
  for (const path of ["/admin/users", "/%61dmin/users", "/admin/own", "/admin", "/admin/x/y"]) {
    assert.equal(await status(path), 401, path);
  }
  for (const path of ["/shop/users", "/administration/users", "/files/admin/x"]) {
    assert.equal(await status(path), 200, path);
  }
  const next = (_ctx: unknown, next: () => Promise<Response>) => next();
  assert.throws(
    () => testApp().use("secret", next),
    /Cannot use middleware for "secret": expected/,
  );
  assert.throws(() => testApp().use("/x/*", next), /Cannot use middleware for "\/x\/\*"/);
});

for (
  const [what, thrown] of [
    ["a member that JSON cannot hold", new HttpError(400, "bad", { extensions: { n: 1n } })],
    ["a header that cannot be sent", new HttpError(400, "bad", { headers: { "x-a": "a\nb" } })],
  ] as const
) {
  Deno.test(`Application answers 500 for an HttpError with ${what}`, async () => {
    const app = testApp().get("/", () => {
      throw thrown;
    });
    assert.equal((await app.handle(request("/"))).status, 500);
  });
}

Deno.test("Application answers 500 when the state cannot be made, and goes on", async () => {
  let broken = true;
  const app = testApp({
    state: () => {
      if (broken) throw new Error("no state");
      return { ready: true };
    },
  });
  app.get("/", (ctx) => ctx.state.ready);
  assert.equal((await app.handle(request("/"))).status, 500);
  broken = false;
  assert.equal((await answer(app.handle(request("/")))).body, "true");
});

Deno.test("Application refuses paths with dot segments, and Response.error()", async () => {
  const app = testApp().get("/**", () => Response.error());
  const raw = (path: string) =>
    app.handle(Object.defineProperty(request("/"), "url", { value: `http://shop.test${path}` }));
  assert.equal((await raw("/a/../b")).status, 400);
  assert.equal((await raw("/a/%2e%2E")).status, 400);
  assert.equal((await raw("/a/..b")).status, 500);
});

Deno.test("group() and mount() take a prefix with and without a slash at its end", async () => {
  const app = testApp();
  app.group("/g/", (group) => void group.get("/a", () => "a"));
  app.group("/", (group) => void group.get("/b", () => "b"));
  app.mount("/m/", testApp().get("/c", () => "c"));
  for (const [path, body] of [["/g/a", "a"], ["/b", "b"], ["/m/c", "c"]] as const) {
    assert.equal((await answer(app.handle(request(path)))).body, body);
  }
});

Deno.test("Application waits for whatever can be awaited", async () => {
  // Such as a query that runs when it is awaited.
  const query = { sql: "select secret", then: (done: (rows: string[]) => void) => done(["row"]) };
  const app = testApp().get("/", () => query);
  assert.equal((await answer(app.handle(request("/")))).body, '["row"]');
});

Deno.test("a fetch handler of a mounted application sees its path without any prefix", async () => {
  const inner = testApp().mount("/f", (request) => new Response(new URL(request.url).pathname));
  const app = testApp().mount("/inner", inner);
  assert.equal((await answer(app.handle(request("/inner/f/a/b")))).body, "/a/b");
});

Deno.test("a mounted application's scopes move with it", async () => {
  const inner = testApp().get("/:section/users", () => "users").get("/", () => "root");
  inner.use("/admin", () => {
    throw new HttpError(401);
  });
  const middle = testApp().mount("/inner", inner);
  const app = testApp().group("/outer", (group) => void group.mount("/mid", middle));
  const status = async (path: string) => (await answer(app.handle(request(path)))).status;
  assert.equal(await status("/outer/mid/inner/admin/users"), 401);
  assert.equal(await status("/outer/mid/inner/shop/users"), 200);
  assert.equal(await status("/outer/mid/inner"), 200);
});
