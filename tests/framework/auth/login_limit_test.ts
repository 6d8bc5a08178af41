import assert from "node:assert/strict";
import { LoginLimit } from "../../../framework/auth/login_limit.ts";
import { stoppedClock } from "./_clock.ts";

const three = { attempts: 3, windowMillis: 60_000 };

Deno.test("take() refuses an account's attempts past its rate, from wherever they come", async () => {
  using kv = await Deno.openKv(":memory:");
  const clock = stoppedClock();
  const limit = new LoginLimit(kv, { account: three, now: clock.now });
  for (
    const [account, address] of [["ada", "192.0.2.1"], ["ADA", "192.0.2.2"], [
      "ada",
      undefined,
    ]] as const
  ) {
    assert.equal(await limit.take({ account, address }), undefined);
  }
  clock.pass(20_500);
  assert.equal(await limit.take({ account: "Ada", address: "192.0.2.3" }), 40);
  assert.equal(await limit.take({ account: "grace", address: "192.0.2.3" }), undefined);
  clock.pass(39_500);
  assert.equal(await limit.take({ account: "ada" }), undefined);
});

Deno.test("take() refuses an address's attempts past its rate, whatever the account", async () => {
  using kv = await Deno.openKv(":memory:");
  const limit = new LoginLimit(kv, { address: three, now: stoppedClock().now });
  for (const account of ["a", "b", "c"]) {
    assert.equal(await limit.take({ account, address: `2001:db8::${account}` }), undefined);
  }
  assert.equal(await limit.take({ account: "d", address: "2001:db8::d" }), 60);
  assert.equal(await limit.take({ account: "d", address: "2001:db8:0:1::d" }), undefined);
});

Deno.test("take() counts attempts that come all at once", async () => {
  using kv = await Deno.openKv(":memory:");
  const limit = new LoginLimit(kv, { account: three });
  const taken = await Promise.all(
    Array.from({ length: 20 }, () => limit.take({ account: "ada", address: "192.0.2.1" })),
  );
  assert.equal(taken.filter((wait) => wait === undefined).length, 3);
});

Deno.test("take() writes nothing for a refused attempt, and keeps no name or address", async () => {
  using kv = await Deno.openKv(":memory:");
  const limit = new LoginLimit(kv, { account: { ...three, attempts: 1 } });
  const attempt = { account: "ada@example.com", address: "192.0.2.1" };
  await limit.take(attempt);
  const stored = await Array.fromAsync(kv.list({ prefix: [] }));
  assert.equal(stored.length, 2);
  assert.doesNotMatch(JSON.stringify(stored), /ada|192\.0/);
  await limit.take(attempt);
  assert.deepEqual(await Array.fromAsync(kv.list({ prefix: [] })), stored);
});

Deno.test("succeed() forgets the account's attempts, and of the address's only this one", async () => {
  using kv = await Deno.openKv(":memory:");
  const limit = new LoginLimit(kv, { account: { ...three, attempts: 2 }, address: three });
  const own = { account: "mallory", address: "192.0.2.1" };
  await limit.take({ account: "ada", address: own.address });
  await limit.take(own);
  await limit.take(own);
  assert.equal(typeof await limit.take(own), "number");
  await limit.succeed(own);
  assert.equal(await limit.take(own), undefined);
  assert.equal(typeof await limit.take({ account: "ada", address: own.address }), "number");
});

Deno.test("LoginLimit() refuses a rate that means nothing", async () => {
  using kv = await Deno.openKv(":memory:");
  assert.throws(() => new LoginLimit(kv, { account: { attempts: 0, windowMillis: 1 } }), {
    name: "RangeError",
    message: 'The option "attempts" is 0: expected a positive number',
  });
});
