import type { TraceCarrier } from "../telemetry/otel_context.ts";
import type { JobFailure, JobInfo, JobProgress, JobState, ListableJobState } from "./store.ts";

/** A job without its data, which are kept apart: they never change, and this changes often. */
export interface JobRecord {
  readonly id: string;
  readonly queue: string;
  readonly name: string;
  /** Which index a waiting job is in, delayed or ready, is a matter of time and not noted here. */
  readonly state: "waiting" | Exclude<JobState, "delayed" | "ready">;
  readonly priority: number;
  readonly attempt: number;
  readonly maxAttempts: number;
  readonly createdAt: Date;
  readonly dueAt: Date;
  readonly dedupKey?: string;
  readonly trace?: TraceCarrier;
  readonly previousTrace?: TraceCarrier;
  readonly finishedAt?: Date;
  readonly progress?: JobProgress;
  readonly failure?: JobFailure;
}

/** Who may work a job, and until when. */
export interface LeaseRecord {
  readonly token: string;
  readonly until: Date;
  /** Whether the job's handler ought to stop. */
  readonly cancelled?: boolean;
}

/** The keys that the jobs of one store live under. */
export class KvJobKeys {
  readonly #prefix: Deno.KvKey;

  /** @param prefix What every key begins with. */
  constructor(prefix: Deno.KvKey) {
    this.#prefix = prefix;
  }

  job(id: string): Deno.KvKey {
    return [...this.#prefix, "job", id];
  }

  data(id: string): Deno.KvKey {
    return [...this.#prefix, "data", id];
  }

  /** The jobs of a queue in a state, in the order in which they are listed. */
  index(queue: string, state: ListableJobState): Deno.KvKey {
    return [...this.#prefix, state, queue];
  }

  /** A lower key is claimed earlier, so the priority is turned around. */
  ready(
    { queue, priority, dueAt, id }: Pick<JobRecord, "queue" | "priority" | "dueAt" | "id">,
  ): Deno.KvKey {
    return [...this.index(queue, "ready"), 0 - priority, dueAt.getTime(), id];
  }

  delayed({ queue, dueAt, id }: Pick<JobRecord, "queue" | "dueAt" | "id">): Deno.KvKey {
    return [...this.index(queue, "delayed"), dueAt.getTime(), id];
  }

  lease(queue: string, id: string): Deno.KvKey {
    return [...this.index(queue, "active"), id];
  }

  dead(queue: string, finishedAt: Date, id: string): Deno.KvKey {
    return [...this.index(queue, "dead"), finishedAt.getTime(), id];
  }

  dedup(queue: string, key: string): Deno.KvKey {
    return [...this.#prefix, "dedup", queue, key];
  }

  count(queue: string, state: ListableJobState): Deno.KvKey {
    return [...this.#prefix, "count", queue, state];
  }

  /** Written at each event, for those who watch it. */
  bell(queue: string, event: "ready" | "cancelled"): Deno.KvKey {
    return [...this.#prefix, "bell", queue, event];
  }

  tick(schedule: string): Deno.KvKey {
    return [...this.#prefix, "tick", schedule];
  }
}

/** Counts jobs in or out of a state; the counter wraps, so that a sum can also take away. */
export function countJobs(
  atomic: Deno.AtomicOperation,
  key: Deno.KvKey,
  change: number,
): void {
  if (change !== 0) atomic.sum(key, BigInt.asUintN(64, BigInt(change)));
}

/** Writes any value that differs from the one before, so that a watcher of the key wakes up. */
export function ringBell(atomic: Deno.AtomicOperation, key: Deno.KvKey): void {
  atomic.sum(key, 1n);
}

/** Shows a record to the world. */
export function jobInfo(record: JobRecord, data: unknown, now: number): JobInfo {
  const { trace: _trace, previousTrace: _previousTrace, state, ...shown } = record;
  const waiting = record.dueAt.getTime() > now ? "delayed" : "ready";
  return {
    ...shown,
    state: state === "waiting" ? waiting : state,
    ...(data === null ? {} : { data }),
  };
}
