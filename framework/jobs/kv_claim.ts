import { countJobs, type JobRecord, type KvJobKeys, type LeaseRecord } from "./kv_records.ts";
import type { Claim, ClaimedJob, ClaimOptions } from "./store.ts";

/**
 * How many jobs one commit claims or promotes. A record takes up to 40 KB, with its trace, the last
 * failure and the progress, and a commit 819,200 bytes.
 */
const MAX_COMMIT_JOBS = 16;

/** How many keys `getMany` takes. */
const MAX_GET_KEYS = 10;

/** A job that is ready, with what a claim of it has to check and change. */
interface Candidate {
  readonly ready: Deno.KvEntry<unknown>;
  readonly record: Deno.KvEntryMaybe<JobRecord>;
  readonly data: unknown;
}

/** Claims jobs of Deno KV. */
export class KvClaim {
  readonly #kv: Deno.Kv;
  readonly #keys: KvJobKeys;
  readonly #now: () => number;

  constructor(kv: Deno.Kv, keys: KvJobKeys, now: () => number) {
    this.#kv = kv;
    this.#keys = keys;
    this.#now = now;
  }

  async claim(queue: string, { limit, leaseMillis }: ClaimOptions): Promise<Claim> {
    const nextDueAt = await this.#promote(queue);
    const candidates = await this.#candidates(queue, Math.min(limit, MAX_COMMIT_JOBS));
    if (candidates.length === 0) {
      return nextDueAt === undefined ? { jobs: [] } : { jobs: [], nextDueAt };
    }
    const jobs = await this.#take(queue, candidates, leaseMillis);
    // Another worker was faster, or there may be more than one commit takes.
    return { jobs, nextDueAt: new Date(this.#now()) };
  }

  /**
   * Moves the delayed jobs whose time has come to the ready ones, which are kept by priority.
   *
   * @returns When the next will come.
   */
  async #promote(queue: string): Promise<Date | undefined> {
    const now = this.#now();
    const atomic = this.#kv.atomic();
    let due = 0;
    let next: Date | undefined;
    const prefix = this.#keys.index(queue, "delayed");
    for await (const entry of this.#kv.list<number>({ prefix }, { limit: MAX_COMMIT_JOBS })) {
      const [millis, id] = entry.key.slice(-2) as [number, string];
      const dueAt = new Date(millis);
      if (millis > now) {
        next = dueAt;
        break;
      }
      atomic.check(entry).delete(entry.key)
        .set(this.#keys.ready({ queue, priority: entry.value, dueAt, id }), entry.value);
      due++;
    }
    if (due > 0) {
      countJobs(atomic, this.#keys.count(queue, "delayed"), -due);
      countJobs(atomic, this.#keys.count(queue, "ready"), due);
      // Where it fails, another worker has moved them, or they were cancelled.
      await atomic.commit();
    }
    return due === MAX_COMMIT_JOBS ? new Date(now) : next;
  }

  async #candidates(queue: string, limit: number): Promise<readonly Candidate[]> {
    const prefix = this.#keys.index(queue, "ready");
    const found = await Array.fromAsync(this.#kv.list({ prefix }, { limit }));
    const groups = chunks(found, MAX_GET_KEYS / 2).map(async (chunk) => {
      const ids = chunk.map(({ key }) => key.at(-1) as string);
      const keys = ids.flatMap((id) => [this.#keys.job(id), this.#keys.data(id)]);
      const entries = await this.#kv.getMany<unknown[]>(keys);
      return chunk.map((ready, index): Candidate => ({
        ready,
        record: entries[2 * index] as Deno.KvEntryMaybe<JobRecord>,
        data: entries[2 * index + 1]?.value,
      }));
    });
    return (await Promise.all(groups)).flat();
  }

  /** Takes all candidates, or none where another worker has taken one of them meanwhile. */
  async #take(
    queue: string,
    candidates: readonly Candidate[],
    leaseMillis: number,
  ): Promise<readonly ClaimedJob[]> {
    const until = new Date(this.#now() + leaseMillis);
    const atomic = this.#kv.atomic();
    const jobs: ClaimedJob[] = [];
    for (const { ready, record, data } of candidates) {
      // Taken between the listing and the look at it.
      if (record.value?.state !== "waiting") continue;
      const { dedupKey: _dedupKey, ...job } = record.value;
      const token = crypto.randomUUID();
      const attempt = job.attempt + 1;
      // Whatever changes a job that is ready takes this entry away, so that it alone tells.
      atomic.check(ready).delete(ready.key)
        .set(record.key, { ...record.value, state: "active", attempt } satisfies JobRecord)
        .set(this.#keys.lease(queue, job.id), { token, until } satisfies LeaseRecord);
      jobs.push({ ...job, data, attempt, lease: { jobId: job.id, queue, token } });
    }
    countJobs(atomic, this.#keys.count(queue, "ready"), -jobs.length);
    countJobs(atomic, this.#keys.count(queue, "active"), jobs.length);
    return jobs.length > 0 && (await atomic.commit()).ok ? jobs : [];
  }
}

function chunks<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from(
    { length: Math.ceil(items.length / size) },
    (_, index) => items.slice(index * size, (index + 1) * size),
  );
}
