import {
  InvalidJobDataError,
  JobCancelledError,
  JobInterruptedError,
  JobLeaseLostError,
  JobTimeoutError,
  PermanentJobError,
  UnknownJobError,
} from "./errors.ts";
import type { Job } from "./job.ts";
import type { ClaimedJob, JobStore } from "./store.ts";

/** Where a failed attempt leaves its job; `lost` leaves it to whoever holds it now. */
export type FailedOutcome = "retry" | "dead" | "cancelled" | "released" | "lost";

/** One attempt at a job, while it runs. */
export class Attempt {
  readonly claimed: ClaimedJob;
  /** When the lease ends, as far as this worker knows. */
  leaseUntil: number;
  /** Whether the handler is done and the outcome is being stored. */
  settling = false;
  /** Settles when the outcome is stored, or could not be. */
  done: Promise<void> = Promise.resolve();
  readonly #abort = new AbortController();
  readonly #aborted: Promise<never>;

  /**
   * @param claimed The job.
   * @param leaseUntil When its lease ends.
   */
  constructor(claimed: ClaimedJob, leaseUntil: number) {
    this.claimed = claimed;
    this.leaseUntil = leaseUntil;
    const { signal } = this.#abort;
    // Listens before the handler can, so that the reason wins over what the handler makes of it.
    this.#aborted = new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
    this.#aborted.catch(() => {});
  }

  /** Ends the attempt with `reason`, whether its handler heeds the signal or not. */
  abort(reason: Error): void {
    this.#abort.abort(reason);
  }

  /**
   * Calls the handler.
   *
   * @param job The definition for the job, if there is one.
   * @param store Where the handler's progress is noted.
   * @throws What the handler throws, or the reason why it was not waited for any longer.
   */
  async run(job: Job<never> | undefined, store: JobStore): Promise<void> {
    const { claimed } = this;
    if (job === undefined) {
      throw new UnknownJobError(
        `Cannot work job "${claimed.name}": the worker of queue "${claimed.queue}" ` +
          `has no definition of that name`,
      );
    }
    const timer = setTimeout(() =>
      this.abort(
        new JobTimeoutError(`Job "${job.name}" took longer than ${job.timeoutMillis} ms`),
      ), job.timeoutMillis);
    const { id, name, queue, data, attempt, maxAttempts, lease } = claimed;
    const work = job.work({
      id,
      name,
      queue,
      data,
      attempt,
      maxAttempts,
      signal: this.#abort.signal,
      progress: async (progress) => {
        if (!await store.progress(lease, progress)) throw leaseLost(claimed);
      },
    });
    try {
      await Promise.race([work, this.#aborted]);
    } finally {
      clearTimeout(timer);
      this.settling = true;
    }
  }

  /** Where an error leaves the job. */
  outcome(error: unknown): FailedOutcome {
    if (error instanceof JobLeaseLostError) return "lost";
    if (error instanceof JobInterruptedError) return "released";
    if (error instanceof JobCancelledError) return "cancelled";
    const permanent = error instanceof PermanentJobError || error instanceof UnknownJobError ||
      error instanceof InvalidJobDataError;
    return permanent || this.claimed.attempt >= this.claimed.maxAttempts ? "dead" : "retry";
  }
}

/** Says that somebody else may be working a job by now. */
export function leaseLost({ id, name }: ClaimedJob): JobLeaseLostError {
  return new JobLeaseLostError(
    `The lease of job "${name}" (${id}) is lost: another worker may have taken it`,
  );
}
