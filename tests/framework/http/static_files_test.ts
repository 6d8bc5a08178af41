import assert from "node:assert/strict";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { staticFiles, type StaticFilesOptions } from "../../../framework/http/static_files.ts";
import { compress } from "../../../framework/middleware/compress.ts";
import { bodyKind } from "../../../framework/telemetry/response_body.ts";
import { request, testApp } from "../../_app.ts";
import { inMemoryTelemetry } from "../../_telemetry.ts";

const MODIFIED = new Date("2026-03-01T12:00:00.500Z");
const LAST_MODIFIED = "Sun, 01 Mar 2026 12:00:00 GMT";
const LARGE = Uint8Array.from({ length: 300_000 }, (_, i) => i % 251);

interface Site extends AsyncDisposable {
  readonly root: string;
  get(path: string, headers?: HeadersInit, method?: string): Promise<Response>;
}

/** A directory of files, with a secret beside it, and an application that serves it. */
async function site(options: Partial<StaticFilesOptions> = {}): Promise<Site> {
  const base = await Deno.realPath(await Deno.makeTempDir());
  const root = join(base, "public");
  await Deno.mkdir(join(root, "docs"), { recursive: true });
  await Deno.mkdir(join(root, "empty"));
  await Deno.mkdir(join(base, "public-not"));
  const files: Record<string, string | Uint8Array> = {
    "../secret.txt": "classified",
    "../public-not/secret.txt": "classified",
    "hello.txt": "Hello, world",
    "large.bin": LARGE,
    "nothing.css": "",
    "index.html": "<h1>Home</h1>",
    "docs/index.html": "<h1>Docs</h1>",
    "docs/a b#%.json": "{}",
    ".env": "KEY=classified",
  };
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, name);
    await Deno.writeFile(
      path,
      typeof content === "string" ? new TextEncoder().encode(content) : content,
    );
    await Deno.utime(path, MODIFIED, MODIFIED);
  }
  const app = siteApp({ root, ...options });
  return {
    root,
    get: (path, headers = {}, method = "GET") => app.handle(request(path, { method, headers })),
    [Symbol.asyncDispose]: () => Deno.remove(base, { recursive: true }),
  };
}

function siteApp(options: StaticFilesOptions) {
  const files = staticFiles(options);
  const app = testApp();
  app.get("/static", files);
  app.get("/static/**:path", files);
  return app;
}

/** Sends a path as it is: `fetch` and `Request` would tidy it up before. */
async function rawStatus(port: number, path: string): Promise<string> {
  using connection = await Deno.connect({ port });
  const head = `GET ${path} HTTP/1.1\r\nhost: shop.test\r\nconnection: close\r\n\r\n`;
  await connection.write(new TextEncoder().encode(head));
  const text = await new Response(connection.readable).text();
  assert.ok(!text.includes("classified"), `${path} gave away the secret`);
  return text.split(" ")[1] ?? "";
}

Deno.test("staticFiles() sends a small file whole, with everything a cache needs", async () => {
  await using files = await site();
  const response = await files.get("/static/hello.txt");
  assert.equal(response.status, 200);
  assert.equal(bodyKind(response), "whole");
  assert.deepEqual(Object.fromEntries(response.headers), {
    "accept-ranges": "bytes",
    "cache-control": "no-cache",
    "content-length": "12",
    "content-type": "text/plain; charset=utf-8",
    etag: `W/"c-${MODIFIED.getTime().toString(16)}"`,
    "last-modified": LAST_MODIFIED,
  });
  assert.equal(await response.text(), "Hello, world");
});

Deno.test("staticFiles() streams a large file, and knows names that need encoding", async () => {
  await using files = await site();
  const large = await files.get("/static/large.bin");
  assert.equal(bodyKind(large), "streamed");
  assert.equal(large.headers.get("content-type"), "application/octet-stream");
  assert.deepEqual(await large.bytes(), LARGE);
  const odd = await files.get("/static/docs/a%20b%23%25.json");
  assert.equal(odd.headers.get("content-type"), "application/json");
  assert.equal(await odd.text(), "{}");
  const empty = await files.get("/static/nothing.css");
  assert.equal(empty.headers.get("content-length"), "0");
  assert.equal(await empty.text(), "");
});

Deno.test("staticFiles() takes a file URL as root, and caching as told", async () => {
  await using files = await site();
  const app = siteApp({
    root: pathToFileURL(`${files.root}/`),
    maxAge: 3600,
    immutable: true,
    dotfiles: true,
  });
  const response = await app.handle(request("/static/.env"));
  assert.equal(response.headers.get("cache-control"), "max-age=3600, immutable");
  assert.equal(await response.text(), "KEY=classified");
});

const REFUSED = [
  "/static/missing.txt",
  "/static/hello.txt/",
  "/static/hello.txt/more",
  "/static/docs",
  "/static/docs/",
  "/static/empty/",
  "/static",
  "/static/.env",
  "/static/constructor",
  "/static/../secret.txt",
  "/static/docs/../../../secret.txt",
  "/static/%2e%2e/secret.txt",
  "/static/..%2fsecret.txt",
  "/static/%2e%2e%2fsecret.txt",
  "/static/%252e%252e%252fsecret.txt",
  "/static/..\\secret.txt",
  "/static/..%5csecret.txt",
  "/static/docs%2f..%2f..%2fsecret.txt",
  "/static/./hello.txt",
  "/static/docs/../hello.txt",
  "/static/../public/hello.txt",
  "/static/../public-not/secret.txt",
  "/static//etc/passwd",
  "/static/%2fetc%2fpasswd",
  "/static/%2f%2fetc/passwd",
  "/static/hello.txt%00.png",
  "/static/%00",
  "/static/C:%5cWindows%5cwin.ini",
  `/static/${"x".repeat(300)}`,
  `/static/${"d/".repeat(3000)}x`,
];

/** The application refuses a path with dot segments before any handler sees it. */
const DOT_SEGMENT = /\/(\.|%2e){1,2}(\/|$)/i;

Deno.test("staticFiles() gives nothing that is not a file under the root, as the network sends it", async () => {
  await using files = await site();
  const app = siteApp({ root: files.root });
  const server = app.listen({ port: 0, handleSignals: false });
  const port = Number(new URL(server.url).port);
  assert.equal(await rawStatus(port, "/static/hello.txt"), "200");
  const statuses = await Promise.all(REFUSED.map((path) => rawStatus(port, path)));
  await app.stop();
  assert.deepEqual(
    statuses.map((status, i) => [REFUSED[i], status]),
    REFUSED.map((path) => [path, DOT_SEGMENT.test(path) ? "400" : "404"]),
  );
});

Deno.test("staticFiles() follows symbolic links inside the root, and none that leaves it", async () => {
  await using files = await site({ index: "index.html" });
  const link = (to: string, name: string) => Deno.symlink(to, join(files.root, name));
  await link("hello.txt", "inside.txt");
  await link("../secret.txt", "outside.txt");
  await link("..", "up");
  await link("../public-not", "beside");
  await link("loop", "loop");
  await link("missing", "dangling");
  await Deno.mkdir(join(files.root, "trap"));
  await link("../../secret.txt", "trap/index.html");
  assert.equal(await (await files.get("/static/inside.txt")).text(), "Hello, world");
  for (
    const path of ["outside.txt", "up/secret.txt", "beside/secret.txt", "loop", "dangling", "trap/"]
  ) {
    assert.equal((await files.get(`/static/${path}`)).status, 404, path);
  }
});

Deno.test("staticFiles() answers for a directory with its index, at the path with a slash", async () => {
  await using files = await site({ index: "index.html" });
  assert.equal(await (await files.get("/static/docs/")).text(), "<h1>Docs</h1>");
  assert.equal((await files.get("/static/empty/")).status, 404);
  assert.equal((await files.get("/static/hello.txt/")).status, 404);
  for (
    const [path, location] of [
      ["/static/docs", "./docs/"],
      ["/static/docs?page=2&q=a%20b", "./docs/?page=2&q=a+b"],
      ["/static", "./static/"],
    ] as const
  ) {
    const response = await files.get(path);
    assert.equal(response.status, 301);
    assert.equal(response.headers.get("location"), location);
  }
  assert.equal((await files.get("/static/empty")).status, 404, "no page to send anyone to");
});

Deno.test("staticFiles() answers 304 to a client that has this version", async () => {
  await using files = await site({ maxAge: 60 });
  const etag = (await files.get("/static/hello.txt")).headers.get("etag") ?? "";
  const strong = etag.slice(2);
  for (
    const headers of [
      { "if-none-match": etag },
      { "if-none-match": strong },
      { "if-none-match": `"other", ${etag}` },
      { "if-none-match": "*" },
      { "if-modified-since": LAST_MODIFIED },
      { "if-modified-since": "Mon, 02 Mar 2026 00:00:00 GMT" },
      { "if-none-match": etag, "if-modified-since": "Sun, 01 Mar 2020 12:00:00 GMT" },
      { "if-none-match": etag, range: "bytes=0-1" },
    ]
  ) {
    const response = await files.get("/static/hello.txt", headers);
    assert.equal(response.status, 304, Deno.inspect(headers));
    assert.equal(response.body, null);
    assert.deepEqual(Object.fromEntries(response.headers), {
      "cache-control": "max-age=60",
      etag,
      "last-modified": LAST_MODIFIED,
    });
  }
  for (
    const headers of [
      { "if-none-match": '"other"' },
      { "if-none-match": "" },
      { "if-none-match": '"other"', "if-modified-since": LAST_MODIFIED },
      { "if-modified-since": "Sun, 01 Mar 2026 11:59:59 GMT" },
      { "if-modified-since": "nonsense" },
    ]
  ) {
    const response = await files.get("/static/hello.txt", headers);
    assert.equal(response.status, 200, Deno.inspect(headers));
    await response.body?.cancel();
  }
});

Deno.test("staticFiles() gives another ETag to another version", async () => {
  await using files = await site();
  const tag = async () => {
    const response = await files.get("/static/hello.txt", {}, "HEAD");
    return response.headers.get("etag");
  };
  const before = await tag();
  await Deno.utime(join(files.root, "hello.txt"), MODIFIED, new Date(MODIFIED.getTime() + 1));
  assert.notEqual(await tag(), before);
});

Deno.test("staticFiles() sends one range of bytes", async () => {
  await using files = await site();
  const text = await files.get("/static/hello.txt", { range: "bytes=7-8" });
  assert.equal(text.status, 206);
  assert.equal(text.headers.get("content-range"), "bytes 7-8/12");
  assert.equal(text.headers.get("content-length"), "2");
  assert.equal(await text.text(), "wo");
  const large = await files.get("/static/large.bin", { range: "bytes=-100000" });
  assert.equal(large.headers.get("content-range"), "bytes 200000-299999/300000");
  assert.equal(bodyKind(large), "streamed");
  assert.deepEqual(await large.bytes(), LARGE.slice(200_000));
});

Deno.test("staticFiles() says how long the file is when it has nothing of a range", async () => {
  await using files = await site();
  const response = await files.get("/static/hello.txt", { range: "bytes=12-" });
  assert.equal(response.status, 416);
  assert.equal(response.headers.get("content-range"), "bytes */12");
  assert.equal(response.headers.get("content-type"), "application/problem+json");
  await response.body?.cancel();
});

Deno.test("staticFiles() sends the whole where a range does not count", async () => {
  await using files = await site();
  const range = "bytes=0-1";
  const status = async (headers: HeadersInit, method?: string) => {
    const response = await files.get("/static/hello.txt", headers, method);
    await response.body?.cancel();
    return response.status;
  };
  assert.equal(await status({ range, "if-range": LAST_MODIFIED }), 206);
  assert.equal(await status({ range, "if-range": "Sun, 01 Mar 2026 11:59:59 GMT" }), 200);
  const etag = (await files.get("/static/hello.txt", {}, "HEAD")).headers.get("etag") ?? "";
  assert.equal(await status({ range, "if-range": etag }), 200, "a weak tag proves nothing");
  assert.equal(await status({ range: "bytes=0-1,3-4" }), 200);
  assert.equal(await status({ range }, "HEAD"), 200);
});

Deno.test("staticFiles() answers HEAD like GET, without the file", async () => {
  await using files = await site();
  const app = siteApp({ root: files.root });
  const server = app.listen({ port: 0, handleSignals: false });
  const url = new URL("/static/large.bin", server.url);
  const head = await fetch(url, { method: "HEAD" });
  assert.equal(head.headers.get("content-length"), "300000");
  assert.equal(head.headers.get("accept-ranges"), "bytes");
  assert.equal(await head.text(), "");
  await app.stop();
});

/** Fails a test that leaves a file open; Deno looks only when asked. */
const NOTHING_LEFT_OPEN = { sanitizeOps: true, sanitizeResources: true };

for (const observed of [false, true]) {
  const how = observed ? "inside a span" : "with telemetry off";
  Deno.test(
    `staticFiles() closes the file when the client goes away, ${how}`,
    NOTHING_LEFT_OPEN,
    async () => {
      using telemetry = observed ? inMemoryTelemetry() : undefined;
      await using files = await site();
      await Deno.truncate(join(files.root, "large.bin"), 200 * 1024 * 1024);
      const app = siteApp({ root: files.root });
      const server = app.listen({ port: 0, handleSignals: false });
      const client = new AbortController();
      const url = new URL("/static/large.bin", server.url);
      const response = await fetch(url, { signal: client.signal });
      await response.body?.getReader().read();
      client.abort();
      await app.stop();
      if (telemetry === undefined) return;
      assert.equal(
        telemetry.spans().find((span) => span.kind === "SERVER")?.attributes["error.type"],
        "client_disconnected",
      );
      // The SDK's exporter in memory answers by a timer of its own, begun before this one.
      await setTimeout(1);
    },
  );
}

Deno.test(
  "staticFiles() opens nothing for a response that nobody reads",
  NOTHING_LEFT_OPEN,
  async () => {
    await using files = await site();
    const app = testApp();
    app.use(async (_ctx, next) => {
      await next();
      return new Response("instead");
    });
    app.get("/static/**:path", staticFiles({ root: files.root }));
    const response = await app.handle(request("/static/large.bin"));
    assert.equal(await response.text(), "instead");
  },
);

Deno.test("staticFiles() works behind compress(), for GET, HEAD and a 304", async () => {
  await using files = await site();
  const css = "a { color: red }\n".repeat(10_000);
  await Deno.writeTextFile(join(files.root, "large.css"), css);
  const app = testApp();
  app.use(compress());
  app.get("/static/**:path", staticFiles({ root: files.root }));
  const ask = (method: string, headers: Record<string, string> = {}) =>
    app.handle(request("/static/large.css", {
      method,
      headers: { "accept-encoding": "gzip", ...headers },
    }));
  const get = await ask("GET");
  const head = await ask("HEAD");
  assert.deepEqual(Object.fromEntries(head.headers), Object.fromEntries(get.headers));
  assert.equal(get.headers.get("content-encoding"), "gzip");
  assert.equal(get.headers.get("content-length"), null);
  const plain = get.body?.pipeThrough(new DecompressionStream("gzip")) ?? null;
  assert.equal(await new Response(plain).text(), css);
  const known = await ask("GET", { "if-none-match": get.headers.get("etag") ?? "" });
  assert.equal(known.status, 304);
  const part = await ask("GET", { range: "bytes=0-0" });
  assert.equal(part.headers.get("content-encoding"), null);
  assert.equal(await part.text(), "a");
});

Deno.test("staticFiles() needs permission to read the root and nothing else", {
  permissions: { read: [import.meta.dirname ?? ""], env: true },
}, async () => {
  const app = testApp();
  app.get("/tests/**:path", staticFiles({ root: new URL(".", import.meta.url) }));
  const response = await app.handle(request("/tests/static_files_test.ts"));
  assert.equal(response.status, 200);
  assert.match(await response.text(), /^import assert/);
});

Deno.test("staticFiles() refuses a root and an age without a meaning, and a route without a path", async () => {
  await using files = await site();
  assert.throws(() => staticFiles({ root: join(files.root, "nowhere") }), Deno.errors.NotFound);
  assert.throws(() => staticFiles({ root: join(files.root, "hello.txt") }), {
    name: "TypeError",
    message: `Cannot serve files of "${join(files.root, "hello.txt")}": it is not a directory`,
  });
  assert.throws(() => staticFiles({ root: files.root, maxAge: -1 }), RangeError);
  // @ts-expect-error The wildcard has another name.
  testApp().get("/static/**:file", staticFiles({ root: files.root }));
});
