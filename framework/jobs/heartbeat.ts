import type { Logger } from "../telemetry/logger.ts";
import { type Attempt, leaseLost } from "./attempt.ts";
import { JobCancelledError } from "./errors.ts";
import type { JobStore } from "./store.ts";

/** What a heartbeat needs to know. */
export interface HeartbeatOptions {
  readonly store: JobStore;
  readonly leaseMillis: number;
  readonly heartbeatMillis: number;
  readonly logger: Logger;
}

/**
 * Keeps the leases of running attempts for as long as the process lives, and ends those that were
 * cancelled or whose leases are lost all the same.
 */
export class Heartbeat {
  readonly #attempts: Iterable<Attempt>;
  readonly #options: HeartbeatOptions;
  readonly #timer: ReturnType<typeof setInterval>;

  /**
   * @param attempts The running ones, whenever it beats.
   * @param options How often, and for how long.
   */
  constructor(attempts: Iterable<Attempt>, options: HeartbeatOptions) {
    this.#attempts = attempts;
    this.#options = options;
    this.#timer = setInterval(() => this.beat(), options.heartbeatMillis);
  }

  /** Beats now. */
  beat(): void {
    for (const attempt of this.#attempts) {
      if (!attempt.settling) void this.#extend(attempt);
    }
  }

  /** Beats no more. */
  stop(): void {
    clearInterval(this.#timer);
  }

  async #extend(attempt: Attempt): Promise<void> {
    const { lease, name, id } = attempt.claimed;
    const { store, leaseMillis, logger } = this.#options;
    const leaseUntil = Date.now() + leaseMillis;
    try {
      const state = await store.extend(lease, leaseMillis);
      // Once it is being settled, the lease may be gone for that very reason.
      if (attempt.settling) return;
      if (state === "lost") attempt.abort(leaseLost(attempt.claimed));
      else if (state === "held") attempt.leaseUntil = leaseUntil;
      else attempt.abort(new JobCancelledError(`Job "${name}" (${id}) was cancelled`));
    } catch (error) {
      logger.error("Could not extend the lease of a job", { job: name, id, error });
      if (Date.now() >= attempt.leaseUntil) attempt.abort(leaseLost(attempt.claimed));
    }
  }
}
