/**
 * Background jobs: typed definitions, queues, workers and schedules over a store that may be
 * exchanged. Every job is worked at least once.
 *
 * @module
 */
export {
  DuplicateJobError,
  InvalidJobDataError,
  JobCancelledError,
  JobError,
  JobInterruptedError,
  JobLeaseLostError,
  JobTimeoutError,
  JobTooLargeError,
  PartialEnqueueError,
  PermanentJobError,
  UnknownJobError,
} from "./errors.ts";
export { defineJob } from "./job.ts";
export type { Job, JobContext, JobDefinition, JobSettings, SchemaJobDefinition } from "./job.ts";
export type { JobEmit, JobEvent, ToldJob } from "./job_events.ts";
export { KvJobStore } from "./kv_job_store.ts";
export type { KvJobStoreOptions } from "./kv_job_store.ts";
export type { EnqueueOptions } from "./new_job.ts";
export { Queue } from "./queue.ts";
export type { BatchItem, EnqueueArguments, QueueOptions } from "./queue.ts";
export type { RetryOptions, RetryPolicy } from "./retry.ts";
export { Scheduler } from "./scheduler.ts";
export type { Schedule, SchedulerOptions, SchedulerStopOptions, TickContext } from "./scheduler.ts";
export type {
  AddedJob,
  Cancellation,
  Claim,
  ClaimedJob,
  ClaimOptions,
  JobFailure,
  JobInfo,
  JobLease,
  JobPage,
  JobProgress,
  JobState,
  JobStore,
  LeaseState,
  ListableJobState,
  NewJob,
  PageOptions,
  QueueStats,
  Settlement,
  StoreEvent,
} from "./store.ts";
export type { Propagation } from "./telemetry.ts";
export { Worker } from "./worker.ts";
export type { WorkerStopOptions } from "./worker.ts";
export type { WorkedQueue, WorkerOptions } from "./worker_options.ts";
