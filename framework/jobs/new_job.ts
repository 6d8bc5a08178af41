import { v7 as createJobId } from "uuid";
import type { Job } from "./job.ts";
import { checkName } from "./names.ts";
import type { NewJob } from "./store.ts";

/** How a job is enqueued. */
export interface EnqueueOptions {
  /** How long it waits at least, in milliseconds; not with `at`. */
  readonly delayMillis?: number;
  /** When it may be worked; at once unless told. */
  readonly at?: Date;
  /** Of the jobs that are due, the higher go first; 0 unless told. */
  readonly priority?: number;
  /** While a job with this key waits or is worked, no second one is enqueued. */
  readonly dedupKey?: string;
  /** How many attempts it gets in all, in place of what its definition says. */
  readonly attempts?: number;
}

/** What a job is made of. */
export interface JobInput<Data> {
  /** The queue's name. */
  readonly queue: string;
  readonly job: Job<Data>;
  readonly data: Data;
  readonly options: EnqueueOptions;
}

/**
 * Makes a job that can be stored, after checking everything about it.
 *
 * @throws {TypeError|RangeError} When an option makes no sense.
 * @throws {InvalidJobDataError} When the data do not fit the job's schema.
 */
export async function createJob<Data>(input: JobInput<Data>): Promise<NewJob> {
  const { queue, job, data, options } = input;
  const { priority = 0, dedupKey, attempts = job.retry.attempts } = options;
  const dueAt = dueDate(job.name, options);
  if (!Number.isFinite(priority)) {
    throw new RangeError(
      `Cannot enqueue job "${job.name}" with priority ${priority}: expected a finite number`,
    );
  }
  if (!Number.isSafeInteger(attempts) || attempts < 1) {
    throw new RangeError(
      `Cannot enqueue job "${job.name}" for ${attempts} attempts: expected an integer from 1`,
    );
  }
  if (dedupKey !== undefined) checkName("dedup key", dedupKey);
  await job.validate(data);
  return {
    // Those of one process sort in the order they were made, so that equal jobs keep theirs.
    id: createJobId(),
    queue,
    name: job.name,
    data,
    priority,
    dueAt,
    maxAttempts: attempts,
    ...(dedupKey === undefined ? {} : { dedupKey }),
  };
}

function dueDate(name: string, { at, delayMillis }: EnqueueOptions): Date {
  if (at !== undefined && delayMillis !== undefined) {
    throw new TypeError(
      `Cannot enqueue job "${name}" both with "at" and with "delayMillis": give one of them`,
    );
  }
  if (delayMillis !== undefined && !(delayMillis >= 0)) {
    throw new RangeError(
      `Cannot delay job "${name}" by ${delayMillis} ms: "delayMillis" is a number from 0`,
    );
  }
  const due = at ?? new Date(Date.now() + (delayMillis ?? 0));
  if (Number.isNaN(due.getTime())) {
    throw new RangeError(
      `Cannot enqueue job "${name}" for a date that is not valid: expected one that is`,
    );
  }
  return due;
}
