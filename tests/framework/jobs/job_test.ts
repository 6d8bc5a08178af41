import assert from "node:assert/strict";
import { InvalidJobDataError } from "../../../framework/jobs/errors.ts";
import { defineJob, type JobContext } from "../../../framework/jobs/job.ts";

/** A schema that takes `{ day: "2026-01-31" }` and gives `{ day: Date }`. */
const daySchema = {
  "~standard": {
    version: 1 as const,
    vendor: "tests",
    types: undefined as { input: { day: string }; output: { day: Date } } | undefined,
    validate: (value: unknown) => {
      const text = (value as { day?: unknown } | undefined)?.day;
      const day = new Date(`${text}T00:00:00Z`);
      return Number.isNaN(day.getTime())
        ? { issues: [{ message: "expected a day", path: ["day", { key: 0 }] }, { message: "bad" }] }
        : Promise.resolve({ value: { day } });
    },
  },
};

function contextOf(data: unknown): JobContext<unknown> {
  return {
    id: "id",
    name: "job",
    queue: "q",
    data,
    attempt: 1,
    maxAttempts: 1,
    signal: new AbortController().signal,
    progress: () => Promise.resolve(),
  };
}

Deno.test("defineJob() gives a handler the output of its schema", async () => {
  const seen: unknown[] = [];
  const job = defineJob({
    name: "report",
    schema: daySchema,
    handler: ({ data, id }) => seen.push([id, data.day.getTime()]),
  });
  await job.validate({ day: "2026-01-31" });
  assert.deepEqual(seen, []);
  await job.work(contextOf({ day: "2026-01-31" }));
  assert.deepEqual(seen, [["id", Date.UTC(2026, 0, 31)]]);
});

Deno.test("defineJob() refuses data that do not fit the schema, when enqueued and when worked", async () => {
  const job = defineJob({
    name: "report",
    schema: daySchema,
    handler: () => assert.fail("the handler was called"),
  });
  const isInvalid = (error: unknown) => {
    assert.ok(error instanceof InvalidJobDataError);
    assert.equal(
      error.message,
      `The data of job "report" do not fit its schema: "day.0": expected a day; bad`,
    );
    assert.equal(error.issues.length, 2);
    return true;
  };
  await assert.rejects(job.validate({ day: "never" }), isInvalid);
  await assert.rejects(job.work(contextOf({ day: "never" })), isInvalid);
});

Deno.test("defineJob() passes on what a handler throws unchanged", async () => {
  const thrown = new Error("no");
  const job = defineJob({
    name: "failing",
    handler: () => {
      throw thrown;
    },
  });
  await assert.rejects(job.work(contextOf(undefined)), (error) => error === thrown);
});

Deno.test("defineJob() refuses what makes no sense", () => {
  const handler = () => {};
  assert.throws(() => defineJob({ name: "", handler }), {
    name: "TypeError",
    message: /Cannot define a job named ""/,
  });
  for (const timeoutMillis of [0, -1, NaN, Infinity, 2 ** 31]) {
    assert.throws(() => defineJob({ name: "job", timeoutMillis, handler }), {
      name: "RangeError",
      message: new RegExp(`"job" a timeout of ${timeoutMillis} ms`),
    });
  }
  assert.throws(() => defineJob({ name: "job", retry: { attempts: 0 }, handler }), RangeError);
});
