import type { StandardSchemaV1 } from "@standard-schema/spec";

/** What every error of the jobs layer is. */
export class JobError extends Error {
  override readonly name: string = "JobError";
}

/** A job's data do not fit its schema, or cannot be stored at all. */
export class InvalidJobDataError extends JobError {
  override readonly name = "InvalidJobDataError";
  /** What is wrong and where, as the schema says it. */
  readonly issues: readonly StandardSchemaV1.Issue[];

  /**
   * @param message What is wrong.
   * @param options The schema's issues, where there are any, and the cause.
   */
  constructor(
    message: string,
    options: { issues?: readonly StandardSchemaV1.Issue[]; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.issues = options.issues ?? [];
  }
}

/** A job is larger than its store can keep. */
export class JobTooLargeError extends JobError {
  override readonly name = "JobTooLargeError";
}

/** A worker got a job that none of its definitions is for. */
export class UnknownJobError extends JobError {
  override readonly name = "UnknownJobError";
}

/** An attempt took longer than its definition allows. */
export class JobTimeoutError extends JobError {
  override readonly name = "JobTimeoutError";
}

/** A job was cancelled while it was worked. */
export class JobCancelledError extends JobError {
  override readonly name = "JobCancelledError";
}

/** The worker no longer holds the job: its lease ended, and another worker may have taken it. */
export class JobLeaseLostError extends JobError {
  override readonly name = "JobLeaseLostError";
}

/** The worker stopped before the attempt was over; the job goes back to its queue. */
export class JobInterruptedError extends JobError {
  override readonly name = "JobInterruptedError";
}

/** A dead job cannot be retried: another job holds its dedup key. */
export class DuplicateJobError extends JobError {
  override readonly name = "DuplicateJobError";
}

/**
 * Thrown by a handler where trying again cannot help: the job goes to the dead letters at once.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { defineJob, PermanentJobError } from "@echelon/framework/jobs";
 *
 * const charge = defineJob<{ card: string }>({
 *   name: "card.charge",
 *   handler: ({ data }) => {
 *     if (data.card === "stolen") throw new PermanentJobError("The card was reported stolen");
 *   },
 * });
 * assert(charge.name === "card.charge");
 * ```
 */
export class PermanentJobError extends JobError {
  override readonly name = "PermanentJobError";
}

/** A large batch was enqueued in part; `cause` says why the rest was not. */
export class PartialEnqueueError extends JobError {
  override readonly name = "PartialEnqueueError";
  /** The ids of the jobs that were enqueued: the first ones of the batch. */
  readonly enqueued: readonly string[];

  /**
   * @param message What went wrong.
   * @param options The jobs that were enqueued nevertheless, and the cause.
   */
  constructor(message: string, options: { enqueued: readonly string[]; cause: unknown }) {
    super(message, { cause: options.cause });
    this.enqueued = options.enqueued;
  }
}
