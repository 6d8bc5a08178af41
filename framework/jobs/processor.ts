import type { LogLevel } from "../telemetry/logger.ts";
import type { Attempt, FailedOutcome } from "./attempt.ts";
import { toFailure } from "./failure.ts";
import type { Job } from "./job.ts";
import { toldWork } from "./job_events.ts";
import { retryDelay } from "./retry.ts";
import type { ClaimedJob, Settlement } from "./store.ts";
import { currentTrace, processSpan, settleSpan } from "./telemetry.ts";
import type { WorkedQueue, WorkerSettings } from "./worker_options.ts";

/** How an attempt that failed is told. */
const REPORTS: Readonly<Record<FailedOutcome, { level: LogLevel; message: string }>> = {
  retry: { level: "warn", message: "A job failed and will be tried again" },
  dead: { level: "error", message: "A job failed for good" },
  cancelled: { level: "info", message: "A job was cancelled" },
  released: { level: "warn", message: "A job was interrupted and goes back to its queue" },
  lost: { level: "warn", message: "A job is no longer this worker's" },
};

/** Works claimed jobs, each to its settlement. */
export class Processor {
  readonly #queue: WorkedQueue;
  readonly #jobs: ReadonlyMap<string, Job<never>>;
  readonly #settings: WorkerSettings;

  /**
   * @param queue Where the jobs come from.
   * @param jobs The definitions by name.
   * @param settings How the worker works.
   */
  constructor(
    queue: WorkedQueue,
    jobs: ReadonlyMap<string, Job<never>>,
    settings: WorkerSettings,
  ) {
    this.#queue = queue;
    this.#jobs = jobs;
    this.#settings = settings;
  }

  /** Makes an attempt. What the handler throws ends here; that it could not be stored is logged. */
  async process(attempt: Attempt): Promise<void> {
    const { claimed } = attempt;
    const { store, propagation } = this.#queue;
    let settled = false;
    const work = async () => {
      try {
        await attempt.run(this.#jobs.get(claimed.name), store);
      } catch (error) {
        await this.#fail(attempt, error);
        settled = true;
        // For the span's sake.
        throw error;
      }
      await settleSpan(
        claimed,
        { name: "job.complete", willRetry: false },
        () => this.#settle(claimed, { to: "completed" }),
      );
    };
    try {
      const told = toldWork(this.#settings.emit, claimed, work);
      await processSpan(claimed, propagation, told);
    } catch (error) {
      if (settled) return;
      this.#settings.logger.error("Could not store how a job ended: it will be worked again", {
        ...described(claimed),
        error,
      });
    }
  }

  async #fail(attempt: Attempt, error: unknown): Promise<void> {
    const { claimed } = attempt;
    const outcome = attempt.outcome(error);
    const { level, message } = REPORTS[outcome];
    this.#settings.logger.log(level, message, { ...described(claimed), error });
    if (outcome === "lost") return;
    const settlement = this.#settlement(claimed, outcome, error);
    const willRetry = outcome === "retry" || outcome === "released";
    await settleSpan(
      claimed,
      { name: "job.fail", willRetry },
      () => this.#settle(claimed, settlement),
    );
  }

  #settlement(
    { name, attempt }: ClaimedJob,
    outcome: Exclude<FailedOutcome, "lost">,
    error: unknown,
  ): Settlement {
    if (outcome === "released") return { to: outcome };
    const failure = toFailure(error);
    if (outcome === "cancelled") return { to: outcome, failure };
    const trace = currentTrace();
    const failed = { failure, ...(trace === undefined ? {} : { trace }) };
    if (outcome === "dead") return { to: outcome, ...failed };
    const policy = this.#jobs.get(name)?.retry;
    const delay = policy === undefined ? 0 : retryDelay(policy, attempt, this.#settings.random);
    return { to: outcome, dueAt: new Date(Date.now() + delay), ...failed };
  }

  async #settle(claimed: ClaimedJob, settlement: Settlement): Promise<void> {
    if (await this.#queue.store.settle(claimed.lease, settlement)) return;
    this.#settings.logger.warn(
      "A job ended after its lease, and may be worked twice",
      described(claimed),
    );
  }
}

function described({ queue, name, id, attempt }: ClaimedJob): Record<string, unknown> {
  return { queue, job: name, id, attempt };
}
