import assert from "node:assert/strict";
import {
  DuplicateJobError,
  InvalidJobDataError,
  JobTooLargeError,
  PartialEnqueueError,
} from "../../../framework/jobs/errors.ts";
import { KvJobStore } from "../../../framework/jobs/kv_job_store.ts";
import type { ClaimedJob, JobFailure, NewJob, Settlement } from "../../../framework/jobs/store.ts";

const START = Date.parse("2026-01-01T00:00:00Z");
const LEASE = { limit: 10, leaseMillis: 1_000 };
const failure: JobFailure = { name: "Error", message: "no", at: new Date(START) };

interface TestStore extends AsyncDisposable {
  readonly kv: Deno.Kv;
  readonly store: KvJobStore;
  now: number;
}

async function openStore(keepFinishedMillis = 60_000): Promise<TestStore> {
  const folder = await Deno.makeTempDir();
  const kv = await Deno.openKv(`${folder}/jobs.db`);
  const test: TestStore = {
    kv,
    store: new KvJobStore(kv, { keepFinishedMillis, now: () => test.now }),
    now: START,
    [Symbol.asyncDispose]: async () => {
      kv.close();
      await Deno.remove(folder, { recursive: true });
    },
  };
  return test;
}

function newJob(id: string, fields: Partial<NewJob> = {}): NewJob {
  return {
    id,
    queue: "q",
    name: "job",
    data: { of: id },
    priority: 0,
    dueAt: new Date(START),
    maxAttempts: 2,
    ...fields,
  };
}

async function claimOne({ store }: TestStore): Promise<ClaimedJob> {
  const { jobs: [job] } = await store.claim("q", { ...LEASE, limit: 1 });
  assert.ok(job);
  return job;
}

async function claimedIds({ store }: TestStore, limit = 100): Promise<string[]> {
  const { jobs } = await store.claim("q", { ...LEASE, limit });
  return jobs.map(({ id }) => id);
}

async function keysLeft({ kv }: TestStore): Promise<unknown[]> {
  const keys = await Array.fromAsync(kv.list({ prefix: [] }), ({ key }) => key[1]);
  return keys.filter((kind) => kind !== "count" && kind !== "bell");
}

Deno.test("KvJobStore.claim() gives the highest priority first, then the longest due", async () => {
  await using test = await openStore();
  await test.store.add([
    newJob("low", { priority: -1 }),
    newJob("b"),
    newJob("c"),
    newJob("a-late", { dueAt: new Date(START + 5) }),
    newJob("high", { priority: 10, dueAt: new Date(START + 9) }),
    newJob("other", { queue: "other" }),
  ]);
  test.now += 10;
  assert.deepEqual(await claimedIds(test), ["high", "b", "c", "a-late", "low"]);
});

Deno.test("KvJobStore.claim() keeps a delayed job until its time and tells when that is", async () => {
  await using test = await openStore();
  const dueAt = new Date(START + 500);
  await test.store.add([newJob("a", { dueAt })]);
  assert.deepEqual(await test.store.claim("q", LEASE), { jobs: [], nextDueAt: dueAt });
  assert.equal((await test.store.get("a"))?.state, "delayed");
  assert.deepEqual(await test.store.stats("q"), { ready: 0, delayed: 1, active: 0, dead: 0 });
  test.now = dueAt.getTime();
  assert.equal((await test.store.get("a"))?.state, "ready");
  assert.deepEqual(await claimedIds(test), ["a"]);
  assert.deepEqual(await test.store.stats("q"), { ready: 0, delayed: 0, active: 1, dead: 0 });
});

Deno.test("KvJobStore.claim() gives all of many jobs, whether ready or delayed before", async () => {
  await using test = await openStore();
  const ids = Array.from({ length: 150 }, (_, index) => `${1_000 + index}`);
  await test.store.add(
    ids.map((id, index) => newJob(id, { dueAt: new Date(START + (index % 2) * 10) })),
  );
  test.now += 10;
  const claimed: string[] = [];
  while (claimed.length < ids.length) {
    const { jobs, nextDueAt } = await test.store.claim("q", { ...LEASE, limit: 100 });
    assert.ok(nextDueAt && nextDueAt.getTime() <= test.now);
    claimed.push(...jobs.map(({ id }) => id));
  }
  assert.deepEqual(claimed.sort(), ids);
  assert.deepEqual(await test.store.claim("q", LEASE), { jobs: [] });
});

Deno.test("KvJobStore.claim() can carry the largest records", async () => {
  await using test = await openStore();
  const trace = { traceparent: "t".repeat(55), baggage: "b".repeat(4_096) };
  const largest: JobFailure = {
    name: "Error",
    message: "語".repeat(2_000),
    stack: "語".repeat(6_000),
    at: new Date(START),
  };
  const ids = Array.from({ length: 30 }, (_, index) => `${100 + index}`);
  await test.store.add(ids.map((id) => newJob(id, { trace })));
  for (const _ of ids) {
    const { lease } = await claimOne(test);
    await test.store.progress(lease, { log: "x".repeat(8_000) });
    const dueAt = new Date(START + 1);
    await test.store.settle(lease, { to: "retry", dueAt, failure: largest, trace });
  }
  test.now += 1;
  const claimed = [...await claimedIds(test), ...await claimedIds(test)];
  assert.deepEqual(claimed.sort(), ids);
});

Deno.test("KvJobStore.claim() gives a job to one of many that ask at once", async () => {
  await using test = await openStore();
  const ids = Array.from({ length: 40 }, (_, index) => `${100 + index}`);
  await test.store.add(ids.map((id) => newJob(id)));
  const claimed: string[] = [];
  const ask = async () => {
    while (claimed.length < ids.length) claimed.push(...await claimedIds(test, 3));
  };
  await Promise.all(Array.from({ length: 8 }, ask));
  assert.deepEqual(claimed.sort(), ids);
});

Deno.test("KvJobStore.claim() leaves a job alone that was worked and put off meanwhile", async () => {
  await using test = await openStore();
  await test.store.add([newJob("a")]);
  const workAndPutOff = async () => {
    const { lease } = await claimOne(test);
    const dueAt = new Date(START + 1);
    await test.store.settle(lease, { to: "retry", dueAt, failure });
  };
  // Another worker does all that after the first has seen the job in the list of the ready ones.
  let raced = false;
  const kv = new Proxy(test.kv, {
    get: (target, key) => {
      const value = Reflect.get(target, key);
      if (typeof value !== "function") return value;
      if (key !== "getMany" || raced) return value.bind(target);
      return async (keys: readonly Deno.KvKey[]) => {
        raced = true;
        await workAndPutOff();
        return target.getMany(keys);
      };
    },
  });
  const slow = new KvJobStore(kv, { now: () => test.now });
  assert.deepEqual((await slow.claim("q", LEASE)).jobs, []);
  assert.deepEqual(await test.store.stats("q"), { ready: 0, delayed: 1, active: 0, dead: 0 });
  test.now += 1;
  assert.equal((await claimOne(test)).attempt, 2);
});

Deno.test("KvJobStore keeps its indexes and counters in step, whatever happens at once", async () => {
  await using test = await openStore(0);
  const ids = Array.from({ length: 60 }, (_, index) => `${100 + index}`);
  await test.store.add(ids.map((id, index) => newJob(id, { maxAttempts: 4, priority: index % 3 })));
  const over = new Set<string>();
  const released = new Set<string>();
  const settlementOf = ({ id, attempt }: ClaimedJob): Settlement => {
    if (!released.has(id)) {
      released.add(id);
      return { to: "released" };
    }
    if (attempt < 4) {
      return { to: "retry", dueAt: new Date(test.now + attempt % 2), failure };
    }
    over.add(id);
    return { to: "completed" };
  };
  const work = async () => {
    while (over.size < ids.length) {
      const { jobs } = await test.store.claim("q", { ...LEASE, limit: 4 });
      for (const job of jobs) {
        assert.equal(await test.store.settle(job.lease, settlementOf(job)), true);
      }
      test.now += 1;
    }
  };
  const cancel = async (id: string) => {
    while (await test.store.cancel(id) === "cancelling");
    over.add(id);
  };
  await Promise.all([...Array.from({ length: 6 }, work), ...ids.slice(0, 10).map(cancel)]);
  assert.deepEqual(await test.store.stats("q"), { ready: 0, delayed: 0, active: 0, dead: 0 });
  assert.deepEqual(await keysLeft(test), []);
});

Deno.test("KvJobStore.settle() leaves nothing of a completed job that is not kept", async () => {
  await using test = await openStore(0);
  await test.store.add([newJob("a", { dedupKey: "k" })]);
  const { lease } = await claimOne(test);
  assert.equal(await test.store.settle(lease, { to: "completed" }), true);
  assert.equal(await test.store.settle(lease, { to: "completed" }), false);
  assert.deepEqual(await keysLeft(test), []);
});

Deno.test("KvJobStore.settle() takes back a job to be retried, and counts its attempts", async () => {
  await using test = await openStore();
  await test.store.add([newJob("a")]);
  const first = await claimOne(test);
  const trace = { traceparent: "t" };
  const dueAt = new Date(START + 100);
  await test.store.settle(first.lease, { to: "retry", dueAt, failure, trace });
  const waiting = await test.store.get("a");
  assert.deepEqual([waiting?.state, waiting?.attempt, waiting?.failure], ["delayed", 1, failure]);
  test.now += 100;
  const second = await claimOne(test);
  assert.deepEqual([second.attempt, second.previousTrace], [2, trace]);
  await test.store.settle(second.lease, { to: "released" });
  assert.equal((await claimOne(test)).attempt, 2);
});

Deno.test("KvJobStore.extend() holds a lease only for who claimed it", async () => {
  await using test = await openStore();
  await test.store.add([newJob("a")]);
  const { lease } = await claimOne(test);
  assert.equal(await test.store.extend(lease, 5_000), "held");
  assert.equal(await test.store.extend({ ...lease, token: "forged" }, 5_000), "lost");
  test.now += 4_999;
  assert.deepEqual(await test.store.recover("q"), []);
  test.now += 1;
  assert.deepEqual(await test.store.recover("q"), ["a"]);
  assert.equal(await test.store.extend(lease, 5_000), "lost");
  assert.equal(await test.store.progress(lease, 1), false);
  assert.equal(await test.store.settle(lease, { to: "completed" }), false);
  assert.equal((await test.store.get("a"))?.state, "ready");
});

Deno.test("KvJobStore.progress() refuses a report that is too large", async () => {
  await using test = await openStore();
  await test.store.add([newJob("a")]);
  const { lease } = await claimOne(test);
  assert.equal(await test.store.progress(lease, { log: "x".repeat(8_000) }), true);
  await assert.rejects(
    test.store.progress(lease, { log: "x".repeat(9_000) }),
    (error) => error instanceof JobTooLargeError,
  );
});

Deno.test("KvJobStore.recover() moves a job to the dead letters after its last attempt", async () => {
  await using test = await openStore();
  await test.store.add([newJob("a")]);
  for (const state of ["ready", "dead"]) {
    await claimOne(test);
    test.now += LEASE.leaseMillis;
    const recovered = await Promise.all([test.store.recover("q"), test.store.recover("q")]);
    assert.deepEqual(recovered.flat(), ["a"]);
    const job = await test.store.get("a");
    assert.equal(job?.state, state);
    assert.equal(job.failure?.name, "JobLeaseLostError");
  }
});

Deno.test("KvJobStore.cancel() cancels a job wherever it waits", async () => {
  await using test = await openStore();
  await test.store.add([
    newJob("ready", { dedupKey: "k" }),
    newJob("delayed", { dueAt: new Date(START + 1) }),
    newJob("claimed", { dueAt: new Date(START + 2), queue: "p", priority: 1 }),
    newJob("promoted", { dueAt: new Date(START + 2), queue: "p" }),
  ]);
  assert.equal(await test.store.cancel("ready"), "cancelled");
  assert.equal(await test.store.cancel("ready"), "settled");
  assert.equal(await test.store.cancel("delayed"), "cancelled");
  assert.equal(await test.store.cancel("nothing"), "unknown");
  test.now += 2;
  const { jobs } = await test.store.claim("p", { ...LEASE, limit: 1 });
  assert.deepEqual(jobs.map(({ id }) => id), ["claimed"]);
  assert.equal((await test.store.stats("p")).ready, 1);
  assert.equal(await test.store.cancel("promoted"), "cancelled");
  assert.deepEqual((await test.store.claim("p", LEASE)).jobs, []);
  assert.deepEqual(await test.store.stats("p"), { ready: 0, delayed: 0, active: 1, dead: 0 });
  assert.deepEqual((await test.store.claim("q", LEASE)).jobs, []);
  assert.deepEqual(await test.store.stats("q"), { ready: 0, delayed: 0, active: 0, dead: 0 });
  const [again] = await test.store.add([newJob("again", { dedupKey: "k" })]);
  assert.equal(again?.duplicate, false);
});

Deno.test("KvJobStore.cancel() asks for the end of a job that is worked", async () => {
  await using test = await openStore();
  await test.store.add([newJob("a")]);
  const { lease } = await claimOne(test);
  assert.equal(await test.store.cancel("a"), "cancelling");
  assert.equal(await test.store.extend(lease, 1_000), "cancelled");
  test.now += 1_000;
  assert.deepEqual(await test.store.recover("q"), ["a"]);
  assert.equal((await test.store.get("a"))?.state, "cancelled");
});

for (
  const settlement of [
    { to: "retry", dueAt: new Date(START), failure } as const,
    { to: "released" } as const,
  ]
) {
  Deno.test(`KvJobStore.settle() ends a cancelled job that is to be ${settlement.to}`, async () => {
    await using test = await openStore();
    await test.store.add([newJob("a")]);
    const { lease } = await claimOne(test);
    await test.store.cancel("a");
    assert.equal(await test.store.settle(lease, settlement), true);
    const job = await test.store.get("a");
    assert.equal(job?.state, "cancelled");
    assert.deepEqual(job.failure, settlement.to === "retry" ? failure : undefined);
    assert.deepEqual(await claimedIds(test), []);
  });
}

Deno.test("KvJobStore.retry() and delete() take a dead letter out", async () => {
  await using test = await openStore();
  await test.store.add([newJob("a"), newJob("b")]);
  for (const job of (await test.store.claim("q", LEASE)).jobs) {
    assert.equal(await test.store.retry(job.id), false);
    assert.equal(await test.store.delete(job.id), false);
    await test.store.settle(job.lease, { to: "dead", failure });
  }
  assert.equal((await test.store.stats("q")).dead, 2);
  assert.equal(await test.store.retry("a"), true);
  assert.equal(await test.store.delete("b"), true);
  assert.equal(await test.store.get("b"), undefined);
  assert.deepEqual(await test.store.stats("q"), { ready: 1, delayed: 0, active: 0, dead: 0 });
  const { attempt, data } = await claimOne(test);
  assert.deepEqual([attempt, data], [1, { of: "a" }]);
});

Deno.test("KvJobStore.add() adds no second job of a dedup key until the first is over", async () => {
  await using test = await openStore();
  const add = (id: string, queue = "q") =>
    test.store.add([newJob(id, { dedupKey: "k", queue, maxAttempts: 1 })]);
  assert.deepEqual(await add("a"), [{ id: "a", duplicate: false }]);
  assert.deepEqual(await add("b"), [{ id: "a", duplicate: true }]);
  assert.deepEqual(await add("c", "other"), [{ id: "c", duplicate: false }]);
  const { lease } = await claimOne(test);
  assert.deepEqual(await add("d"), [{ id: "a", duplicate: true }]);
  await test.store.settle(lease, { to: "dead", failure });
  assert.deepEqual(await add("e"), [{ id: "e", duplicate: false }]);
  await assert.rejects(test.store.retry("a"), (error) => {
    assert.ok(error instanceof DuplicateJobError);
    assert.match(error.message, /Cannot retry job "a": job "e" holds the dedup key "k"/);
    return true;
  });
});

Deno.test("KvJobStore.add() takes one of many that enqueue a dedup key at once", async () => {
  await using test = await openStore();
  const ids = Array.from({ length: 20 }, (_, index) => `${index}`);
  const added = await Promise.all(
    ids.map((id) => test.store.add([newJob(id, { dedupKey: "k" }), newJob(`${id}-free`)])),
  );
  assert.equal(new Set(added.map(([first]) => first?.id)).size, 1);
  assert.equal((await test.store.stats("q")).ready, 21);
  const [first, second] = await test.store.add([
    newJob("x", { dedupKey: "new" }),
    newJob("y", { dedupKey: "new" }),
  ]);
  assert.deepEqual([first?.duplicate, second], [false, { id: "x", duplicate: true }]);
});

Deno.test("KvJobStore.add() takes data up to what KV keeps, and a batch beyond one commit", async () => {
  await using test = await openStore();
  const text = (length: number) => "x".repeat(length);
  const largest = Array.from(
    { length: 30 },
    (_, index) => newJob(`${index}`, { data: text(65_529) }),
  );
  await test.store.add(largest);
  assert.equal((await test.store.stats("q")).ready, 30);
  await assert.rejects(
    test.store.add([newJob("fits"), newJob("too large", { data: text(65_531) })]),
    (error) => {
      assert.ok(error instanceof JobTooLargeError);
      assert.match(error.message, /data of job "job" would take 655\d\d bytes of at most 65536/);
      return true;
    },
  );
  assert.equal(await test.store.get("fits"), undefined);
  await assert.rejects(
    test.store.add([newJob("function", { data: { run() {} } })]),
    (error) => {
      assert.ok(error instanceof InvalidJobDataError);
      assert.match(error.message, /data of job "job" cannot be stored: .*could not be cloned/);
      return true;
    },
  );
});

Deno.test("KvJobStore.add() tells what of a batch is enqueued when it is interrupted", async () => {
  await using test = await openStore();
  const jobs = Array.from({ length: 200 }, (_, index) => newJob(`${index}`));
  // The second commit fails in earnest: a key of KV may not be this long.
  const broken = jobs.with(150, newJob("x".repeat(3_000)));
  await assert.rejects(test.store.add(broken), (error) => {
    assert.ok(error instanceof PartialEnqueueError);
    assert.deepEqual(error.enqueued, jobs.slice(0, 90).map(({ id }) => id));
    assert.match(error.message, /Only 90 of 200 jobs/);
    assert.ok(error.cause instanceof TypeError);
    return true;
  });
  assert.equal((await test.store.stats("q")).ready, 90);
});

Deno.test("KvJobStore.addTo() adds with the caller's commit or not at all", async () => {
  await using test = await openStore();
  const held = await test.kv.get(["model"]);
  const write = (id: string) => {
    const atomic = test.kv.atomic().check(held).set(["model"], id);
    test.store.addTo(atomic, newJob(id, { dedupKey: id }));
    return atomic.commit();
  };
  assert.equal((await write("a")).ok, true);
  assert.equal((await write("b")).ok, false);
  assert.deepEqual(await claimedIds(test), ["a"]);
  assert.equal(await test.store.get("b"), undefined);
  const twice = test.kv.atomic();
  test.store.addTo(twice, newJob("c", { dedupKey: "a" }));
  assert.equal((await twice.commit()).ok, false);
});

Deno.test("KvJobStore.list() gives the jobs of a state page by page", async () => {
  await using test = await openStore();
  await test.store.add(["a", "b", "c"].map((id) => newJob(id)));
  const first = await test.store.list("q", "ready", { limit: 2 });
  assert.deepEqual(first.jobs.map(({ id, data }) => [id, data]), [
    ["a", { of: "a" }],
    ["b", { of: "b" }],
  ]);
  assert.ok(first.cursor);
  const second = await test.store.list("q", "ready", { limit: 2, cursor: first.cursor });
  assert.deepEqual(second.jobs.map(({ id }) => id), ["c"]);
  assert.equal(second.cursor, undefined);
  await claimOne(test);
  assert.deepEqual((await test.store.list("q", "active")).jobs.map(({ id }) => id), ["a"]);
  await assert.rejects(test.store.list("q", "ready", { limit: 0 }), RangeError);
});

Deno.test("KvJobStore.listen() tells of new jobs and of cancellations", async () => {
  await using test = await openStore();
  await test.store.add([newJob("before")]);
  const { lease } = await claimOne(test);
  const { readable, writable } = new TransformStream<string, string>();
  const [events, told] = [readable.getReader(), writable.getWriter()];
  const end = test.store.listen("q", (event) => void told.write(event));
  const next = async () => (await events.read()).value;
  assert.equal(await next(), "ready");
  await test.store.add([newJob("new")]);
  assert.equal(await next(), "ready");
  await test.store.cancel(lease.jobId);
  assert.equal(await next(), "cancelled");
  end();
});

Deno.test("KvJobStore.claimTick() gives a tick to one of many, and none that is past", async () => {
  await using test = await openStore();
  const tick = (millis: number) => new Date(START + millis);
  assert.equal(await test.store.lastTick("s"), undefined);
  const taken = await Promise.all(
    Array.from({ length: 10 }, () => test.store.claimTick("s", tick(1))),
  );
  assert.equal(taken.filter(Boolean).length, 1);
  assert.equal(await test.store.claimTick("s", tick(0)), false);
  assert.equal(await test.store.claimTick("other", tick(0)), true);
  assert.equal(await test.store.claimTick("s", tick(2)), true);
  assert.deepEqual(await test.store.lastTick("s"), tick(2));
});

Deno.test("KvJobStore keeps two prefixes of one database apart", async () => {
  await using test = await openStore();
  const other = new KvJobStore(test.kv, { prefix: ["other"] });
  await test.store.add([newJob("a")]);
  assert.deepEqual(await other.claim("q", LEASE), { jobs: [] });
  assert.equal(await other.get("a"), undefined);
});
