import assert from "node:assert/strict";
import { compress } from "../../../framework/middleware/compress.ts";
import type { Handler } from "../../../framework/mod.ts";
import { bodyKind } from "../../../framework/telemetry/response_body.ts";
import { request, testApp } from "../../_app.ts";
import { inMemoryTelemetry } from "../../_telemetry.ts";

const WORDS = "word ".repeat(1_000);

function compressed(handler: Handler, options?: { minBytes: number }) {
  const app = testApp();
  app.use(compress(options));
  app.get("/", handler);
  return (acceptEncoding: string | undefined, init: RequestInit = {}) =>
    app.handle(request("/", {
      ...init,
      headers: acceptEncoding === undefined ? {} : { "accept-encoding": acceptEncoding },
    }));
}

function gunzip(response: Response): Promise<string> {
  assert.ok(response.body !== null);
  return new Response(response.body.pipeThrough(new DecompressionStream("gzip"))).text();
}

Deno.test("compress() gzips a whole body and keeps it whole", async () => {
  const get = compressed((ctx) =>
    ctx.text(WORDS, { status: 201, headers: { etag: '"v1"', "accept-ranges": "bytes" } })
  );
  const response = await get("gzip, deflate, br");
  assert.equal(bodyKind(response), "whole");
  assert.equal(response.status, 201);
  assert.deepEqual(Object.fromEntries(response.headers), {
    "content-encoding": "gzip",
    "content-type": "text/plain; charset=utf-8",
    etag: 'W/"v1"',
    vary: "accept-encoding",
  });
  assert.equal(await gunzip(response), WORDS);
});

for (
  const [header, encoding] of [
    [undefined, null],
    ["", null],
    ["br", null],
    ["gzip", "gzip"],
    ["GZIP;Q=0.5", "gzip"],
    ["x-gzip", "gzip"],
    ["*", "gzip"],
    ["gzip;q=0", null],
    ["gzip;q=0, *", null],
    ["*;q=0", null],
    ["identity, gzip;q=0.5", null],
    ["identity;q=0.5, gzip", "gzip"],
    ["gzip;q=nonsense", null],
  ] as const
) {
  Deno.test(`compress() answers "${header}" with ${encoding ?? "no encoding"}`, async () => {
    const response = await compressed(() => WORDS)(header);
    assert.equal(response.headers.get("content-encoding"), encoding);
    assert.equal(response.headers.get("vary"), "accept-encoding");
    const text = encoding === null ? response.text() : gunzip(response);
    assert.equal(await text, WORDS);
  });
}

Deno.test("compress() leaves a small body plain, and says that it could differ", async () => {
  const get = compressed(() => "x".repeat(10), { minBytes: 11 });
  const small = await get("gzip");
  assert.equal(bodyKind(small), "whole");
  assert.equal(small.headers.get("content-encoding"), null);
  assert.equal(small.headers.get("vary"), "accept-encoding");
  assert.equal(await small.text(), "x".repeat(10));
  const large = await compressed(() => "x".repeat(11), { minBytes: 11 })("gzip");
  assert.equal(await gunzip(large), "x".repeat(11));
});

const own = (headers: Record<string, string>, status = 200): [string, Handler] => [
  JSON.stringify({ status, ...headers }),
  (ctx) => ctx.text(WORDS, { headers, status }),
];

for (
  const [what, handler] of [
    own({ "content-encoding": "br" }),
    own({ "content-type": "image/png" }),
    own({ "content-type": "text/event-stream" }),
    own({ "cache-control": "max-age=60, no-transform" }),
    own({ "content-range": "bytes 0-4/5" }, 206),
  ]
) {
  Deno.test(`compress() leaves a response alone that has ${what}`, async () => {
    const response = await compressed(handler)("gzip");
    assert.notEqual(response.headers.get("content-encoding"), "gzip");
    assert.equal(response.headers.get("vary"), null);
    assert.equal(await response.text(), WORDS);
  });
}

Deno.test("compress() leaves responses without a body alone", async () => {
  const response = await compressed(() => undefined)("gzip");
  assert.equal(response.status, 204);
  assert.equal(response.headers.get("content-encoding"), null);
});

Deno.test("compress() gives HEAD the headers of GET, with a body known or not", async () => {
  const announced = { "content-type": "text/css", "content-length": "5000" };
  for (
    const handler of [
      () => WORDS,
      () => new Response(null, { headers: announced }),
    ] satisfies Handler[]
  ) {
    const response = await compressed(handler)("gzip", { method: "HEAD" });
    assert.equal(response.headers.get("content-encoding"), "gzip");
    assert.equal(response.headers.get("content-length"), null);
    assert.equal(response.body, null);
  }
});

Deno.test("compress() goes by the announced length of a stream", async () => {
  const sized = (bytes: number): Handler => (ctx) =>
    ctx.stream(ReadableStream.from(["x".repeat(bytes)]), {
      headers: { "content-type": "text/css", "content-length": String(bytes) },
    });
  const small = await compressed(sized(1023))("gzip");
  assert.equal(small.headers.get("content-length"), "1023");
  assert.equal(await small.text(), "x".repeat(1023));
  const large = await compressed(sized(1024))("gzip");
  assert.equal(large.headers.get("content-length"), null);
  assert.equal(await gunzip(large), "x".repeat(1024));
});

Deno.test("compress() sends each piece of a stream as soon as it is there, over the network", async () => {
  const app = testApp();
  app.use(compress());
  let received = Promise.withResolvers<void>();
  app.get("/", (ctx) => {
    async function* ticks() {
      for (const tick of ["one", "two", "three"]) {
        yield tick;
        // The next is made only once the client has this one.
        await received.promise;
        received = Promise.withResolvers();
      }
    }
    return ctx.stream(ticks(), { headers: { "content-type": "text/plain" } });
  });
  const server = app.listen({ port: 0, handleSignals: false });
  const response = await fetch(server.url, { headers: { "accept-encoding": "gzip" } });
  assert.equal(response.headers.get("vary"), "accept-encoding");
  const seen: string[] = [];
  for await (const piece of (response.body ?? assert.fail()).pipeThrough(new TextDecoderStream())) {
    seen.push(piece);
    received.resolve();
  }
  await app.stop();
  assert.deepEqual(seen, ["one", "two", "three"]);
});

Deno.test("compress() tells the source when the client goes away", async () => {
  using telemetry = inMemoryTelemetry();
  const cancelled = Promise.withResolvers<void>();
  const get = compressed((ctx) =>
    ctx.stream(
      new ReadableStream({
        pull: (controller) => controller.enqueue("word "),
        cancel: () => cancelled.resolve(),
      }),
      { headers: { "content-type": "text/plain" } },
    )
  );
  const response = await get("gzip");
  await response.body?.cancel();
  await cancelled.promise;
  assert.equal(
    telemetry.spans().find((span) => span.kind === "SERVER")?.attributes["error.type"],
    "client_disconnected",
  );
});

Deno.test("compress() refuses a least size without a meaning", () => {
  assert.throws(() => compress({ minBytes: -1 }), RangeError);
});
