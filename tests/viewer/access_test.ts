import assert from "node:assert/strict";
import { request as httpRequest } from "node:http";
import type { Viewer } from "../../viewer/mod.ts";
import { send, span, startTestViewer, tracesRequest } from "./_viewer.ts";

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Asks with headers that `fetch` would not let through, such as `Host`. */
function ask(
  viewer: Viewer,
  path: string,
  { method = "GET", headers = {}, body }: {
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
  } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      host: "127.0.0.1",
      port: viewer.port,
      path,
      method,
      // A connection that is kept would outlive the test.
      agent: false,
      headers: { connection: "close", ...headers },
    }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => text += chunk);
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
      });
    });
    request.on("error", reject);
    request.end(body);
  });
}

const OTLP = {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(tracesRequest([span()])),
} as const;

Deno.test("viewer answers to its own names only, so that no other name can be pointed at it", async () => {
  await using viewer = await startTestViewer();
  const status = async (host: string, path: string) =>
    (await ask(viewer, path, { headers: { host } })).status;
  for (
    const host of ["localhost", "LOCALHOST.", "127.0.0.1", `localhost:${viewer.port}`, "[::1]:1"]
  ) {
    assert.equal(await status(host, "/api/state"), 200, host);
  }
  for (const host of ["[", "a b", "localhost:99999"]) {
    assert.equal(await status(host, "/api/state"), 400, host);
  }
  for (const host of ["evil.example", "localhost.evil.example", "127.0.0.1.nip.io", "192.0.2.1"]) {
    assert.equal(await status(host, "/api/state"), 403, host);
    assert.equal(await status(host, "/"), 403, host);
    const sent = await ask(viewer, "/v1/traces", { ...OTLP, headers: { ...OTLP.headers, host } });
    assert.equal(sent.status, 403, host);
  }
  assert.equal(viewer.state().traces.received, 0);
});

Deno.test("viewer refuses what pages of other origins ask", async () => {
  await using viewer = await startTestViewer();
  const own = viewer.url;
  const from = async (origin: string, path: string, init: object = {}) =>
    (await ask(viewer, path, { ...init, headers: { ...OTLP.headers, origin } })).status;
  assert.equal(await from(own, "/api/state"), 200);
  assert.equal(await from(own, "/v1/traces", { method: "POST", body: OTLP.body }), 200);
  for (
    const origin of ["http://evil.example", "null", "http://127.0.0.1:1", `${own}.evil.example`]
  ) {
    assert.equal(await from(origin, "/api/state"), 403, origin);
    assert.equal(
      await from(origin, "/api/import", { method: "POST", body: OTLP.body }),
      403,
      origin,
    );
    assert.equal(
      await from(origin, "/v1/traces", { method: "POST", body: OTLP.body }),
      403,
      origin,
    );
    const asked = await ask(viewer, "/v1/traces", { method: "OPTIONS", headers: { origin } });
    assert.equal(asked.status, 403, origin);
    assert.equal(asked.headers["access-control-allow-origin"], undefined);
  }
  for (const site of ["cross-site", "same-site"]) {
    const headers = { "sec-fetch-site": site };
    assert.equal((await ask(viewer, "/api/traces", { headers })).status, 403, site);
    assert.equal((await ask(viewer, "/api/events", { headers })).status, 403, site);
  }
  const typed = await ask(viewer, "/api/traces", { headers: { "sec-fetch-site": "none" } });
  assert.equal(typed.status, 200);
  assert.equal(viewer.state().traces.received, 1);
});

Deno.test("viewer lets the pages of an allowed origin send telemetry and do nothing else", async () => {
  const origin = "http://localhost:8000";
  await using viewer = await startTestViewer({ allowedOrigins: [origin] });
  const asked = await ask(viewer, "/v1/traces", {
    method: "OPTIONS",
    headers: { origin, "access-control-request-headers": "content-type" },
  });
  assert.equal(asked.status, 204);
  assert.equal(asked.headers["access-control-allow-origin"], origin);
  assert.match(String(asked.headers["access-control-allow-headers"]), /content-type/);
  const sent = await ask(viewer, "/v1/traces", { ...OTLP, headers: { ...OTLP.headers, origin } });
  assert.deepEqual([sent.status, sent.headers["access-control-allow-origin"]], [200, origin]);
  assert.equal((await ask(viewer, "/api/state", { headers: { origin } })).status, 403);
  const api = await ask(viewer, "/api/state", { method: "OPTIONS", headers: { origin } });
  assert.equal(api.status, 403);
});

const TOKEN = "a-token-of-enough-letters";

Deno.test("viewer wants its token for everything when it has one", async () => {
  await using viewer = await startTestViewer({ token: TOKEN });
  for (const path of ["/", "/app.js", "/api/state", "/api/events", `/api/state?token=${TOKEN}`]) {
    const answer = await ask(viewer, path);
    assert.equal(answer.status, 401, path);
    assert.equal(answer.headers["www-authenticate"], "Bearer");
    assert.ok(!answer.body.includes(TOKEN));
  }
  assert.equal((await ask(viewer, "/v1/traces", OTLP)).status, 401);
  const wrong = { authorization: `Bearer ${TOKEN}.` };
  assert.equal((await ask(viewer, "/api/state", { headers: wrong })).status, 401);
  const authorization = `Bearer ${TOKEN}`;
  assert.equal((await ask(viewer, "/api/state", { headers: { authorization } })).status, 200);
  const sent = await ask(viewer, "/v1/traces", {
    ...OTLP,
    headers: { ...OTLP.headers, authorization, host: "viewer.internal" },
  });
  assert.equal(sent.status, 200);
});

Deno.test("viewer turns the token in the page's address into a cookie", async () => {
  await using viewer = await startTestViewer({ token: TOKEN });
  const answer = await ask(viewer, `/traces?q=x&token=${encodeURIComponent(TOKEN)}`);
  assert.deepEqual([answer.status, answer.headers["location"]], [303, "/traces?q=x"]);
  const [cookie = ""] = [answer.headers["set-cookie"]].flat();
  assert.match(cookie, /^echelon_viewer_\d+=[0-9a-f]{64}; Path=\/; HttpOnly; SameSite=Strict; /);
  const [pair = ""] = cookie.split(";");
  const headers = { cookie: `other=1; ${pair}` };
  assert.equal((await ask(viewer, "/api/state", { headers })).status, 200);
  assert.equal((await ask(viewer, "/", { headers })).status, 200);
  const forged = { cookie: pair.replace(/.$/, (last) => last === "0" ? "1" : "0") };
  assert.equal((await ask(viewer, "/api/state", { headers: forged })).status, 401);
  assert.equal((await ask(viewer, "/?token=wrong")).status, 401);
});

Deno.test("startViewer() refuses to be reached by others without a token", async () => {
  for (const hostname of ["0.0.0.0", "::", "192.0.2.1", "example.com"]) {
    await assert.rejects(startTestViewer({ hostname }), {
      name: "RangeError",
      message: new RegExp(`"${hostname}" can be reached by others`),
    });
  }
  await assert.rejects(startTestViewer({ token: "short" }), /shorter than 16/);
  await using open = await startTestViewer({ hostname: "0.0.0.0", token: TOKEN });
  assert.equal((await ask(open, "/api/state")).status, 401);
});

Deno.test("viewer sends a page that can load from nowhere else and be framed by nobody", async () => {
  await using viewer = await startTestViewer();
  await send(viewer, tracesRequest([span()]));
  const page = await ask(viewer, "/", { headers: { accept: "text/html" } });
  const policy = String(page.headers["content-security-policy"]);
  assert.match(policy, /default-src 'self'/);
  assert.match(policy, /frame-ancestors 'none'/);
  assert.doesNotMatch(policy, /unsafe/);
  for (const path of ["/", "/api/state", "/app.js", "/nothing.js"]) {
    const { headers } = await ask(viewer, path);
    assert.equal(headers["x-content-type-options"], "nosniff", path);
    assert.equal(headers["referrer-policy"], "no-referrer", path);
  }
  assert.equal((await ask(viewer, "/api/state")).headers["cache-control"], "no-store");
});
