import assert from "node:assert/strict";
import { ApiKeys } from "../../../framework/auth/api_keys.ts";
import { stoppedClock } from "./_clock.ts";

Deno.test("create() stores no secret, and check() finds its key by it", async () => {
  using kv = await Deno.openKv(":memory:");
  const keys = new ApiKeys(kv, { mark: "shop" });
  const { secret, key } = await keys.create("ada", { name: "export", scopes: ["orders:*"] });
  assert.match(secret, /^shop_[\w-]{43}$/);
  assert.deepEqual(await keys.check(secret), key);
  const stored = await Array.fromAsync(kv.list({ prefix: [] }));
  assert.equal(stored.length, 2);
  assert.equal(JSON.stringify(stored).includes(secret), false);
  assert.equal(await keys.check(key.id), "invalid");
});

Deno.test("check() tells an expired key from an unknown one", async () => {
  using kv = await Deno.openKv(":memory:");
  const clock = stoppedClock();
  const keys = new ApiKeys(kv, { now: clock.now });
  const expiresAt = clock.now() + 1000;
  const { secret } = await keys.create("ada", { name: "export", expiresAt });
  clock.pass(999);
  assert.equal(typeof await keys.check(secret), "object");
  clock.pass(1);
  assert.equal(await keys.check(secret), "expired");
  assert.equal(await keys.check("ek_guess"), "invalid");
});

Deno.test("revoke() takes back one key of those that list() shows", async () => {
  using kv = await Deno.openKv(":memory:");
  const clock = stoppedClock();
  const keys = new ApiKeys(kv, { now: clock.now });
  const one = await keys.create("ada", { name: "one" });
  clock.pass(1);
  const two = await keys.create("ada", { name: "two" });
  await keys.create("grace", { name: "three" });
  assert.deepEqual(await keys.list("ada"), [two.key, one.key]);
  assert.equal(await keys.revoke(one.key.id), true);
  assert.equal(await keys.revoke(one.key.id), false);
  assert.equal(await keys.check(one.secret), "invalid");
  assert.deepEqual(await keys.list("ada"), [two.key]);
});

Deno.test("create() refuses a scope that could never match", async () => {
  using kv = await Deno.openKv(":memory:");
  await assert.rejects(new ApiKeys(kv).create("ada", { name: "export", scopes: ["orders:"] }), {
    name: "TypeError",
    message: /The grant "orders:" of the API key "export" is not valid/,
  });
});
