import assert from "node:assert/strict";
import { InvalidJobDataError } from "../../../framework/jobs/errors.ts";
import { defineJob } from "../../../framework/jobs/job.ts";
import { KvJobStore } from "../../../framework/jobs/kv_job_store.ts";
import { Queue } from "../../../framework/jobs/queue.ts";
import { openTestQueue } from "./_jobs.ts";

const greet = defineJob<{ name: string }>({
  name: "greet",
  retry: { attempts: 3 },
  handler: () => {},
});
const tick = defineJob({ name: "tick", handler: () => {} });

Deno.test("Queue.enqueue() keeps the job with what was asked for", async () => {
  using test = await openTestQueue({ name: "mail" });
  const at = new Date(Date.now() + 60_000);
  const { id, duplicate } = await test.queue.enqueue(
    greet,
    { name: "Ada" },
    { at, priority: 7, dedupKey: "ada", attempts: 9 },
  );
  assert.equal(duplicate, false);
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  const { createdAt, ...job } = await test.queue.get(id) ?? assert.fail("no job");
  assert.ok(createdAt instanceof Date);
  assert.deepEqual(job, {
    id,
    queue: "mail",
    name: "greet",
    state: "delayed",
    data: { name: "Ada" },
    priority: 7,
    attempt: 0,
    maxAttempts: 9,
    dedupKey: "ada",
    dueAt: at,
  });
});

Deno.test("Queue.enqueue() takes its defaults from the definition", async () => {
  using test = await openTestQueue();
  const first = await test.queue.enqueue(tick);
  const second = await test.queue.enqueue(greet, { name: "Ada" });
  const { jobs } = await test.queue.list("ready");
  assert.deepEqual(
    jobs.map(({ id, name, maxAttempts, priority }) => [id, name, maxAttempts, priority]),
    [[first.id, "tick", 5, 0], [second.id, "greet", 3, 0]],
  );
});

Deno.test("Queue.enqueue() takes only the data that its job is defined for", async () => {
  using test = await openTestQueue();
  // @ts-expect-error: the job needs data.
  await test.queue.enqueue(greet);
  // @ts-expect-error: the data have no name.
  await test.queue.enqueue(greet, {});
  // @ts-expect-error: the job takes none.
  await test.queue.enqueue(tick, { name: "Ada" });
  assert.equal((await test.queue.stats()).ready, 3);
});

Deno.test("Queue.enqueue() delays a job", async () => {
  using test = await openTestQueue();
  const before = Date.now();
  const { id } = await test.queue.enqueue(tick, undefined, { delayMillis: 60_000 });
  const job = await test.queue.get(id);
  assert.equal(job?.state, "delayed");
  assert.ok(job.dueAt.getTime() >= before + 60_000);
});

Deno.test("Queue.enqueue() gives the job that holds the dedup key", async () => {
  using test = await openTestQueue();
  const first = await test.queue.enqueue(tick, undefined, { dedupKey: "k" });
  const second = await test.queue.enqueue(tick, undefined, { dedupKey: "k" });
  assert.deepEqual(second, { id: first.id, duplicate: true });
});

Deno.test("Queue.enqueueMany() enqueues all in their order, each with options of its own", async () => {
  using test = await openTestQueue();
  const names = Array.from({ length: 250 }, (_, index) => `n${index}`);
  const added = await test.queue.enqueueMany(
    greet,
    names.map((name, index) => ({ data: { name }, priority: index === 249 ? 1 : 0 })),
  );
  const { jobs } = await test.queue.list("ready", { limit: 1_000 });
  assert.deepEqual(
    jobs.map(({ data }) => data),
    ["n249", ...names.slice(0, 249)].map((name) => ({ name })),
  );
  assert.deepEqual(jobs.slice(1).map(({ id }) => id), added.slice(0, 249).map(({ id }) => id));
  assert.deepEqual(await test.queue.enqueueMany(greet, []), []);
});

Deno.test("Queue.enqueueMany() enqueues none when one of them is not valid", async () => {
  using test = await openTestQueue();
  const even = defineJob({
    name: "even",
    schema: {
      "~standard": {
        version: 1,
        vendor: "tests",
        validate: (value) => Number(value) % 2 === 0 ? { value } : { issues: [{ message: "odd" }] },
      },
    },
    handler: () => {},
  });
  await assert.rejects(
    test.queue.enqueueMany(even, [{ data: 2 }, { data: 3 }]),
    InvalidJobDataError,
  );
  assert.equal((await test.queue.stats()).ready, 0);
});

Deno.test("Queue.enqueueIn() enqueues with the caller's own write, or not at all", async () => {
  using test = await openTestQueue();
  const order = await test.kv.get(["order"]);
  const write = async (total: number) => {
    const atomic = test.kv.atomic().check(order).set(["order"], { total });
    const id = await test.queue.enqueueIn(atomic, greet, { name: `${total}` });
    return { id, ...await atomic.commit() };
  };
  const [first, second] = [await write(1), await write(2)];
  assert.deepEqual([first.ok, second.ok], [true, false]);
  assert.equal((await test.queue.get(first.id))?.state, "ready");
  assert.equal(await test.queue.get(second.id), undefined);
});

Deno.test("Queue keeps the jobs of two names apart", async () => {
  using test = await openTestQueue({ name: "a" });
  const other = new Queue({ store: new KvJobStore(test.kv), name: "b" });
  await test.queue.enqueue(tick);
  assert.equal((await test.queue.stats()).ready, 1);
  assert.equal((await other.stats()).ready, 0);
  assert.deepEqual((await other.list("ready")).jobs, []);
});

for (
  const { options, name, message } of [
    { options: { delayMillis: -1 }, name: "RangeError", message: /delay job "tick" by -1 ms/ },
    { options: { delayMillis: NaN }, name: "RangeError", message: /delay job "tick" by NaN ms/ },
    { options: { at: new Date(NaN) }, name: "RangeError", message: /a date that is not valid/ },
    {
      options: { at: new Date(), delayMillis: 1 },
      name: "TypeError",
      message: /both with "at" and with "delayMillis"/,
    },
    { options: { priority: NaN }, name: "RangeError", message: /with priority NaN/ },
    { options: { attempts: 0 }, name: "RangeError", message: /for 0 attempts/ },
    { options: { dedupKey: "" }, name: "TypeError", message: /Cannot use "" as a dedup key/ },
    {
      options: { dedupKey: "k".repeat(257) },
      name: "TypeError",
      message: /as a dedup key: expected 1 to 256 characters/,
    },
  ]
) {
  Deno.test(`Queue.enqueue() refuses ${JSON.stringify(options).slice(0, 60)}`, async () => {
    using test = await openTestQueue();
    await assert.rejects(test.queue.enqueue(tick, undefined, options), { name, message });
    assert.equal((await test.queue.stats()).ready, 0);
  });
}

Deno.test("new Queue() refuses an empty name", async () => {
  using test = await openTestQueue();
  assert.throws(() => new Queue({ store: test.store, name: "" }), {
    name: "TypeError",
    message: /Cannot use "" as a queue/,
  });
});
