import type { Job } from "./job.ts";
import { checkName } from "./names.ts";
import { createJob, type EnqueueOptions } from "./new_job.ts";
import type {
  AddedJob,
  Cancellation,
  JobInfo,
  JobPage,
  JobStore,
  ListableJobState,
  NewJob,
  PageOptions,
  QueueStats,
} from "./store.ts";
import { enqueueSpan, type Propagation } from "./telemetry.ts";

/** How a queue is set up. */
export interface QueueOptions<Transaction = Deno.AtomicOperation> {
  /** Where its jobs are kept. */
  readonly store: JobStore<Transaction>;
  /** Its name; `default` unless told. */
  readonly name?: string;
  /** How the work of its jobs is tied to the trace that enqueued them; `link` unless told. */
  readonly propagation?: Propagation;
}

/** One job of a batch. */
export interface BatchItem<Data> extends EnqueueOptions {
  /** What its handler gets. */
  readonly data: Data;
}

/** What follows the job in a call that enqueues it: nothing has to where it takes no data. */
export type EnqueueArguments<Data> = undefined extends Data
  ? [data?: Data, options?: EnqueueOptions]
  : [data: Data, options?: EnqueueOptions];

/**
 * A named queue of jobs: puts jobs into its store, and looks after those that are there. A
 * {@linkcode Worker} works them, in this process or in another.
 *
 * @typeParam Transaction What {@linkcode Queue.enqueueIn} adds a job to.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { defineJob, KvJobStore, Queue } from "@echelon/framework/jobs";
 *
 * const resize = defineJob<{ image: string }>({ name: "image.resize", handler: () => {} });
 *
 * using kv = await Deno.openKv(":memory:");
 * const queue = new Queue({ store: new KvJobStore(kv), name: "images" });
 * const { id } = await queue.enqueue(resize, { image: "a.png" }, { priority: 10 });
 * assert((await queue.get(id))?.state === "ready");
 * ```
 */
export class Queue<Transaction = Deno.AtomicOperation> {
  /** Its name. */
  readonly name: string;
  /** Where its jobs are kept. */
  readonly store: JobStore<Transaction>;
  /** How the work of its jobs is tied to the trace that enqueued them. */
  readonly propagation: Propagation;

  /**
   * @param options The store, and a name.
   * @throws {TypeError} When the name is empty or longer than 256 characters.
   */
  constructor(options: QueueOptions<Transaction>) {
    const { store, name = "default", propagation = "link" } = options;
    checkName("queue", name);
    this.name = name;
    this.store = store;
    this.propagation = propagation;
  }

  /**
   * Enqueues a job.
   *
   * @returns Its id; that of the job which is there already, where `dedupKey` finds one.
   * @throws {InvalidJobDataError} When the data do not fit the job's schema, or cannot be stored.
   * @throws {JobTooLargeError} When the data are larger than the store keeps.
   */
  async enqueue<Data>(job: Job<Data>, ...args: EnqueueArguments<NoInfer<Data>>): Promise<AddedJob> {
    const created = await this.#create(job, ...args);
    const [added] = await enqueueSpan(
      [created],
      this.propagation,
      (jobs) => this.store.add(jobs),
    );
    return added ?? { id: created.id, duplicate: false };
  }

  /**
   * Enqueues many jobs of one definition at once, in as few commits as the store allows.
   *
   * @returns What became of each, in their order.
   * @throws {InvalidJobDataError} When the data of one do not fit; none is enqueued.
   * @throws {JobTooLargeError} When one is too large; none is enqueued.
   * @throws {PartialEnqueueError} When a batch of several commits was interrupted; it tells the ids
   * of those that are enqueued.
   */
  async enqueueMany<Data>(
    job: Job<Data>,
    items: readonly BatchItem<NoInfer<Data>>[],
  ): Promise<readonly AddedJob[]> {
    if (items.length === 0) return [];
    const created = await Promise.all(items.map((item) => this.#create(job, item.data, item)));
    return enqueueSpan(created, this.propagation, (jobs) => this.store.add(jobs));
  }

  /**
   * Makes a job part of a transaction, so that it is enqueued if and only if the caller's own
   * changes are committed. With a `dedupKey` that another job holds, the commit fails as a whole.
   *
   * @param transaction For {@linkcode KvJobStore}, an atomic operation on the same database.
   * @returns The id that the job has once the caller commits.
   * @throws {InvalidJobDataError} When the data do not fit the job's schema, or cannot be stored.
   * @throws {JobTooLargeError} When the data are larger than the store keeps.
   *
   * @example
   * ```ts
   * import assert from "node:assert/strict";
   * import { defineJob, KvJobStore, Queue } from "@echelon/framework/jobs";
   *
   * const sendReceipt = defineJob<{ orderId: string }>({ name: "receipt.send", handler: () => {} });
   *
   * using kv = await Deno.openKv(":memory:");
   * const queue = new Queue({ store: new KvJobStore(kv) });
   * const order = kv.atomic().set(["orders", "o-1"], { total: 42 });
   * const id = await queue.enqueueIn(order, sendReceipt, { orderId: "o-1" });
   * assert(await queue.get(id) === undefined);
   * await order.commit();
   * assert((await queue.get(id))?.state === "ready");
   * ```
   */
  async enqueueIn<Data>(
    transaction: Transaction,
    job: Job<Data>,
    ...args: EnqueueArguments<NoInfer<Data>>
  ): Promise<string> {
    const created = await this.#create(job, ...args);
    await enqueueSpan([created], this.propagation, (jobs) => {
      for (const job of jobs) this.store.addTo(transaction, job);
      return Promise.resolve([{ id: created.id, duplicate: false }]);
    });
    return created.id;
  }

  /** Looks a job up, whichever queue it is in; one that is over is forgotten after a while. */
  get(id: string): Promise<JobInfo | undefined> {
    return this.store.get(id);
  }

  /** Lists the queue's jobs in one state; `dead` lists the dead letters. */
  list(state: ListableJobState, page?: PageOptions): Promise<JobPage> {
    return this.store.list(this.name, state, page);
  }

  /** Cancels a job: one that waits at once, one that is being worked by its handler's signal. */
  cancel(id: string): Promise<Cancellation> {
    return this.store.cancel(id);
  }

  /**
   * Puts a dead letter back into its queue, with all its attempts.
   *
   * @returns Whether it was dead.
   * @throws {DuplicateJobError} When another job holds its dedup key by now.
   */
  retry(id: string): Promise<boolean> {
    return this.store.retry(id);
  }

  /**
   * Removes a dead letter for good.
   *
   * @returns Whether it was dead.
   */
  delete(id: string): Promise<boolean> {
    return this.store.delete(id);
  }

  /** Counts the queue's jobs by state. */
  stats(): Promise<QueueStats> {
    return this.store.stats(this.name);
  }

  #create<Data>(
    job: Job<Data>,
    data?: Data,
    options: EnqueueOptions = {},
  ): Promise<NewJob> {
    return createJob({ queue: this.name, job, data: data as Data, options });
  }
}
