import assert from "node:assert/strict";
import type { Middleware } from "../../../framework/http/types.ts";
import { answer, request, testApp } from "../../_app.ts";

async function failure(middleware: Middleware): Promise<string> {
  const app = testApp({ development: true }).get("/", [middleware], () => "done");
  const { status, body } = await answer(app.handle(request("/")));
  assert.equal(status, 500);
  return JSON.parse(body).detail;
}

Deno.test("compose() refuses a second next()", async () => {
  const detail = await failure(async function twice(_ctx, next) {
    await next();
    return await next();
  });
  assert.equal(detail, 'next() called multiple times by the middleware "twice"');
});

Deno.test("compose() refuses middleware that neither answers nor goes on", async () => {
  const detail = await failure(function silent() {});
  assert.equal(detail, 'The middleware "silent" neither returned a Response nor called next()');
});

Deno.test("compose() takes a middleware that returns nothing after next() as passing on", async () => {
  const app = testApp().get("/", [async (_ctx, next) => void await next()], () => "done");
  assert.equal((await answer(app.handle(request("/")))).body, "done");
});

Deno.test("compose() lets a middleware answer instead, change the answer, and catch", async () => {
  const app = testApp();
  app.get("/instead", [(ctx) => ctx.text("early")], () => "late");
  app.get(
    "/after",
    [async (ctx, next) => ctx.text(await (await next()).text() + "!")],
    () => "done",
  );
  app.get("/catch", [
    (ctx, next) => next().catch((error) => ctx.text(`caught ${error.message}`)),
  ], () => {
    throw new Error("thrown at once");
  });
  assert.equal((await answer(app.handle(request("/instead")))).body, "early");
  assert.equal((await answer(app.handle(request("/after")))).body, "done!");
  assert.equal((await answer(app.handle(request("/catch")))).body, "caught thrown at once");
});

Deno.test("compose() survives a middleware that does not wait for a failing next()", async () => {
  const app = testApp().get("/", [(ctx, next) => {
    void next();
    return ctx.text("early");
  }], () => Promise.reject(new Error("unheard")));
  assert.equal((await answer(app.handle(request("/")))).body, "early");
});
