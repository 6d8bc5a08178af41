import assert from "node:assert/strict";
import { defineJob } from "../../../framework/jobs/job.ts";
import { type JobEvent, toldWork } from "../../../framework/jobs/job_events.ts";
import { Worker } from "../../../framework/jobs/worker.ts";
import { openTestQueue, quickWorker, waitForState } from "./_jobs.ts";

Deno.test("Worker tells emit of each attempt, and of what it failed with", async () => {
  using test = await openTestQueue();
  const told: JobEvent[] = [];
  const error = new RangeError("no");
  const send = defineJob<string>({
    name: "mail.send",
    retry: { attempts: 2 },
    handler: ({ attempt }) => {
      if (attempt === 1) throw error;
    },
  });
  const emit = (event: JobEvent) => told.push(event);
  const worker = new Worker(test.queue, [send], quickWorker({ emit }));
  worker.start();
  const { id } = await test.queue.enqueue(send, "Ada");
  await waitForState(test, id, "completed");
  await worker.stop();
  const first = { name: "mail.send", id, attempt: 1 };
  const second = { ...first, attempt: 2 };
  assert.deepEqual(told, [
    { type: "job:start", traced: true, data: first },
    { type: "job:end", traced: true, data: { ...first, error } },
    { type: "job:start", traced: true, data: second },
    { type: "job:end", traced: true, data: second },
  ]);
});

Deno.test("toldWork() is the work itself when nobody is told", () => {
  const work = () => Promise.resolve();
  const job = { name: "mail.send", id: "1", attempt: 1 };
  assert.equal(toldWork(undefined, job, work), work);
});
