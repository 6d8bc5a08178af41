import type { ClaimedJob, NewJob } from "../framework/jobs/store.ts";
import { cronSpan, enqueueSpan, processSpan, settleSpan } from "../framework/jobs/telemetry.ts";

// With no SDK registered, each wrapper has to cost next to nothing over the bare call beside it.

const job: NewJob = {
  id: "job",
  queue: "default",
  name: "bench",
  data: { order: 7 },
  priority: 0,
  dueAt: new Date(0),
  maxAttempts: 5,
};
const claimed: ClaimedJob = {
  ...job,
  attempt: 1,
  lease: { jobId: "job", queue: "default", token: "token" },
};
const jobs = [job];
const sent = Promise.resolve([{ id: "job", duplicate: false }]);
const done = Promise.resolve();
const send = (_jobs: readonly NewJob[]) => sent;
const work = () => done;
const outcome = { name: "job.complete", willRetry: false } as const;
const schedule = { name: "bench", pattern: "* * * * *" };

Deno.bench("bare send", { group: "job.enqueue", baseline: true }, async () => {
  await send(jobs);
});
Deno.bench("enqueueSpan()", { group: "job.enqueue" }, async () => {
  await enqueueSpan(jobs, "link", send);
});

Deno.bench("bare work", { group: "job.process", baseline: true }, async () => {
  await work();
});
Deno.bench("processSpan()", { group: "job.process" }, async () => {
  await processSpan(claimed, "link", work);
});

Deno.bench("bare settle", { group: "job.complete", baseline: true }, async () => {
  await work();
});
Deno.bench("settleSpan()", { group: "job.complete" }, async () => {
  await settleSpan(claimed, outcome, work);
});

Deno.bench("bare run", { group: "cron", baseline: true }, async () => {
  await work();
});
Deno.bench("cronSpan()", { group: "cron" }, async () => {
  await cronSpan(schedule, work);
});
