import assert from "node:assert/strict";
import { Application } from "../../../framework/mod.ts";
import { Csrf } from "../../../framework/auth/csrf.ts";
import { Sessions } from "../../../framework/auth/session.ts";
import { SessionStrategy } from "../../../framework/auth/strategies/session_strategy.ts";
import { cookieOf } from "./_service.ts";

const secret = "a secret of at least thirty-two bytes";
const SAME = { "sec-fetch-site": "same-origin" };

function build(csrf = new Csrf({ secret })): Application {
  const app = new Application();
  app.use(csrf.protect());
  app.get("/form", (ctx) => ({ tokens: [csrf.token(ctx), csrf.token(ctx)] }));
  app.all("/change", async (ctx) => ctx.method === "POST" ? await ctx.body.text() : "done");
  return app;
}

/** Loads the form as a browser does: its tokens, and the cookies that the browser has then. */
async function loadForm(
  app: Application,
  cookie = "",
): Promise<{ tokens: string[]; cookie: string }> {
  const request = new Request("http://localhost/form", { headers: { cookie } });
  const response = await app.handle(request);
  const { tokens } = await response.json();
  return { tokens, cookie: [cookie, cookieOf(response)].filter((part) => part !== "").join("; ") };
}

async function send(
  app: Application,
  { headers = {}, body, method = "POST" }: {
    headers?: HeadersInit;
    body?: BodyInit;
    method?: string;
  },
): Promise<number> {
  const init = { method, headers, ...(body === undefined ? {} : { body }) };
  const response = await app.handle(new Request("http://localhost/change", init));
  await response.body?.cancel();
  return response.status;
}

const json = { "content-type": "application/json" };

for (
  const { what, headers, method = "POST", status } of [
    {
      what: "JSON of another origin",
      headers: { ...json, origin: "https://evil.test" },
      status: 403,
    },
    {
      what: "JSON of the same origin",
      headers: { ...json, origin: "http://localhost" },
      status: 200,
    },
    { what: "a program's JSON", headers: json, status: 200 },
    { what: "a program's JSON with a cookie", headers: { ...json, cookie: "a=b" }, status: 200 },
    { what: "an old browser's empty POST", headers: { cookie: "a=b" }, status: 403 },
    { what: "a program's empty POST", headers: {}, status: 200 },
    {
      what: "a DELETE of another site",
      method: "DELETE",
      headers: { "sec-fetch-site": "cross-site" },
      status: 403,
    },
    {
      what: "a GET of another site",
      method: "GET",
      headers: { "sec-fetch-site": "cross-site" },
      status: 200,
    },
    {
      what: "a WebSocket of another site",
      method: "GET",
      headers: { upgrade: "websocket", origin: "https://evil.test" },
      status: 403,
    },
    {
      what: "a WebSocket of the same origin",
      method: "GET",
      headers: { upgrade: "websocket", origin: "http://localhost" },
      status: 200,
    },
    {
      what: "a text form without a token",
      headers: { ...SAME, "content-type": "text/plain" },
      status: 403,
    },
  ]
) {
  Deno.test(`protect() answers ${what} with ${status}`, async () => {
    assert.equal(await send(build(), { headers: new Headers(headers), method }), status);
  });
}

Deno.test("protect() takes a form with the page's token, and leaves its body to the handler", async () => {
  const app = build();
  const { tokens: [token = ""], cookie } = await loadForm(app);
  const body = new URLSearchParams({ _csrf: token, item: "tea" });
  const response = await app.handle(
    new Request("http://localhost/change", { method: "POST", headers: { ...SAME, cookie }, body }),
  );
  assert.equal(response.status, 200);
  assert.equal(await response.text(), body.toString());
});

Deno.test("protect() takes the token of a multipart form, and that of the header", async () => {
  const app = build();
  const { tokens: [one = "", other = ""], cookie } = await loadForm(app);
  const form = new FormData();
  form.set("_csrf", one);
  assert.notEqual(one, other);
  assert.equal(await send(app, { headers: { ...SAME, cookie }, body: form }), 200);
  const headers = { ...SAME, cookie, "x-csrf-token": other };
  assert.equal(await send(app, { headers, body: new URLSearchParams({ item: "tea" }) }), 200);
});

Deno.test("protect() refuses a form whose token is missing, changed, or of another browser", async () => {
  const app = build();
  const mine = await loadForm(app);
  const [token = ""] = mine.tokens;
  const other = await loadForm(app);
  const attempts: [string, string][] = [
    [mine.cookie, ""],
    [mine.cookie, token.replace(/\.(.)/, (_, first) => first === "A" ? ".B" : ".A")],
    [mine.cookie, token.split(".")[0] ?? ""],
    [other.cookie, token],
    ["", token],
  ];
  for (const [cookie, _csrf] of attempts) {
    const body = new URLSearchParams({ _csrf });
    assert.equal(await send(app, { headers: { ...SAME, cookie }, body }), 403);
  }
  const body = new URLSearchParams({ _csrf: token });
  const foreign = { cookie: mine.cookie, "sec-fetch-site": "cross-site" };
  assert.equal(await send(app, { headers: foreign, body }), 403);
});

Deno.test("protect() refuses a token that was made in another session", async () => {
  using kv = await Deno.openKv(":memory:");
  const sessions = new SessionStrategy(new Sessions(kv));
  const app = build(new Csrf({ secret, sessions }));
  const before = await loadForm(app);
  const { token } = await sessions.sessions.start("ada");
  const loggedIn = `${before.cookie}; ${sessions.cookie.name}=${token}`;
  const [stale = ""] = before.tokens;
  const { tokens: [fresh = ""] } = await loadForm(app, loggedIn);
  const headers = { ...SAME, cookie: loggedIn };
  assert.equal(await send(app, { headers, body: new URLSearchParams({ _csrf: stale }) }), 403);
  assert.equal(await send(app, { headers, body: new URLSearchParams({ _csrf: fresh }) }), 200);
});

Deno.test("token() keeps the cookie that the browser has", async () => {
  const app = build();
  const { cookie } = await loadForm(app);
  assert.match(cookie, /^__Host-csrf=[\w-]{43}$/);
  const again = await app.handle(new Request("http://localhost/form", { headers: { cookie } }));
  assert.deepEqual(again.headers.getSetCookie(), []);
  await again.body?.cancel();
});

Deno.test("protect() says in its answer what would be right", async () => {
  const body = new URLSearchParams({ item: "tea" });
  const request = new Request("http://localhost/change", { method: "POST", headers: SAME, body });
  const { detail } = await (await build().handle(request)).json();
  assert.equal(
    detail,
    'The request holds no token against forgery: expected one in the field "_csrf" ' +
      'or the header "x-csrf-token"',
  );
});

Deno.test("Csrf() refuses a short secret and an origin that is none", () => {
  assert.throws(() => new Csrf({ secret: "short" }), RangeError);
  assert.throws(() => new Csrf({ secret, trustedOrigins: ["app.example"] }), TypeError);
});
