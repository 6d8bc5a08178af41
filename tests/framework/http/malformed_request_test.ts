import assert from "node:assert/strict";
import { testApp } from "../../_app.ts";

/** Sends bytes as they are, which no client library would. */
async function raw(port: number, text: string): Promise<{ status: number; body: string }> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(new TextEncoder().encode(text));
  const chunks: string[] = [];
  for await (const chunk of connection.readable.pipeThrough(new TextDecoderStream())) {
    chunks.push(chunk);
  }
  const [head = "", body = ""] = chunks.join("").split("\r\n\r\n");
  return { status: Number(head.split(" ")[1]), body };
}

function get(target: string, headers = "Host: shop.test"): string {
  return `GET ${target} HTTP/1.1\r\n${headers}\r\nConnection: close\r\n\r\n`;
}

for (
  const { what, bytes, status, detail } of [
    {
      what: "a host with a space",
      bytes: get("/", "Host: a b"),
      status: 400,
      detail: /host "a b" is not valid/,
    },
    {
      what: "a host with an open bracket",
      bytes: get("/", "Host: [::"),
      status: 400,
      detail: /host "\[::" is not valid/,
    },
    {
      what: "an absolute URL with a bad host",
      bytes: get("http://[bad/"),
      status: 400,
      detail: /host "\[bad" is not valid/,
    },
    {
      what: "an invalid percent-encoding in the path",
      bytes: get("/items/%zz"),
      status: 400,
      detail: /percent-encoding/,
    },
    {
      what: "an overlong UTF-8 encoding in the path",
      bytes: get("/items/%c0%af"),
      status: 400,
      detail: /percent-encoding/,
    },
    {
      what: "a malformed cookie",
      bytes: get("/cookie", "Host: shop.test\r\nCookie: theme=%e0%a4"),
      status: 400,
      detail: /cookie "theme"/,
    },
    {
      what: "a header without a name",
      bytes: get("/", "Host: shop.test\r\n: nameless"),
      status: 400,
      detail: undefined,
    },
    {
      what: "a content length that is no number",
      bytes: get("/", "Host: shop.test\r\nContent-Length: ten"),
      status: 400,
      detail: undefined,
    },
    {
      what: "an unknown method",
      bytes: get("/").replace("GET", "BREW"),
      status: 405,
      detail: /method BREW is not allowed/,
    },
    {
      what: "CONNECT",
      bytes: "CONNECT shop.test:80 HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n",
      status: 405,
      detail: /method CONNECT/,
    },
    {
      what: "OPTIONS of the server as a whole",
      bytes: get("*").replace("GET", "OPTIONS"),
      status: 404,
      detail: /Nothing is at/,
    },
    {
      what: "a query that cannot be decoded",
      bytes: get("/?q=%zz"),
      status: 200,
      detail: undefined,
    },
  ]
) {
  Deno.test(`Application answers ${status} to ${what}, and goes on`, async () => {
    const app = testApp();
    app.get("/", (ctx) => `q=${ctx.query.get("q")}`);
    app.get("/items/:id", (ctx) => ctx.params.id);
    app.get("/cookie", (ctx) => ctx.cookies.get("theme"));
    const server = app.listen({ port: 0, handleSignals: false });
    const port = Number(new URL(server.url).port);
    const response = await raw(port, bytes);
    assert.equal(response.status, status);
    if (detail !== undefined) assert.match(JSON.parse(response.body).detail, detail);
    assert.equal((await raw(port, get("/"))).status, 200);
    await app.stop();
  });
}
