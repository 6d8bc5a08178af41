import { jobInfo, type JobRecord, type KvJobKeys } from "./kv_records.ts";
import type { JobPage, ListableJobState, PageOptions, QueueStats, StoreEvent } from "./store.ts";

const DEFAULT_PAGE = 50;
const MAX_PAGE = 1_000;

/** Looks over the jobs of a queue in Deno KV. */
export class KvIndex {
  readonly #kv: Deno.Kv;
  readonly #keys: KvJobKeys;
  readonly #now: () => number;

  constructor(kv: Deno.Kv, keys: KvJobKeys, now: () => number) {
    this.#kv = kv;
    this.#keys = keys;
    this.#now = now;
  }

  async list(queue: string, state: ListableJobState, page: PageOptions = {}): Promise<JobPage> {
    const { limit = DEFAULT_PAGE, cursor } = page;
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE) {
      throw new RangeError(
        `Cannot list ${limit} jobs: "limit" is an integer from 1 to ${MAX_PAGE}`,
      );
    }
    const prefix = this.#keys.index(queue, state);
    const found = this.#kv.list({ prefix }, { limit, ...(cursor === undefined ? {} : { cursor }) });
    const ids = await Array.fromAsync(found, ({ key }) => key.at(-1) as string);
    const jobs = await Promise.all(ids.map(async (id) => {
      const keys = [this.#keys.job(id), this.#keys.data(id)] as const;
      const [job, data] = await this.#kv.getMany<[JobRecord, unknown]>(keys);
      return job.value === null ? [] : [jobInfo(job.value, data.value, this.#now())];
    }));
    return {
      jobs: jobs.flat(),
      ...(ids.length === limit ? { cursor: found.cursor } : {}),
    };
  }

  async stats(queue: string): Promise<QueueStats> {
    const count = async (state: ListableJobState) => {
      const { value } = await this.#kv.get<Deno.KvU64>(this.#keys.count(queue, state));
      return Number(value?.value ?? 0n);
    };
    const [ready, delayed, active, dead] = await Promise.all([
      count("ready"),
      count("delayed"),
      count("active"),
      count("dead"),
    ]);
    return { ready, delayed, active, dead };
  }

  listen(queue: string, listener: (event: StoreEvent) => void): () => void {
    const events = ["ready", "cancelled"] as const;
    const bells = this.#kv.watch(events.map((event) => this.#keys.bell(queue, event)));
    const reader = bells.getReader();
    const watch = async () => {
      let heard: readonly (string | null)[] = [];
      while (true) {
        const { value, done } = await reader.read();
        if (done) return;
        const stamps = value.map(({ versionstamp }) => versionstamp);
        // What is read first is how things stand: a job may have come just before.
        if (heard.length === 0) listener("ready");
        else {
          for (const [index, event] of events.entries()) {
            if (stamps[index] !== heard[index]) listener(event);
          }
        }
        heard = stamps;
      }
    };
    // Where the watch breaks, because the database was closed, polling remains.
    watch().catch(() => {});
    return () => void reader.cancel().catch(() => {});
  }
}
