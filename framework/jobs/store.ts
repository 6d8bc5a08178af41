import type { TraceCarrier } from "../telemetry/otel_context.ts";

/**
 * Where a job stands. `delayed` and `ready` wait, for their time and for a worker; `active` is being
 * worked; `dead` has used up its attempts and waits for a person; the others are over.
 */
export type JobState = "delayed" | "ready" | "active" | "completed" | "dead" | "cancelled";

/** The states that a queue can be asked to list. */
export type ListableJobState = Exclude<JobState, "completed" | "cancelled">;

/** How far a job has come: a number, or whatever small record the handler reports. */
export type JobProgress = number | Readonly<Record<string, unknown>>;

/** Why an attempt failed. */
export interface JobFailure {
  /** The error's class. */
  readonly name: string;
  /** The error's message, or what else was thrown in words. */
  readonly message: string;
  /** Where it was thrown. */
  readonly stack?: string;
  /** When it was thrown. */
  readonly at: Date;
}

/** A job as it is handed to a store. */
export interface NewJob {
  /** Sorts by time of creation. */
  readonly id: string;
  /** The queue's name. */
  readonly queue: string;
  /** The name of its definition. */
  readonly name: string;
  /** Whatever the structured clone algorithm can keep. */
  readonly data: unknown;
  /** Of the jobs that are due, the higher go first. */
  readonly priority: number;
  /** When it may be worked. */
  readonly dueAt: Date;
  /** How many attempts it gets in all. */
  readonly maxAttempts: number;
  /** While a job with this key waits or is worked, its queue takes no second. */
  readonly dedupKey?: string;
  /** The trace it was enqueued in. */
  readonly trace?: TraceCarrier;
}

/** What became of a job that was handed to a store. */
export interface AddedJob {
  /** The job's id; where it is a duplicate, that of the job which is there already. */
  readonly id: string;
  /** Whether a job with the same dedup key was there, and nothing was added. */
  readonly duplicate: boolean;
}

/** The right to work a job, until it ends or is taken away. */
export interface JobLease {
  readonly jobId: string;
  readonly queue: string;
  /** Tells this claim of the job from every other. */
  readonly token: string;
}

/** A job that a worker may work. */
export interface ClaimedJob extends Omit<NewJob, "dedupKey"> {
  /** Which attempt this is, from 1. */
  readonly attempt: number;
  /** The trace of the attempt before. */
  readonly previousTrace?: TraceCarrier;
  readonly lease: JobLease;
}

/** What a claim asks for. */
export interface ClaimOptions {
  /** How many jobs at most. */
  readonly limit: number;
  /** How long the leases last unless they are extended, in milliseconds. */
  readonly leaseMillis: number;
}

/** What a claim gave. */
export interface Claim {
  readonly jobs: readonly ClaimedJob[];
  /** When asking again can give more, as far as is known: a delayed job's time, or now. */
  readonly nextDueAt?: Date;
}

/** How an attempt ended, and where its job goes. */
export type Settlement =
  | { readonly to: "completed" }
  | {
    readonly to: "retry";
    readonly dueAt: Date;
    readonly failure: JobFailure;
    readonly trace?: TraceCarrier;
  }
  | { readonly to: "dead"; readonly failure: JobFailure; readonly trace?: TraceCarrier }
  | { readonly to: "cancelled"; readonly failure?: JobFailure }
  /** Back to its queue as if it had not been claimed: the attempt does not count. */
  | { readonly to: "released" };

/** What holds of a lease: `cancelled` is held, but the job's handler ought to stop. */
export type LeaseState = "held" | "cancelled" | "lost";

/** What became of the wish to cancel a job. */
export type Cancellation =
  /** It will not be worked. */
  | "cancelled"
  /** It is being worked; its handler's signal is aborted at the worker's next heartbeat. */
  | "cancelling"
  /** It is over, or dead, already. */
  | "settled"
  /** There is no such job, or it was over so long ago that it is forgotten. */
  | "unknown";

/** A job as it is shown to people and programs. */
export interface JobInfo {
  readonly id: string;
  readonly queue: string;
  readonly name: string;
  readonly state: JobState;
  /** What was enqueued; gone once the job is over. */
  readonly data?: unknown;
  readonly priority: number;
  /** How many attempts were begun. */
  readonly attempt: number;
  readonly maxAttempts: number;
  readonly dedupKey?: string;
  readonly createdAt: Date;
  readonly dueAt: Date;
  /** When it was completed, cancelled, or given up. */
  readonly finishedAt?: Date;
  readonly progress?: JobProgress;
  /** Why the last attempt that failed did. */
  readonly failure?: JobFailure;
}

/** Which part of a list to give. */
export interface PageOptions {
  /** How many at most; 50 unless told. */
  readonly limit?: number;
  /** Where the page before ended. */
  readonly cursor?: string;
}

/** A part of a list. */
export interface JobPage {
  readonly jobs: readonly JobInfo[];
  /** Where the next page begins; absent from the last. */
  readonly cursor?: string;
}

/** How many jobs of a queue are in each state that is not over. */
export type QueueStats = Readonly<Record<ListableJobState, number>>;

/** What a store tells those who listen: there may be work, or an active job was cancelled. */
export type StoreEvent = "ready" | "cancelled";

/**
 * Where jobs are kept. Every change is atomic, and a job is never in two hands: a claim gives it to
 * one worker, whose lease is checked by each later change. {@linkcode KvJobStore} is the one that
 * comes with the framework. Nothing here is particular to it: with PostgreSQL, `claim` is
 * `FOR UPDATE SKIP LOCKED`, `listen` is `LISTEN`, and a transaction is a client inside one.
 *
 * @typeParam Transaction What {@linkcode JobStore.addTo} adds a job to.
 */
export interface JobStore<Transaction = unknown> {
  /**
   * Adds jobs, in one piece as far as the store's limits allow.
   *
   * @throws {JobTooLargeError} When a job is larger than the store keeps; nothing is added.
   * @throws {PartialEnqueueError} When only the first pieces of a large batch could be added.
   */
  add(jobs: readonly NewJob[]): Promise<readonly AddedJob[]>;
  /** Makes a job part of a transaction: it is there once the caller commits that, or never. */
  addTo(transaction: Transaction, job: NewJob): void;
  /** Gives due jobs to the caller alone: the highest priority first, then the longest due. */
  claim(queue: string, options: ClaimOptions): Promise<Claim>;
  /** Makes a lease last `millis` from now. */
  extend(lease: JobLease, millis: number): Promise<LeaseState>;
  /**
   * Ends an attempt. Gives `false`, and changes nothing, where the lease is lost. A job that was
   * cancelled meanwhile is not worked again, whatever the settlement says.
   */
  settle(lease: JobLease, settlement: Settlement): Promise<boolean>;
  /** Notes how far a job has come. Gives `false` where the lease is lost. */
  progress(lease: JobLease, progress: JobProgress): Promise<boolean>;
  /** Takes the jobs back whose leases have ended, and tells which: their workers are gone. */
  recover(queue: string): Promise<readonly string[]>;
  /** Looks a job up. */
  get(id: string): Promise<JobInfo | undefined>;
  /** Lists the jobs of a queue in one state: the next to be worked, or the longest dead, first. */
  list(queue: string, state: ListableJobState, page?: PageOptions): Promise<JobPage>;
  /** Cancels a job. */
  cancel(id: string): Promise<Cancellation>;
  /**
   * Puts a dead job back into its queue with all its attempts. Gives `false` where it is not dead.
   *
   * @throws {DuplicateJobError} When another job holds its dedup key by now.
   */
  retry(id: string): Promise<boolean>;
  /** Removes a dead job for good. Gives `false` where it is not dead. */
  delete(id: string): Promise<boolean>;
  /** Counts the jobs of a queue. */
  stats(queue: string): Promise<QueueStats>;
  /**
   * Calls `listener` soon after a queue changes, and with `ready` once it can hear. A hint that may
   * not come, as from another process to Deno KV: workers poll as well.
   *
   * @returns Ends it.
   */
  listen(queue: string, listener: (event: StoreEvent) => void): () => void;
  /** The last tick of a schedule that was taken. */
  lastTick(schedule: string): Promise<Date | undefined>;
  /** Takes a schedule's tick for the caller alone. Gives `false` where it, or a later one, is taken. */
  claimTick(schedule: string, tick: Date): Promise<boolean>;
}
