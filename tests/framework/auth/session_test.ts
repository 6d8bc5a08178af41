import assert from "node:assert/strict";
import { digestSecret } from "../../../framework/auth/digest.ts";
import { Sessions } from "../../../framework/auth/session.ts";
import type { StartedSession } from "../../../framework/auth/session_records.ts";
import { stoppedClock } from "./_clock.ts";
import { beforeNextCommit, beforeNextList } from "./_interleave.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

async function everything(kv: Deno.Kv): Promise<Deno.KvEntry<unknown>[]> {
  return await Array.fromAsync(kv.list({ prefix: [] }));
}

Deno.test("start() stores no token, and read() finds its session by it", async () => {
  using kv = await Deno.openKv(":memory:");
  const sessions = new Sessions(kv);
  const { token, session } = await sessions.start("ada", { data: { theme: "dark" } });
  assert.deepEqual(await sessions.read(token), session);
  assert.equal(session.userId, "ada");
  assert.deepEqual(session.data, { theme: "dark" });
  assert.match(token, /^[\w-]{43}$/);
  assert.equal(JSON.stringify(await everything(kv)).includes(token), false);
  assert.equal(await sessions.read(session.id), undefined);
});

Deno.test("sessions on disk are there for the next process", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/kv.sqlite`;
    const first = await Deno.openKv(path);
    const { token, session } = await new Sessions(first).start("ada");
    first.close();
    using second = await Deno.openKv(path);
    assert.deepEqual(await new Sessions(second).read(token), session);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("check() tells an expired session from an unknown one", async () => {
  using kv = await Deno.openKv(":memory:");
  const clock = stoppedClock();
  const sessions = new Sessions(kv, { idleMillis: HOUR, now: clock.now });
  const { token } = await sessions.start("ada");
  assert.equal(await sessions.check("guess"), "invalid");
  clock.pass(HOUR - 1);
  assert.equal(typeof await sessions.check(token), "object");
  clock.pass(HOUR);
  assert.equal(await sessions.check(token), "expired");
});

Deno.test("read() puts off the end of a session that is used, up to its absolute end", async () => {
  using kv = await Deno.openKv(":memory:");
  const clock = stoppedClock();
  const options = { idleMillis: HOUR, absoluteMillis: 3 * HOUR, now: clock.now };
  const sessions = new Sessions(kv, options);
  const { token } = await sessions.start("ada");
  for (let used = 0; used < 5; used++) {
    clock.pass(HOUR / 2);
    assert.ok(await sessions.read(token), `after ${used + 1} half hours`);
  }
  clock.pass(HOUR / 2);
  assert.equal(await sessions.check(token), "expired");
});

Deno.test("read() writes only when the last use was a while ago", async () => {
  using kv = await Deno.openKv(":memory:");
  const clock = stoppedClock();
  const sessions = new Sessions(kv, { idleMillis: HOUR, now: clock.now });
  const { token } = await sessions.start("ada");
  const before = await everything(kv);
  clock.pass(HOUR / 20 - 1);
  await sessions.read(token);
  assert.deepEqual(await everything(kv), before);
  clock.pass(1);
  await sessions.read(token);
  assert.notDeepEqual(await everything(kv), before);
});

Deno.test("start() ends the session it replaces, another user's too", async () => {
  using kv = await Deno.openKv(":memory:");
  const sessions = new Sessions(kv);
  const planted = await sessions.start("mallory");
  const { token } = await sessions.start("ada", { replaces: planted.token });
  assert.equal(await sessions.read(planted.token), undefined);
  assert.notEqual(token, planted.token);
  assert.deepEqual(await sessions.list("mallory"), []);
  assert.ok(await sessions.start("ada", { replaces: "never was" }));
});

Deno.test("rotate() gives a new token, keeps the end, and the old token is worth nothing", async () => {
  using kv = await Deno.openKv(":memory:");
  const clock = stoppedClock();
  const sessions = new Sessions(kv, { now: clock.now });
  const { token, session } = await sessions.start("ada", { data: { theme: "dark" } });
  clock.pass(MINUTE);
  const rotated = await sessions.rotate(token);
  assert.ok(rotated);
  assert.equal(await sessions.read(token), undefined);
  assert.equal(await sessions.rotate(token), undefined);
  assert.deepEqual(await sessions.read(rotated.token), {
    ...session,
    id: digestSecret(rotated.token),
    lastSeenAt: clock.now(),
  });
});

Deno.test("rotate() gives one of many contenders a new token", async () => {
  using kv = await Deno.openKv(":memory:");
  const sessions = new Sessions(kv);
  const { token } = await sessions.start("ada");
  const rotated = await Promise.all(Array.from({ length: 10 }, () => sessions.rotate(token)));
  assert.equal(rotated.filter((one) => one !== undefined).length, 1);
  assert.equal((await sessions.list("ada")).length, 1);
});

Deno.test("revoke() and revokeById() end one session", async () => {
  using kv = await Deno.openKv(":memory:");
  const sessions = new Sessions(kv);
  const [phone, desk, tablet] = [
    await sessions.start("ada"),
    await sessions.start("ada"),
    await sessions.start("ada"),
  ];
  assert.equal(await sessions.revoke(phone.token), true);
  assert.equal(await sessions.revoke(phone.token), false);
  assert.equal(await sessions.revokeById(desk.session.id), true);
  assert.deepEqual(await sessions.list("ada"), [tablet.session]);
});

Deno.test("revokeAll() ends every session of one user, and a later login works", async () => {
  using kv = await Deno.openKv(":memory:");
  const sessions = new Sessions(kv);
  const old = [await sessions.start("ada"), await sessions.start("ada")];
  const other = await sessions.start("grace");
  assert.equal(await sessions.revokeAll("ada"), 2);
  for (const { token } of old) assert.equal(await sessions.read(token), undefined);
  assert.ok(await sessions.read(other.token));
  const again = await sessions.start("ada");
  assert.ok(await sessions.read(again.token));
  assert.ok(await sessions.rotate(again.token));
});

Deno.test("revokeAll() leaves no session that was rotating meanwhile", async () => {
  using kv = await Deno.openKv(":memory:");
  const sessions = new Sessions(kv);
  const started = await Promise.all(Array.from({ length: 20 }, () => sessions.start("ada")));
  const rotating = started.map(({ token }) => sessions.rotate(token));
  const revoking = sessions.revokeAll("ada");
  const rotated = await Promise.all(rotating);
  await revoking;
  for (const { token } of started) assert.equal(await sessions.read(token), undefined);
  for (const one of rotated) {
    if (one !== undefined) assert.equal(await sessions.read(one.token), undefined);
  }
  assert.deepEqual(await sessions.list("ada"), []);
});

Deno.test("rotate() gives nothing while revokeAll() is on its way to the session", async () => {
  using kv = await Deno.openKv(":memory:");
  const sessions = new Sessions(kv);
  const { token } = await sessions.start("ada");
  const reached = Promise.withResolvers<void>();
  const rotated = Promise.withResolvers<void>();
  const revoking = Promise.withResolvers<number>();
  beforeNextCommit(kv, async () => {
    beforeNextCommit(kv, () => {
      reached.resolve();
      return rotated.promise;
    });
    revoking.resolve(sessions.revokeAll("ada"));
    await reached.promise;
  });
  assert.equal(await sessions.rotate(token), undefined);
  rotated.resolve();
  assert.equal(await revoking.promise, 1);
  assert.deepEqual(await sessions.list("ada"), []);
});

Deno.test("start() that crosses a revokeAll() begins a session of the time after it", async () => {
  using kv = await Deno.openKv(":memory:");
  const sessions = new Sessions(kv);
  beforeNextCommit(kv, () => sessions.revokeAll("ada"));
  const { token } = await sessions.start("ada");
  assert.ok(await sessions.rotate(token));
});

Deno.test("revokeAll() leaves a session that is begun meanwhile", async () => {
  using kv = await Deno.openKv(":memory:");
  const sessions = new Sessions(kv);
  await sessions.start("ada");
  const later = Promise.withResolvers<StartedSession>();
  beforeNextList(kv, async () => later.resolve(await sessions.start("ada")));
  assert.equal(await sessions.revokeAll("ada"), 1);
  const { session } = await later.promise;
  assert.deepEqual(await sessions.list("ada"), [session]);
});

Deno.test("read() lets no session come back that is revoked in the same moment", async () => {
  using kv = await Deno.openKv(":memory:");
  const clock = stoppedClock();
  const sessions = new Sessions(kv, { idleMillis: HOUR, now: clock.now });
  const { token } = await sessions.start("ada");
  clock.pass(HOUR / 2);
  beforeNextCommit(kv, () => sessions.revoke(token));
  await sessions.read(token);
  assert.equal(await sessions.read(token), undefined);
});

Deno.test("list() leaves out what has expired", async () => {
  using kv = await Deno.openKv(":memory:");
  const clock = stoppedClock();
  const sessions = new Sessions(kv, { idleMillis: HOUR, now: clock.now });
  await sessions.start("ada");
  clock.pass(HOUR);
  const { session } = await sessions.start("ada");
  assert.deepEqual(await sessions.list("ada"), [session]);
});

Deno.test("Sessions() and start() say what they cannot take", async () => {
  using kv = await Deno.openKv(":memory:");
  assert.throws(() => new Sessions(kv, { idleMillis: 0 }), {
    name: "RangeError",
    message: 'The option "idleMillis" is 0: expected a positive number',
  });
  const sessions = new Sessions(kv);
  for (const userId of ["", "x".repeat(513)]) {
    await assert.rejects(sessions.start(userId), {
      name: "TypeError",
      message: `The user id has ${userId.length} characters: expected 1 to 512`,
    });
  }
});
