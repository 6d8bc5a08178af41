import { Attempt } from "./attempt.ts";
import { drainAtExit, drainWithin } from "./draining.ts";
import { JobInterruptedError } from "./errors.ts";
import { Heartbeat } from "./heartbeat.ts";
import type { Job } from "./job.ts";
import { Processor } from "./processor.ts";
import { inBackground, observeQueue } from "./telemetry.ts";
import { Wakeup } from "./wakeup.ts";
import {
  jobsByName,
  type WorkedQueue,
  type WorkerOptions,
  type WorkerSettings,
  workerSettings,
} from "./worker_options.ts";

/** How a worker stops. */
export interface WorkerStopOptions {
  /** How long running jobs may take to end, in milliseconds; 10,000 unless told. */
  readonly timeoutMillis?: number;
}

/** The shortest wait after a claim that gave nothing; it doubles up to `pollMillis`. */
const MIN_POLL_MILLIS = 10;

/**
 * Works the jobs of one queue, a bounded number at once. Every job is worked at least once: the
 * lease of a worker that dies ends, and another worker takes its jobs; so handlers are written to be
 * repeated, with the job's id as the key.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { defineJob, KvJobStore, Queue, Worker } from "@echelon/framework/jobs";
 *
 * const done = Promise.withResolvers<string>();
 * const greet = defineJob<{ name: string }>({
 *   name: "greet",
 *   handler: ({ data }) => done.resolve(`Hello ${data.name}`),
 * });
 *
 * using kv = await Deno.openKv(":memory:");
 * const queue = new Queue({ store: new KvJobStore(kv) });
 * await using worker = new Worker(queue, [greet], { concurrency: 5 });
 * worker.start();
 * await queue.enqueue(greet, { name: "Ada" });
 * assert(await done.promise === "Hello Ada");
 * ```
 */
export class Worker implements AsyncDisposable {
  readonly #queue: WorkedQueue;
  readonly #settings: WorkerSettings;
  readonly #processor: Processor;
  readonly #active = new Set<Attempt>();
  readonly #wakeup = new Wakeup();
  #loop: Promise<void> | undefined;
  #stopping = false;
  #release: () => void = () => {};
  #idleMillis = MIN_POLL_MILLIS;
  #nextRecovery = 0;

  /**
   * @param queue Where the jobs come from.
   * @param jobs The definitions; a job of another name goes to the dead letters.
   * @param options How many at once, and for how long.
   * @throws {TypeError} When two definitions have the same name.
   * @throws {RangeError} When a number makes no sense.
   */
  constructor(queue: WorkedQueue, jobs: readonly Job<never>[], options: WorkerOptions = {}) {
    this.#queue = queue;
    this.#settings = workerSettings(options);
    this.#processor = new Processor(queue, jobsByName(jobs), this.#settings);
  }

  /**
   * Begins to work; a second call changes nothing.
   *
   * @throws {TypeError} When it was stopped: a worker works once.
   */
  start(): void {
    if (this.#stopping) {
      throw new TypeError("Cannot start a worker that was stopped: make a new one");
    }
    this.#loop ??= inBackground(() => {
      this.#release = this.#attach();
      return this.#work();
    });
  }

  /** Ties the worker to the process and the queue; gives what unties it. */
  #attach(): () => void {
    const { name, store } = this.#queue;
    const heartbeat = new Heartbeat(this.#active, { store, ...this.#settings });
    const untie = [
      () => heartbeat.stop(),
      store.listen(name, (event) => event === "ready" ? this.#wakeup.ring() : heartbeat.beat()),
      drainAtExit((deadline) => this.#drain(deadline), this.#settings.handleSignals),
      observeQueue(name, async () => {
        const { ready, delayed } = await store.stats(name);
        return ready + delayed;
      }),
    ];
    return () => untie.forEach((undo) => undo());
  }

  /**
   * Stops: claims nothing more and lets running jobs end. Those that have not at the timeout have
   * their signals aborted, and go back to the queue with the attempt not counted.
   */
  async stop(options: WorkerStopOptions = {}): Promise<void> {
    await drainWithin((deadline) => this.#drain(deadline), options.timeoutMillis);
  }

  /** Stops with the usual timeout. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #drain(deadline: AbortSignal): Promise<void> {
    this.#stopping = true;
    this.#wakeup.ring();
    const interrupt = () => {
      for (const attempt of this.#active) {
        const { name, id } = attempt.claimed;
        attempt.abort(
          new JobInterruptedError(`Job "${name}" (${id}) was not done when its worker stopped`),
        );
      }
    };
    await this.#loop;
    if (deadline.aborted) interrupt();
    deadline.addEventListener("abort", interrupt, { once: true });
    await Promise.all(Array.from(this.#active, ({ done }) => done));
    deadline.removeEventListener("abort", interrupt);
    this.#release();
    this.#release = () => {};
  }

  async #work(): Promise<void> {
    while (!this.#stopping) {
      let pause = this.#settings.pollMillis;
      try {
        await this.#recover();
        pause = await this.#claim();
      } catch (error) {
        this.#settings.logger.error("Could not take jobs from the queue", {
          queue: this.#queue.name,
          error,
        });
      }
      await this.#wakeup.sleep(pause);
    }
  }

  /** Takes jobs back whose workers are gone, twice in the time of a lease. */
  async #recover(): Promise<void> {
    if (Date.now() < this.#nextRecovery) return;
    const { name, store } = this.#queue;
    const jobs = await store.recover(name);
    this.#nextRecovery = Date.now() + this.#settings.leaseMillis / 2;
    if (jobs.length > 0) {
      this.#settings.logger.warn("Took jobs back whose workers are gone", { queue: name, jobs });
    }
  }

  /** Fills the free places, and tells how long to wait before asking again. */
  async #claim(): Promise<number> {
    const { concurrency, leaseMillis, pollMillis } = this.#settings;
    const limit = concurrency - this.#active.size;
    if (limit === 0) return pollMillis;
    const leaseUntil = Date.now() + leaseMillis;
    const { name, store } = this.#queue;
    const { jobs, nextDueAt } = await store.claim(name, { limit, leaseMillis });
    for (const job of jobs) this.#begin(new Attempt(job, leaseUntil));
    this.#idleMillis = jobs.length > 0
      ? MIN_POLL_MILLIS
      : Math.min(this.#idleMillis * 2, pollMillis);
    const due = nextDueAt === undefined ? Infinity : nextDueAt.getTime() - Date.now();
    return Math.max(0, Math.min(due, this.#idleMillis));
  }

  #begin(attempt: Attempt): void {
    this.#active.add(attempt);
    attempt.done = this.#processor.process(attempt).finally(() => {
      this.#active.delete(attempt);
      this.#wakeup.ring();
    });
  }
}
