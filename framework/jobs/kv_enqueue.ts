import { PartialEnqueueError } from "./errors.ts";
import { countJobs, type JobRecord, type KvJobKeys, ringBell } from "./kv_records.ts";
import { measure } from "./kv_size.ts";
import type { AddedJob, NewJob } from "./store.ts";

/** What Deno KV takes as one value. */
const MAX_VALUE_BYTES = 65_536;

/** How many jobs go into one commit: four mutations each, of a thousand, and one check of a hundred. */
const MAX_COMMIT_JOBS = 90;

/** What the data of one commit may amount to, of 819,200 bytes, beside the records and keys. */
const MAX_COMMIT_BYTES = 512_000;

/** Adds jobs to Deno KV. */
export class KvEnqueue {
  readonly #kv: Deno.Kv;
  readonly #keys: KvJobKeys;
  readonly #now: () => number;

  constructor(kv: Deno.Kv, keys: KvJobKeys, now: () => number) {
    this.#kv = kv;
    this.#keys = keys;
    this.#now = now;
  }

  async add(jobs: readonly NewJob[]): Promise<readonly AddedJob[]> {
    const added: AddedJob[] = [];
    for (const piece of pieces(jobs)) {
      try {
        added.push(...await this.#addPiece(piece));
      } catch (cause) {
        if (added.length === 0) throw cause;
        throw new PartialEnqueueError(
          `Only ${added.length} of ${jobs.length} jobs could be enqueued: enqueue the rest again`,
          { enqueued: added.map(({ id }) => id), cause },
        );
      }
    }
    return added;
  }

  addTo(atomic: Deno.AtomicOperation, job: NewJob): void {
    storedBytes(job);
    if (job.dedupKey !== undefined) {
      atomic.check({ key: this.#keys.dedup(job.queue, job.dedupKey), versionstamp: null });
    }
    this.#announce(atomic, [this.#write(atomic, job)]);
  }

  async #addPiece(piece: readonly NewJob[]): Promise<readonly AddedJob[]> {
    while (true) {
      const holders = await this.#dedupHolders(piece);
      const atomic = this.#kv.atomic();
      const written: WrittenJob[] = [];
      const added = piece.map((job): AddedJob => {
        const { id, queue, dedupKey } = job;
        if (dedupKey !== undefined) {
          const key = dedupId(queue, dedupKey);
          const holder = holders.get(key);
          if (holder !== undefined) return { id: holder, duplicate: true };
          holders.set(key, id);
          atomic.check({ key: this.#keys.dedup(queue, dedupKey), versionstamp: null });
        }
        written.push(this.#write(atomic, job));
        return { id, duplicate: false };
      });
      if (written.length === 0) return added;
      this.#announce(atomic, written);
      // It fails only where somebody else took a dedup key just now: the next round finds it.
      if ((await atomic.commit()).ok) return added;
    }
  }

  async #dedupHolders(piece: readonly NewJob[]): Promise<Map<string, string>> {
    const holders = new Map<string, string>();
    await Promise.all(piece.map(async ({ queue, dedupKey }) => {
      if (dedupKey === undefined) return;
      const { value } = await this.#kv.get<string>(this.#keys.dedup(queue, dedupKey));
      if (value !== null) holders.set(dedupId(queue, dedupKey), value);
    }));
    return holders;
  }

  #write(atomic: Deno.AtomicOperation, job: NewJob): WrittenJob {
    const { data, ...rest } = job;
    const now = this.#now();
    const state = job.dueAt.getTime() > now ? "delayed" : "ready";
    const record: JobRecord = { ...rest, state: "waiting", attempt: 0, createdAt: new Date(now) };
    atomic.set(this.#keys.job(job.id), record)
      .set(this.#keys.data(job.id), data)
      .set(this.#keys[state](job), job.priority);
    if (job.dedupKey !== undefined) {
      atomic.set(this.#keys.dedup(job.queue, job.dedupKey), job.id);
    }
    return { queue: job.queue, state };
  }

  #announce(atomic: Deno.AtomicOperation, written: readonly WrittenJob[]): void {
    for (const [queue, jobs] of Map.groupBy(written, ({ queue }) => queue)) {
      const ready = jobs.filter(({ state }) => state === "ready").length;
      countJobs(atomic, this.#keys.count(queue, "ready"), ready);
      countJobs(atomic, this.#keys.count(queue, "delayed"), jobs.length - ready);
      ringBell(atomic, this.#keys.bell(queue, "ready"));
    }
  }
}

interface WrittenJob {
  readonly queue: string;
  readonly state: "ready" | "delayed";
}

function dedupId(queue: string, key: string): string {
  return JSON.stringify([queue, key]);
}

/** Cuts a batch where one commit would be too large. Looks at every job before the first is sent. */
function pieces(jobs: readonly NewJob[]): readonly (readonly NewJob[])[] {
  const cut: NewJob[][] = [];
  let bytes = Infinity;
  for (const job of jobs) {
    const size = storedBytes(job);
    const last = cut.at(-1);
    if (
      last === undefined || last.length === MAX_COMMIT_JOBS || bytes + size > MAX_COMMIT_BYTES
    ) {
      cut.push([job]);
      bytes = size;
    } else {
      last.push(job);
      bytes += size;
    }
  }
  return cut;
}

/** How large a job's values are. */
function storedBytes({ data, ...rest }: NewJob): number {
  return measure(`data of job "${rest.name}"`, data, MAX_VALUE_BYTES) +
    measure(`name and trace of job "${rest.name}"`, rest, MAX_VALUE_BYTES);
}
