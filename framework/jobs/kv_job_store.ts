import { DuplicateJobError } from "./errors.ts";
import { KvClaim } from "./kv_claim.ts";
import { KvEnqueue } from "./kv_enqueue.ts";
import { KvIndex } from "./kv_index.ts";
import {
  countJobs,
  jobInfo,
  type JobRecord,
  KvJobKeys,
  type LeaseRecord,
  ringBell,
} from "./kv_records.ts";
import { KvSettle } from "./kv_settle.ts";
import type {
  AddedJob,
  Cancellation,
  Claim,
  ClaimOptions,
  JobInfo,
  JobLease,
  JobPage,
  JobProgress,
  JobStore,
  LeaseState,
  ListableJobState,
  NewJob,
  PageOptions,
  QueueStats,
  Settlement,
  StoreEvent,
} from "./store.ts";

/** How jobs are kept in Deno KV. */
export interface KvJobStoreOptions {
  /** What every key begins with: `["jobs"]` unless told. */
  readonly prefix?: Deno.KvKey;
  /** How long a job that is over can still be looked up, in milliseconds; an hour unless told. */
  readonly keepFinishedMillis?: number;
  /** The time in milliseconds since 1970; for tests. */
  readonly now?: () => number;
}

const DEFAULT_KEEP_MILLIS = 3_600_000;

/**
 * Keeps jobs in Deno KV, for one process or several on one machine that open the same file; nothing
 * is to be installed. It does not use KV's own queue, which works everything at once, needs a minute
 * to reach another process, and does not exist on a remote KV.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { KvJobStore, Queue } from "@echelon/framework/jobs";
 *
 * using kv = await Deno.openKv(":memory:");
 * const queue = new Queue({ store: new KvJobStore(kv) });
 * assert((await queue.stats()).ready === 0);
 * ```
 */
export class KvJobStore implements JobStore<Deno.AtomicOperation> {
  readonly #kv: Deno.Kv;
  readonly #keys: KvJobKeys;
  readonly #now: () => number;
  readonly #enqueue: KvEnqueue;
  readonly #claim: KvClaim;
  readonly #settle: KvSettle;
  readonly #index: KvIndex;

  /**
   * @param kv The database; it stays the caller's to close.
   * @param options Where in it, and for how long.
   */
  constructor(kv: Deno.Kv, options: KvJobStoreOptions = {}) {
    const { prefix = ["jobs"], keepFinishedMillis = DEFAULT_KEEP_MILLIS, now = Date.now } = options;
    const keys = new KvJobKeys(prefix);
    this.#kv = kv;
    this.#keys = keys;
    this.#now = now;
    this.#enqueue = new KvEnqueue(kv, keys, now);
    this.#claim = new KvClaim(kv, keys, now);
    this.#settle = new KvSettle({ kv, keys, now, keepFinishedMillis });
    this.#index = new KvIndex(kv, keys, now);
  }

  add(jobs: readonly NewJob[]): Promise<readonly AddedJob[]> {
    return this.#enqueue.add(jobs);
  }

  addTo(transaction: Deno.AtomicOperation, job: NewJob): void {
    this.#enqueue.addTo(transaction, job);
  }

  claim(queue: string, options: ClaimOptions): Promise<Claim> {
    return this.#claim.claim(queue, options);
  }

  extend(lease: JobLease, millis: number): Promise<LeaseState> {
    return this.#settle.extend(lease, millis);
  }

  settle(lease: JobLease, settlement: Settlement): Promise<boolean> {
    return this.#settle.settle(lease, settlement);
  }

  progress(lease: JobLease, progress: JobProgress): Promise<boolean> {
    return this.#settle.progress(lease, progress);
  }

  recover(queue: string): Promise<readonly string[]> {
    return this.#settle.recover(queue);
  }

  list(queue: string, state: ListableJobState, page?: PageOptions): Promise<JobPage> {
    return this.#index.list(queue, state, page);
  }

  stats(queue: string): Promise<QueueStats> {
    return this.#index.stats(queue);
  }

  listen(queue: string, listener: (event: StoreEvent) => void): () => void {
    return this.#index.listen(queue, listener);
  }

  async get(id: string): Promise<JobInfo | undefined> {
    const keys = [this.#keys.job(id), this.#keys.data(id)] as const;
    const [job, data] = await this.#kv.getMany<[JobRecord, unknown]>(keys);
    return job.value === null ? undefined : jobInfo(job.value, data.value, this.#now());
  }

  async cancel(id: string): Promise<Cancellation> {
    while (true) {
      const job = await this.#kv.get<JobRecord>(this.#keys.job(id));
      if (job.value === null) return "unknown";
      const { state } = job.value;
      if (state !== "waiting" && state !== "active") return "settled";
      const done = state === "waiting"
        ? await this.#cancelWaiting(job)
        : await this.#cancelActive(job);
      // It fails only where the job was claimed, promoted or settled just now.
      if (done) return state === "waiting" ? "cancelled" : "cancelling";
    }
  }

  async #cancelWaiting(job: Deno.KvEntry<JobRecord>): Promise<boolean> {
    const { queue } = job.value;
    const indexes = [this.#keys.ready(job.value), this.#keys.delayed(job.value)] as const;
    const [ready, delayed] = await this.#kv.getMany(indexes);
    const atomic = this.#kv.atomic().check(job, ready, delayed).delete(ready.key)
      .delete(delayed.key);
    const state = ready.versionstamp === null ? "delayed" : "ready";
    countJobs(atomic, this.#keys.count(queue, state), -1);
    this.#settle.finish(atomic, { ...job.value, state: "cancelled" });
    return (await atomic.commit()).ok;
  }

  async #cancelActive({ value: { id, queue } }: Deno.KvEntry<JobRecord>): Promise<boolean> {
    const lease = await this.#kv.get<LeaseRecord>(this.#keys.lease(queue, id));
    if (lease.value === null) return false;
    const atomic = this.#kv.atomic().check(lease)
      .set(lease.key, { ...lease.value, cancelled: true } satisfies LeaseRecord);
    ringBell(atomic, this.#keys.bell(queue, "cancelled"));
    return (await atomic.commit()).ok;
  }

  async retry(id: string): Promise<boolean> {
    const job = await this.#kv.get<JobRecord>(this.#keys.job(id));
    if (job.value?.state !== "dead") return false;
    const { finishedAt = new Date(0), progress: _progress, ...record } = job.value;
    const { queue, dedupKey } = record;
    const waiting: JobRecord = {
      ...record,
      state: "waiting",
      attempt: 0,
      dueAt: new Date(this.#now()),
    };
    const atomic = this.#kv.atomic().check(job).set(job.key, waiting)
      .delete(this.#keys.dead(queue, finishedAt, id))
      .set(this.#keys.ready(waiting), waiting.priority);
    if (dedupKey !== undefined) {
      const holder = await this.#kv.get<string>(this.#keys.dedup(queue, dedupKey));
      if (holder.value !== null) {
        throw new DuplicateJobError(
          `Cannot retry job "${id}": job "${holder.value}" holds the dedup key "${dedupKey}"`,
        );
      }
      atomic.check(holder).set(holder.key, id);
    }
    countJobs(atomic, this.#keys.count(queue, "dead"), -1);
    countJobs(atomic, this.#keys.count(queue, "ready"), 1);
    ringBell(atomic, this.#keys.bell(queue, "ready"));
    return (await atomic.commit()).ok || await this.retry(id);
  }

  async delete(id: string): Promise<boolean> {
    const job = await this.#kv.get<JobRecord>(this.#keys.job(id));
    if (job.value?.state !== "dead") return false;
    const { queue, finishedAt = new Date(0) } = job.value;
    const atomic = this.#kv.atomic().check(job).delete(job.key).delete(this.#keys.data(id))
      .delete(this.#keys.dead(queue, finishedAt, id));
    countJobs(atomic, this.#keys.count(queue, "dead"), -1);
    return (await atomic.commit()).ok || await this.delete(id);
  }

  async lastTick(schedule: string): Promise<Date | undefined> {
    return (await this.#kv.get<Date>(this.#keys.tick(schedule))).value ?? undefined;
  }

  async claimTick(schedule: string, tick: Date): Promise<boolean> {
    while (true) {
      const last = await this.#kv.get<Date>(this.#keys.tick(schedule));
      if (last.value !== null && last.value >= tick) return false;
      const atomic = this.#kv.atomic().check(last).set(last.key, tick);
      if ((await atomic.commit()).ok) return true;
    }
  }
}
