import assert from "node:assert/strict";
import { context, propagation } from "@opentelemetry/api";
import { defineJob } from "../../../framework/jobs/job.ts";
import { KvJobStore } from "../../../framework/jobs/kv_job_store.ts";
import type { Claim } from "../../../framework/jobs/store.ts";
import type { Propagation } from "../../../framework/jobs/telemetry.ts";
import { Worker } from "../../../framework/jobs/worker.ts";
import { withSpan } from "../../../framework/telemetry/otel.ts";
import {
  type InMemoryTelemetry,
  inMemoryTelemetry,
  type ReceivedMetric,
} from "../../_telemetry.ts";
import { openTestQueue, quickWorker, waitForState } from "./_jobs.ts";

const messaging = (operation: string, type: string, id: string) => ({
  "messaging.system.name": "echelon",
  "messaging.operation.name": operation,
  "messaging.operation.type": type,
  "messaging.destination.name": "mail",
  "messaging.message.id": id,
});

/** A store with spans of its own, as one over a traced database has. */
class TracedStore extends KvJobStore {
  override claim(...args: Parameters<KvJobStore["claim"]>): Promise<Claim> {
    return withSpan("store.claim", () => super.claim(...args));
  }
  override recover(queue: string): Promise<readonly string[]> {
    return withSpan("store.recover", () => super.recover(queue));
  }
  override settle(...args: Parameters<KvJobStore["settle"]>): Promise<boolean> {
    return withSpan("store.settle", () => super.settle(...args));
  }
}

/** Enqueues a job inside a span, and lets a worker that was started in another one work it. */
async function runJob(propagation: Propagation): Promise<string> {
  using test = await openTestQueue({ name: "mail", propagation });
  const finished = Promise.withResolvers<void>();
  const send = defineJob<string>({
    name: "mail.send",
    retry: { attempts: 3 },
    handler: async ({ attempt }) => {
      await Promise.resolve();
      withSpan("work", () => {});
      if (attempt === 1) throw new RangeError("no");
      finished.resolve();
    },
  });
  const worker = new Worker(
    { name: "mail", propagation, store: new TracedStore(test.kv) },
    [send],
    quickWorker(),
  );
  withSpan("starter", () => worker.start());
  const { id } = await withSpan("request", () => test.queue.enqueue(send, "Ada"));
  await finished.promise;
  await worker.stop();
  return id;
}

Deno.test("a job's spans are one story: enqueued, failed, worked, each trace linked to its cause", async () => {
  using telemetry = inMemoryTelemetry();
  const id = await runJob("link");
  const job = { "job.name": "mail.send", "job.id": id, "job.queue": "mail", "job.max_attempts": 3 };
  const leaf = { kind: "INTERNAL", attributes: {}, children: [] };
  const process = { ...job, ...messaging("process", "process", id) };
  assert.deepEqual(telemetry.spanTree(), [
    { ...leaf, name: "starter" },
    {
      ...leaf,
      name: "request",
      children: [{
        name: "job.enqueue",
        kind: "PRODUCER",
        attributes: { ...job, ...messaging("enqueue", "send", id) },
        children: [],
      }],
    },
    {
      name: "job.process",
      kind: "CONSUMER",
      attributes: { ...process, "job.attempt": 1, "error.type": "RangeError" },
      status: "ERROR",
      events: ["exception"],
      links: ["job.enqueue"],
      children: [
        { ...leaf, name: "work" },
        {
          name: "job.fail",
          kind: "INTERNAL",
          attributes: { "job.id": id, "job.attempt": 1, "job.will_retry": true },
          children: [{ ...leaf, name: "store.settle" }],
        },
      ],
    },
    {
      name: "job.process",
      kind: "CONSUMER",
      attributes: { ...process, "job.attempt": 2 },
      links: ["job.enqueue", "job.process"],
      children: [
        { ...leaf, name: "work" },
        {
          name: "job.complete",
          kind: "INTERNAL",
          attributes: { "job.id": id, "job.attempt": 2, "job.will_retry": false },
          children: [{ ...leaf, name: "store.settle" }],
        },
      ],
    },
  ]);
  const traces = new Set(telemetry.spans().map(({ traceId }) => traceId));
  assert.equal(traces.size, 4, "starter, request, and each attempt");
  const [failed, worked] = telemetry.spans().filter(({ name }) => name === "job.process");
  assert.equal(worked?.links[1]?.spanId, failed?.spanId);
});

Deno.test("a job is a part of the trace that enqueued it when it propagates as child", async () => {
  using telemetry = inMemoryTelemetry();
  await runJob("child");
  const request = telemetry.spanTree().find(({ name }) => name === "request");
  const [enqueue] = request?.children ?? [];
  assert.deepEqual(
    enqueue?.children.map(({ name, links }) => [name, links]),
    [["job.process", undefined], ["job.process", ["job.process"]]],
  );
});

Deno.test("a job knows nothing of the trace that enqueued it when it propagates none", async () => {
  using telemetry = inMemoryTelemetry();
  await runJob("none");
  const roots = telemetry.spanTree().filter(({ name }) => name === "job.process");
  assert.deepEqual(roots.map(({ links }) => links), [undefined, ["job.process"]]);
});

Deno.test("a batch is one job.enqueue, and its jobs are linked to it", async () => {
  using telemetry = inMemoryTelemetry();
  using test = await openTestQueue({ name: "mail" });
  const send = defineJob<number>({ name: "mail.send", handler: () => {} });
  await test.queue.enqueueMany(send, [{ data: 1 }, { data: 2 }]);
  assert.deepEqual(telemetry.spanTree(), [{
    name: "job.enqueue",
    kind: "PRODUCER",
    attributes: {
      "job.name": "mail.send",
      "job.queue": "mail",
      "messaging.system.name": "echelon",
      "messaging.operation.name": "enqueue",
      "messaging.operation.type": "send",
      "messaging.destination.name": "mail",
      "messaging.batch.message_count": 2,
    },
    children: [],
  }]);
  const [enqueue] = telemetry.spans();
  const { jobs } = await test.store.claim("mail", { limit: 2, leaseMillis: 1 });
  for (const { trace } of jobs) {
    assert.equal(trace?.traceparent, `00-${enqueue?.traceId}-${enqueue?.spanId}-01`);
  }
});

Deno.test("a duplicate's job.enqueue names the job that is there already", async () => {
  using test = await openTestQueue();
  const send = defineJob({ name: "mail.send", handler: () => {} });
  const { id } = await test.queue.enqueue(send, undefined, { dedupKey: "k" });
  using telemetry = inMemoryTelemetry();
  await test.queue.enqueue(send, undefined, { dedupKey: "k" });
  const [enqueue] = telemetry.spans();
  assert.equal(enqueue?.attributes["job.id"], id);
  assert.equal(enqueue?.attributes["messaging.message.id"], id);
});

Deno.test("a job that cannot be enqueued leaves a job.enqueue that failed", async () => {
  using telemetry = inMemoryTelemetry();
  using test = await openTestQueue();
  const send = defineJob<string>({ name: "mail.send", handler: () => {} });
  await assert.rejects(test.queue.enqueue(send, "x".repeat(70_000)));
  const [enqueue] = telemetry.spans();
  assert.equal(enqueue?.status.code, "ERROR");
  assert.equal(enqueue?.attributes["error.type"], "JobTooLargeError");
});

Deno.test("a baggage that is too large is not stored with a job", async () => {
  using _telemetry = inMemoryTelemetry();
  using test = await openTestQueue();
  const send = defineJob({ name: "mail.send", handler: () => {} });
  for (const entries of [1, 5]) {
    const baggage = propagation.createBaggage(Object.fromEntries(
      Array.from({ length: entries }, (_, index) => [`k${index}`, { value: "v".repeat(1_000) }]),
    ));
    await context.with(
      propagation.setBaggage(context.active(), baggage),
      () => test.queue.enqueue(send),
    );
  }
  const { jobs } = await test.store.claim("default", { limit: 2, leaseMillis: 1 });
  assert.deepEqual(jobs.map(({ trace }) => Object.keys(trace ?? {}).sort()), [
    ["baggage", "traceparent"],
    ["traceparent"],
  ]);
});

Deno.test("jobs are counted and timed by queue", async () => {
  using telemetry = inMemoryTelemetry();
  using test = await openTestQueue({ name: "mail" });
  const flaky = defineJob({
    name: "mail.send",
    handler: ({ attempt }) => {
      if (attempt === 1) throw new RangeError("no");
    },
  });
  const { id } = await test.queue.enqueue(flaky);
  await test.queue.enqueue(flaky, undefined, { delayMillis: 60_000 });
  const worker = new Worker(test.queue, [flaky], quickWorker());
  worker.start();
  await waitForState(test, id, "completed");
  const queued = (await readPoints(telemetry)).get("echelon.jobs.queued");
  await worker.stop();
  const points = await readPoints(telemetry);
  const job = { "job.queue": "mail", "job.name": "mail.send" };
  const destination = {
    "messaging.system.name": "echelon",
    "messaging.destination.name": "mail",
  };
  const sent = { ...destination, "messaging.operation.name": "enqueue" };
  const processed = { ...destination, "messaging.operation.name": "process" };
  assert.deepEqual(queued, [{ "job.queue": "mail", value: 1 }]);
  assert.deepEqual(points.get("echelon.jobs.failed"), [{
    ...job,
    "error.type": "RangeError",
    value: 1,
  }]);
  assert.deepEqual(points.get("echelon.jobs.lag"), [{ "job.queue": "mail", value: 2 }]);
  assert.deepEqual(points.get("messaging.client.sent.messages"), [{ ...sent, value: 2 }]);
  assert.deepEqual(points.get("messaging.client.operation.duration"), [{ ...sent, value: 2 }]);
  assert.deepEqual(points.get("messaging.process.duration"), [
    { ...processed, "error.type": "RangeError", value: 1 },
    { ...processed, value: 1 },
  ]);
});

/** Each metric's points: what they are of, and the value, or how many values a histogram has. */
async function readPoints(
  telemetry: InMemoryTelemetry,
): Promise<Map<string, Record<string, unknown>[]>> {
  const points = (metric: ReceivedMetric) =>
    metric.points.map(({ attributes, value, count }) => ({
      ...attributes,
      value: Number(value ?? count),
    }));
  return new Map((await telemetry.metrics()).map((metric) => [metric.name, points(metric)]));
}
