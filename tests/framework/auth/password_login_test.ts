import assert from "node:assert/strict";
import { LoginLimit } from "../../../framework/auth/login_limit.ts";
import { PasswordHasher } from "../../../framework/auth/password.ts";
import { type PasswordAccount, PasswordLogin } from "../../../framework/auth/password_login.ts";
import { PASSWORD, quickCost } from "./_service.ts";

const hasher = new PasswordHasher({ cost: quickCost });
const account: PasswordAccount = { userId: "1", passwordHash: await hasher.hash(PASSWORD) };
const findAccount = (name: string) => name === "ada" ? account : undefined;

Deno.test("verify() gives the same answer for a wrong password as for nobody", async () => {
  const login = new PasswordLogin({ findAccount, hasher });
  assert.deepEqual(await login.verify({ name: "ada", password: PASSWORD }), { userId: "1" });
  const refused = { reason: "invalid" };
  assert.deepEqual(await login.verify({ name: "ada", password: "wrong" }), refused);
  assert.deepEqual(await login.verify({ name: "eve", password: PASSWORD }), refused);
  assert.deepEqual(await login.verify({ name: "a".repeat(600), password: PASSWORD }), refused);
});

Deno.test("verify() refuses what a body holds in place of text", async () => {
  const login = new PasswordLogin({ findAccount, hasher });
  for (
    const body of [`{"name":"ada"}`, `{"name":7,"password":"x"}`, `{"name":["ada"],"password":{}}`]
  ) {
    assert.deepEqual(await login.verify(JSON.parse(body)), { reason: "malformed" });
  }
});

Deno.test("verify() hashes the password of nobody too", async () => {
  const narrow = new PasswordHasher({ cost: quickCost, concurrency: 1 });
  const login = new PasswordLogin({ findAccount, hasher: narrow });
  const order: string[] = [];
  // Only what hashes has to wait here for what was before it.
  const first = narrow.hash(PASSWORD).then(() => order.push("hash"));
  const nobody = login.verify({ name: "eve", password: PASSWORD }).then(() => order.push("eve"));
  await Promise.all([first, nobody]);
  assert.deepEqual(order, ["hash", "eve"]);
});

Deno.test("verify() refuses a right password past the limit, and a right one in time clears it", async () => {
  using kv = await Deno.openKv(":memory:");
  const limit = new LoginLimit(kv, { account: { attempts: 2, windowMillis: 60_000 } });
  const login = new PasswordLogin({ findAccount, hasher, limit });
  const [right, wrong] = [PASSWORD, "wrong"].map((password) => ({ name: "ada", password }));
  assert.ok(right && wrong);
  await login.verify(wrong, "192.0.2.1");
  assert.deepEqual(await login.verify(right, "192.0.2.1"), { userId: "1" });
  await login.verify(wrong, "192.0.2.1");
  await login.verify(wrong, "192.0.2.1");
  const refused = await login.verify(right, "192.0.2.9");
  assert.ok("reason" in refused && refused.reason === "rate_limited");
  assert.ok((refused.retryAfterSeconds ?? 0) > 0 && (refused.retryAfterSeconds ?? 99) <= 60);
});

Deno.test("verify() has a hash of an earlier cost saved anew, and a right one left alone", async () => {
  const saved: [PasswordAccount, string][] = [];
  const dearer = new PasswordHasher({ cost: { ...quickCost, ln: 5 }, minLength: 64 });
  const login = new PasswordLogin({
    findAccount,
    hasher: dearer,
    saveHash: (...call) => void saved.push(call),
  });
  await login.verify({ name: "ada", password: "wrong" });
  assert.equal(saved.length, 0);
  await login.verify({ name: "ada", password: PASSWORD });
  const [[before, after] = []] = saved;
  assert.equal(before, account);
  assert.deepEqual(await dearer.verify(PASSWORD, after), { valid: true, needsRehash: false });
});
