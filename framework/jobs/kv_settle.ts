import { countJobs, type JobRecord, type KvJobKeys, type LeaseRecord } from "./kv_records.ts";
import { measure } from "./kv_size.ts";
import type { JobFailure, JobLease, JobProgress, LeaseState, Settlement } from "./store.ts";

type Change = (atomic: Deno.AtomicOperation, record: JobRecord, held: LeaseRecord) => void;

/** What a handler's report may take of a job's record, which every change writes anew. */
const MAX_PROGRESS_BYTES = 8_192;

/** What the changes of claimed jobs need to know. */
export interface KvSettleOptions {
  readonly kv: Deno.Kv;
  readonly keys: KvJobKeys;
  readonly now: () => number;
  /** How long a job that is over can still be looked up. */
  readonly keepFinishedMillis: number;
}

/** Changes claimed jobs in Deno KV, each change only as long as the lease is held. */
export class KvSettle {
  readonly #options: KvSettleOptions;

  constructor(options: KvSettleOptions) {
    this.#options = options;
  }

  async extend(lease: JobLease, millis: number): Promise<LeaseState> {
    const key = this.#options.keys.lease(lease.queue, lease.jobId);
    let cancelled = false;
    const until = new Date(this.#options.now() + millis);
    const held = await this.#change(lease, (atomic, _record, held) => {
      cancelled = held.cancelled ?? false;
      atomic.set(key, { ...held, until } satisfies LeaseRecord);
    });
    if (!held) return "lost";
    return cancelled ? "cancelled" : "held";
  }

  async progress(lease: JobLease, progress: JobProgress): Promise<boolean> {
    measure("progress of a job", progress, MAX_PROGRESS_BYTES);
    const key = this.#options.keys.job(lease.jobId);
    return await this.#change(lease, (atomic, record) => {
      atomic.set(key, { ...record, progress } satisfies JobRecord);
    });
  }

  settle(lease: JobLease, settlement: Settlement): Promise<boolean> {
    return this.#change(lease, (atomic, record, { cancelled = false }) => {
      this.#move(atomic, record, cancelled ? withoutReturn(settlement) : settlement);
    });
  }

  /** Settles the jobs whose leases have ended, as their workers no longer can. */
  async recover(queue: string): Promise<readonly string[]> {
    const recovered: string[] = [];
    const prefix = this.#options.keys.index(queue, "active");
    for await (const { key, value } of this.#options.kv.list<LeaseRecord>({ prefix })) {
      if (!this.#isOver(value)) continue;
      const lease = { jobId: key.at(-1) as string, queue, token: value.token };
      const settled = await this.#change(lease, (atomic, record, held) => {
        this.#move(atomic, record, this.#afterLoss(record, held));
      }, (held) => this.#isOver(held));
      if (settled) recovered.push(lease.jobId);
    }
    return recovered;
  }

  #isOver({ until }: LeaseRecord): boolean {
    return until.getTime() <= this.#options.now();
  }

  #afterLoss(record: JobRecord, { cancelled }: LeaseRecord): Settlement {
    const at = new Date(this.#options.now());
    const failure: JobFailure = {
      name: "JobLeaseLostError",
      message: `The lease of job "${record.name}" ended in attempt ${record.attempt}: ` +
        "its worker was killed, or could not reach the store",
      at,
    };
    if (cancelled) return { to: "cancelled", failure };
    return record.attempt < record.maxAttempts
      ? { to: "retry", dueAt: at, failure }
      : { to: "dead", failure };
  }

  async #change(
    { jobId, queue, token }: JobLease,
    change: Change,
    allowed: (held: LeaseRecord) => boolean = () => true,
  ): Promise<boolean> {
    const { kv, keys } = this.#options;
    const watched = [keys.lease(queue, jobId), keys.job(jobId)] as const;
    // Each round that fails was lost to a change of the same job that succeeded: a heartbeat, a
    // report of progress, a cancellation.
    while (true) {
      const [held, job] = await kv.getMany<[LeaseRecord, JobRecord]>(watched);
      if (held.value?.token !== token || job.value === null || !allowed(held.value)) return false;
      const atomic = kv.atomic().check(held, job);
      change(atomic, job.value, held.value);
      if ((await atomic.commit()).ok) return true;
    }
  }

  #move(atomic: Deno.AtomicOperation, record: JobRecord, settlement: Settlement): void {
    const { keys, now } = this.#options;
    const { queue } = record;
    atomic.delete(keys.lease(queue, record.id));
    countJobs(atomic, keys.count(queue, "active"), -1);
    switch (settlement.to) {
      case "released":
        this.#wait(atomic, { ...record, attempt: record.attempt - 1 });
        break;
      case "retry": {
        const { dueAt, failure, trace } = settlement;
        this.#wait(atomic, { ...record, dueAt, failure, ...previous(trace) });
        break;
      }
      case "dead": {
        const { failure, trace } = settlement;
        const finishedAt = new Date(now());
        const dead = { ...record, failure, finishedAt, ...previous(trace), state: "dead" } as const;
        atomic.set(keys.job(record.id), dead satisfies JobRecord)
          .set(keys.dead(queue, finishedAt, record.id), 0);
        countJobs(atomic, keys.count(queue, "dead"), 1);
        this.#freeDedupKey(atomic, record);
        break;
      }
      case "cancelled":
        this.finish(atomic, { ...record, ...failed(settlement.failure), state: "cancelled" });
        break;
      case "completed":
        this.finish(atomic, { ...record, state: "completed" });
    }
  }

  #wait(atomic: Deno.AtomicOperation, record: JobRecord): void {
    const { keys, now } = this.#options;
    const state = record.dueAt.getTime() > now() ? "delayed" : "ready";
    atomic.set(keys.job(record.id), { ...record, state: "waiting" } satisfies JobRecord)
      .set(keys[state](record), record.priority);
    countJobs(atomic, keys.count(record.queue, state), 1);
  }

  /** Ends a job for good; what can still be looked up of it is forgotten after a while. */
  finish(atomic: Deno.AtomicOperation, record: JobRecord): void {
    const { keys, now, keepFinishedMillis } = this.#options;
    atomic.delete(keys.data(record.id));
    if (keepFinishedMillis > 0) {
      const finished: JobRecord = { ...record, finishedAt: new Date(now()) };
      atomic.set(keys.job(record.id), finished, { expireIn: keepFinishedMillis });
    } else {
      atomic.delete(keys.job(record.id));
    }
    this.#freeDedupKey(atomic, record);
  }

  #freeDedupKey(atomic: Deno.AtomicOperation, { queue, dedupKey }: JobRecord): void {
    if (dedupKey !== undefined) atomic.delete(this.#options.keys.dedup(queue, dedupKey));
  }
}

/** A cancelled job does not go back to its queue. */
function withoutReturn(settlement: Settlement): Settlement {
  if (settlement.to === "released") return { to: "cancelled" };
  if (settlement.to === "retry") return { to: "cancelled", failure: settlement.failure };
  return settlement;
}

function failed(failure: JobFailure | undefined): Pick<JobRecord, "failure"> {
  return failure === undefined ? {} : { failure };
}

function previous(trace: JobRecord["previousTrace"]): Pick<JobRecord, "previousTrace"> {
  return trace === undefined ? {} : { previousTrace: trace };
}
