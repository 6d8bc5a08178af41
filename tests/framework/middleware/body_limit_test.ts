import assert from "node:assert/strict";
import { bodyLimit } from "../../../framework/middleware/body_limit.ts";
import { request, testApp } from "../../_app.ts";

const send = (path: string, bytes: number) =>
  request(path, { method: "POST", body: "x".repeat(bytes) });

Deno.test("bodyLimit() lowers and raises the application's limit in its scope, the innermost counts", async () => {
  const app = testApp({ bodyLimit: 100 });
  app.use("/api", bodyLimit(10));
  const size = async (ctx: { body: { bytes(): Promise<Uint8Array> } }) =>
    (await ctx.body.bytes()).byteLength;
  app.post("/plain", size);
  app.post("/api/note", size);
  app.post("/api/upload", [bodyLimit(1000)], size);
  const status = async (path: string, bytes: number) =>
    (await app.handle(send(path, bytes))).status;
  assert.deepEqual([await status("/plain", 100), await status("/plain", 101)], [200, 413]);
  assert.deepEqual([await status("/api/note", 10), await status("/api/note", 11)], [200, 413]);
  assert.deepEqual([await status("/api/upload", 1000), await status("/api/upload", 1001)], [
    200,
    413,
  ]);
});

Deno.test("bodyLimit() fails clearly when the body was asked for before it", async () => {
  const app = testApp({ development: true });
  app.use(async (ctx, next) => {
    await ctx.body.text();
    return await next();
  });
  app.post("/", [bodyLimit(1000)], () => "unreachable");
  const response = await app.handle(send("/", 3));
  assert.equal(response.status, 500);
  assert.match((await response.json()).detail, /^Cannot change the body limit: the body was asked/);
});

Deno.test("bodyLimit() refuses a limit that is no number of bytes", () => {
  for (const bytes of [-1, 1.5, NaN, Infinity]) {
    assert.throws(() => bodyLimit(bytes), {
      name: "RangeError",
      message: `The body limit is ${bytes}: expected a whole number from 0 on`,
    });
  }
});
