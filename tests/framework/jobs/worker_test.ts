import assert from "node:assert/strict";
import { JobTimeoutError, PermanentJobError } from "../../../framework/jobs/errors.ts";
import { defineJob } from "../../../framework/jobs/job.ts";
import { KvJobStore } from "../../../framework/jobs/kv_job_store.ts";
import { Worker } from "../../../framework/jobs/worker.ts";
import type { Claim } from "../../../framework/jobs/store.ts";
import { openTestQueue, quickWorker, recordingLogger, waitForState } from "./_jobs.ts";

Deno.test("Worker.start() works what is enqueued, before and after", async () => {
  using test = await openTestQueue();
  const seen: unknown[] = [];
  const note = defineJob<number>({
    name: "note",
    handler: ({ id, data, attempt, name, queue }) => {
      seen.push([id, name, queue, data, attempt]);
    },
  });
  const before = await test.queue.enqueue(note, 1);
  await using worker = new Worker(test.queue, [note], quickWorker());
  worker.start();
  worker.start();
  await waitForState(test, before.id, "completed");
  const after = await test.queue.enqueue(note, 2);
  const done = await waitForState(test, after.id, "completed");
  assert.deepEqual(seen, [
    [before.id, "note", "default", 1, 1],
    [after.id, "note", "default", 2, 1],
  ]);
  assert.ok(done.finishedAt);
  assert.deepEqual(await test.queue.stats(), { ready: 0, delayed: 0, active: 0, dead: 0 });
});

Deno.test("Worker works no more jobs at once than its concurrency", async () => {
  using test = await openTestQueue();
  let running = 0;
  let most = 0;
  const slow = defineJob({
    name: "slow",
    handler: async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 1));
      running--;
    },
  });
  const added = await test.queue.enqueueMany(slow, Array(20).fill({ data: undefined }));
  await using worker = new Worker(test.queue, [slow], quickWorker({ concurrency: 3 }));
  worker.start();
  await Promise.all(added.map(({ id }) => waitForState(test, id, "completed")));
  assert.equal(most, 3);
});

Deno.test("Worker tries a failed job again until it succeeds", async () => {
  using test = await openTestQueue();
  const attempts: number[] = [];
  const flaky = defineJob({
    name: "flaky",
    handler: ({ attempt }) => {
      attempts.push(attempt);
      if (attempt < 3) throw new Error(`no ${attempt}`);
    },
  });
  const { id } = await test.queue.enqueue(flaky);
  await using worker = new Worker(test.queue, [flaky], quickWorker());
  worker.start();
  const { failure, attempt } = await waitForState(test, id, "completed");
  assert.deepEqual(attempts, [1, 2, 3]);
  assert.equal(attempt, 3);
  assert.equal(failure?.message, "no 2");
});

Deno.test("Worker waits before a retry as the policy says", async () => {
  using test = await openTestQueue();
  const failing = defineJob({
    name: "failing",
    retry: { baseMillis: 40_000 },
    handler: () => Promise.reject(new Error("no")),
  });
  const { id } = await test.queue.enqueue(failing);
  await using worker = new Worker(test.queue, [failing], quickWorker({ random: () => 0.5 }));
  worker.start();
  const { dueAt, failure } = await waitForState(test, id, "delayed");
  assert.ok(failure);
  const delay = dueAt.getTime() - failure.at.getTime();
  assert.ok(delay >= 20_000 && delay < 40_000, `${delay}`);
});

for (
  const { what, thrown, failure } of [
    { what: "used up its attempts", thrown: new RangeError("no"), failure: "RangeError" },
    {
      what: "failed for good",
      thrown: new PermanentJobError("no"),
      failure: "PermanentJobError",
    },
    { what: "threw something without a text form", thrown: Object.create(null), failure: "_OTHER" },
  ]
) {
  Deno.test(`Worker moves a job to the dead letters when it ${what}`, async () => {
    using test = await openTestQueue();
    const attempts = thrown instanceof PermanentJobError ? 5 : 1;
    const failing = defineJob<string>({
      name: "failing",
      retry: { attempts },
      handler: () => {
        throw thrown;
      },
    });
    const { id } = await test.queue.enqueue(failing, "kept");
    await using worker = new Worker(test.queue, [failing], quickWorker());
    worker.start();
    const dead = await waitForState(test, id, "dead");
    assert.equal(dead.failure?.name, failure);
    assert.equal(dead.attempt, 1);
    assert.equal(dead.data, "kept");
    assert.deepEqual((await test.queue.list("dead")).jobs, [dead]);
    assert.equal((await test.queue.stats()).dead, 1);
  });
}

Deno.test("Worker moves a job of an unknown name to the dead letters", async () => {
  using test = await openTestQueue();
  const unknown = defineJob<string>({ name: "unknown", handler: () => {} });
  const known = defineJob({ name: "known", handler: () => {} });
  const { id } = await test.queue.enqueue(unknown, "kept");
  {
    await using worker = new Worker(test.queue, [known], quickWorker());
    worker.start();
    const dead = await waitForState(test, id, "dead");
    assert.equal(dead.failure?.name, "UnknownJobError");
    assert.match(dead.failure.message, /"unknown".*"default" has no definition/);
    assert.equal(dead.data, "kept");
  }
  assert.equal(await test.queue.retry(id), true);
  await using worker = new Worker(test.queue, [known, unknown], quickWorker());
  worker.start();
  await waitForState(test, id, "completed");
});

Deno.test("Worker gives up on a handler that never ends, and frees its place", async () => {
  using test = await openTestQueue();
  let reason: unknown;
  const hanging = defineJob({
    name: "hanging",
    timeoutMillis: 1,
    retry: { attempts: 1 },
    handler: ({ signal }) => {
      signal.addEventListener("abort", () => reason = signal.reason);
      return new Promise(() => {});
    },
  });
  const quick = defineJob({ name: "quick", handler: () => {} });
  const first = await test.queue.enqueue(hanging);
  const second = await test.queue.enqueue(quick);
  await using worker = new Worker(test.queue, [hanging, quick], quickWorker({ concurrency: 1 }));
  worker.start();
  await waitForState(test, second.id, "completed");
  const dead = await waitForState(test, first.id, "dead");
  assert.equal(dead.failure?.name, "JobTimeoutError");
  assert.match(dead.failure.message, /"hanging" took longer than 1 ms/);
  assert.ok(reason instanceof JobTimeoutError);
});

Deno.test("Worker aborts a job that is cancelled while it is worked", async () => {
  using test = await openTestQueue();
  const started = Promise.withResolvers<void>();
  const endless = defineJob({
    name: "endless",
    handler: ({ signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
        started.resolve();
      }),
  });
  const { id } = await test.queue.enqueue(endless);
  await using worker = new Worker(test.queue, [endless], quickWorker());
  worker.start();
  await started.promise;
  assert.equal(await test.queue.cancel(id), "cancelling");
  const cancelled = await waitForState(test, id, "cancelled");
  assert.equal(cancelled.failure?.name, "JobCancelledError");
  assert.equal(await test.queue.cancel(id), "settled");
});

Deno.test("Worker notes the progress that a handler reports", async () => {
  using test = await openTestQueue();
  const seen: unknown[] = [];
  const steps = defineJob({
    name: "steps",
    handler: async ({ id, progress }) => {
      await progress(50);
      seen.push((await test.queue.get(id))?.progress);
      await progress({ page: 3 });
    },
  });
  const { id } = await test.queue.enqueue(steps);
  await using worker = new Worker(test.queue, [steps], quickWorker());
  worker.start();
  const { progress } = await waitForState(test, id, "completed");
  assert.deepEqual(seen, [50]);
  assert.deepEqual(progress, { page: 3 });
});

Deno.test("Worker keeps the lease of a long job by its heartbeat", async () => {
  using test = await openTestQueue();
  const goOn = Promise.withResolvers<void>();
  const long = defineJob({ name: "long", handler: () => goOn.promise });
  const { id } = await test.queue.enqueue(long);
  await using worker = new Worker(
    test.queue,
    [long],
    quickWorker({ leaseMillis: 60_000, heartbeatMillis: 1 }),
  );
  worker.start();
  await waitForState(test, id, "active");
  const leases = test.kv.list<{ until: Date }>({ prefix: ["jobs", "active"] });
  const [lease] = await Array.fromAsync(leases);
  assert.ok(lease);
  test.advance(59_000);
  // Not any heartbeat: one may have begun before the clock moved on.
  for await (const [entry] of test.kv.watch<[{ until: Date }]>([lease.key])) {
    if (Number(entry?.value?.until) > Number(lease.value.until) + 30_000) break;
  }
  test.advance(2_000);
  assert.deepEqual(await test.store.recover("default"), []);
  goOn.resolve();
  assert.equal((await waitForState(test, id, "completed")).attempt, 1);
});

Deno.test("Worker ends an attempt whose lease is lost, and leaves the job to the other", async () => {
  using test = await openTestQueue();
  const reasons: string[] = [];
  const second = Promise.withResolvers<void>();
  const stolen = defineJob({
    name: "stolen",
    handler: ({ attempt, signal }) => {
      if (attempt === 2) return second.promise;
      signal.addEventListener("abort", () => reasons.push(signal.reason.name));
      return new Promise(() => {});
    },
  });
  const { id } = await test.queue.enqueue(stolen);
  const { logger, records } = recordingLogger();
  await using worker = new Worker(
    test.queue,
    [stolen],
    quickWorker({ leaseMillis: 60_000, heartbeatMillis: 59_000, logger }),
  );
  worker.start();
  await waitForState(test, id, "active");
  test.advance(61_000);
  assert.deepEqual(await test.store.recover("default"), [id]);
  await using other = new Worker(test.queue, [stolen], quickWorker());
  other.start();
  while ((await waitForState(test, id, "active")).attempt < 2);
  // Any cancellation makes the workers look at their leases.
  await test.kv.atomic().sum(["jobs", "bell", "default", "cancelled"], 1n).commit();
  await worker.stop();
  assert.deepEqual(reasons, ["JobLeaseLostError"]);
  assert.deepEqual(records.map(({ message }) => message), ["A job is no longer this worker's"]);
  second.resolve();
  assert.equal((await waitForState(test, id, "completed")).attempt, 2);
});

Deno.test("Worker.stop() lets running jobs end and claims no more", async () => {
  using test = await openTestQueue();
  const started = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const slow = defineJob({
    name: "slow",
    handler: () => {
      started.resolve();
      return goOn.promise;
    },
  });
  const first = await test.queue.enqueue(slow);
  const worker = new Worker(test.queue, [slow], quickWorker({ concurrency: 1 }));
  worker.start();
  await started.promise;
  const second = await test.queue.enqueue(slow);
  const stopped = worker.stop();
  goOn.resolve();
  await stopped;
  assert.equal((await test.queue.get(first.id))?.state, "completed");
  assert.equal((await test.queue.get(second.id))?.state, "ready");
  assert.throws(() => worker.start(), /was stopped: make a new one/);
});

Deno.test("Worker.stop() gives back what does not end in time, and counts no attempt", async () => {
  using test = await openTestQueue();
  const started = Promise.withResolvers<void>();
  let reason: Error | undefined;
  const endless = defineJob({
    name: "endless",
    retry: { attempts: 1 },
    handler: ({ signal }) => {
      signal.addEventListener("abort", () => reason = signal.reason);
      started.resolve();
      return new Promise(() => {});
    },
  });
  const { id } = await test.queue.enqueue(endless);
  const worker = new Worker(test.queue, [endless], quickWorker());
  worker.start();
  await started.promise;
  await worker.stop({ timeoutMillis: 1 });
  assert.equal(reason?.name, "JobInterruptedError");
  const job = await test.queue.get(id);
  assert.equal(job?.state, "ready");
  assert.equal(job.attempt, 0);
});

Deno.test("Worker goes on when the store fails for a while, and tells it", async () => {
  using test = await openTestQueue();
  let failures = 2;
  class FailingStore extends KvJobStore {
    override claim(...args: Parameters<KvJobStore["claim"]>): Promise<Claim> {
      return failures-- > 0 ? Promise.reject(new Error("locked")) : super.claim(...args);
    }
  }
  const store = new FailingStore(test.kv);
  const { logger, records } = recordingLogger();
  const quick = defineJob({ name: "quick", handler: () => {} });
  const { id } = await test.queue.enqueue(quick);
  await using worker = new Worker(
    { name: "default", propagation: "link", store },
    [quick],
    quickWorker({ pollMillis: 1, logger }),
  );
  worker.start();
  await waitForState(test, id, "completed");
  assert.deepEqual(records.map(({ level, message }) => [level, message]), [
    ["error", "Could not take jobs from the queue"],
    ["error", "Could not take jobs from the queue"],
  ]);
});

for (
  const { options, message } of [
    { options: { concurrency: 0 }, message: /Cannot work 0 jobs at once/ },
    { options: { leaseMillis: NaN }, message: /"leaseMillis" of NaN/ },
    { options: { pollMillis: 2 ** 31 }, message: /"pollMillis" of 2147483648/ },
    {
      options: { leaseMillis: 10, heartbeatMillis: 10 },
      message: /Cannot extend leases of 10 ms every 10 ms/,
    },
  ]
) {
  Deno.test(`new Worker() refuses ${JSON.stringify(options)}`, async () => {
    using test = await openTestQueue();
    assert.throws(() => new Worker(test.queue, [], options), { name: "RangeError", message });
  });
}

Deno.test("new Worker() refuses two definitions of one name", async () => {
  using test = await openTestQueue();
  const twin = defineJob({ name: "twin", handler: () => {} });
  assert.throws(() => new Worker(test.queue, [twin, { ...twin }]), {
    name: "TypeError",
    message: /Cannot work two jobs named "twin"/,
  });
});
