import assert from "node:assert/strict";
import { timeout } from "../../../framework/middleware/timeout.ts";
import { request, testApp } from "../../_app.ts";

Deno.test("timeout() answers 503 and aborts ctx.signal when the handler is late", async () => {
  const app = testApp();
  const stopped = Promise.withResolvers<unknown>();
  app.get("/", [timeout(5)], (ctx) => {
    ctx.signal.addEventListener("abort", () => stopped.resolve(ctx.signal.reason));
    return new Promise(() => {});
  });
  const response = await app.handle(request("/"));
  assert.equal(response.status, 503);
  assert.equal(response.headers.get("content-type"), "application/problem+json");
  const reason = await stopped.promise;
  assert.ok(reason instanceof DOMException && reason.name === "TimeoutError");
});

Deno.test("timeout() answers 503 also when the handler fails by the abort", async () => {
  const app = testApp();
  app.get("/", [timeout(5)], (ctx) =>
    new Promise((_, reject) => {
      ctx.signal.addEventListener("abort", () => reject(new Error("given up")));
    }));
  assert.equal((await app.handle(request("/"))).status, 503);
});

Deno.test("timeout() throws away a response that comes too late, and ends its stream", async () => {
  const app = testApp();
  const cancelled = Promise.withResolvers<void>();
  app.get("/", [timeout(5)], (ctx) =>
    new Promise<Response>((resolve) => {
      const body = new ReadableStream({ cancel: () => cancelled.resolve() });
      ctx.signal.addEventListener("abort", () => resolve(new Response(body)));
    }));
  assert.equal((await app.handle(request("/"))).status, 503);
  await cancelled.promise;
});

/** Fails a test that leaves a timer behind; Deno looks only when asked. */
const NOTHING_LEFT_RUNNING = { sanitizeOps: true, sanitizeResources: true };

Deno.test(
  "timeout() leaves a punctual response and its signal alone",
  NOTHING_LEFT_RUNNING,
  async () => {
    const app = testApp();
    let signal: AbortSignal | undefined;
    app.get("/", [timeout(60_000)], (ctx) => {
      signal = ctx.signal;
      return "on time";
    });
    assert.equal(await (await app.handle(request("/"))).text(), "on time");
    assert.equal(signal?.aborted, false);
  },
);

Deno.test("timeout() passes a failure on unchanged", NOTHING_LEFT_RUNNING, async () => {
  const thrown = new Error("no");
  const app = testApp();
  app.onError((error) => String(error === thrown));
  app.get("/", [timeout(60_000)], () => {
    throw thrown;
  });
  assert.equal(await (await app.handle(request("/"))).text(), "true");
});

Deno.test("timeout() still lets ctx.signal abort when the client goes away", async () => {
  const app = testApp();
  const reached = Promise.withResolvers<void>();
  const aborted = Promise.withResolvers<void>();
  app.get("/", [timeout(60_000)], async (ctx) => {
    ctx.signal.addEventListener("abort", () => aborted.resolve());
    reached.resolve();
    await aborted.promise;
    return "nobody reads this";
  });
  const server = app.listen({ port: 0, handleSignals: false });
  const client = new AbortController();
  const answered = fetch(server.url, { signal: client.signal });
  await reached.promise;
  client.abort();
  await assert.rejects(answered, { name: "AbortError" });
  await aborted.promise;
  await app.stop();
});

Deno.test("timeout() refuses a time that a timer cannot keep", () => {
  for (const millis of [0, -1, 0.5, NaN, 2 ** 31]) {
    assert.throws(() => timeout(millis), {
      name: "RangeError",
      message: `The time limit is ${millis}: expected a whole number from 1 to 2147483647`,
    });
  }
});
