import { createLogger, type Logger } from "../telemetry/logger.ts";
import type { Job } from "./job.ts";
import type { JobEmit } from "./job_events.ts";
import type { JobStore } from "./store.ts";
import type { Propagation } from "./telemetry.ts";

/** What a worker takes jobs from: a {@linkcode Queue}. */
export interface WorkedQueue {
  /** Its name. */
  readonly name: string;
  /** Where its jobs are kept. */
  readonly store: JobStore;
  /** How the work of its jobs is tied to the trace that enqueued them. */
  readonly propagation: Propagation;
}

/** How a worker works. */
export interface WorkerOptions {
  /** How many jobs at once; 10 unless told. */
  readonly concurrency?: number;
  /** How long a worker that is gone keeps its jobs from others, in milliseconds: 30,000. */
  readonly leaseMillis?: number;
  /** How often the leases of running jobs are extended; a third of `leaseMillis` unless told. */
  readonly heartbeatMillis?: number;
  /** How long an idle worker waits at most before it asks again, in milliseconds: 500. */
  readonly pollMillis?: number;
  /** Whether SIGINT and SIGTERM end the process in good order: `true` unless told. */
  readonly handleSignals?: boolean;
  /** Where failures are told. */
  readonly logger?: Logger;
  /** Is told when an attempt begins and ends: a debugger's `emit`; nobody unless told. */
  readonly emit?: JobEmit;
  /** Gives a number from 0 to below 1, for the jitter of retries; for tests. */
  readonly random?: () => number;
}

/** {@linkcode WorkerOptions} with every value known and checked. */
export type WorkerSettings = Required<Omit<WorkerOptions, "emit">> & Pick<WorkerOptions, "emit">;

/** What a timer can count to; more of it would fire at once. */
const MAX_TIMER_MILLIS = 2 ** 31 - 1;

/**
 * Completes and checks a worker's options.
 *
 * @throws {RangeError} When a number makes no sense.
 */
export function workerSettings(options: WorkerOptions): WorkerSettings {
  const { leaseMillis = 30_000 } = options;
  const settings: WorkerSettings = {
    concurrency: 10,
    heartbeatMillis: leaseMillis / 3,
    pollMillis: 500,
    handleSignals: true,
    logger: options.logger ?? createLogger({ name: "echelon.jobs" }),
    random: Math.random,
    ...options,
    leaseMillis,
  };
  const { concurrency, heartbeatMillis } = settings;
  if (!Number.isSafeInteger(concurrency) || concurrency < 1) {
    throw new RangeError(
      `Cannot work ${concurrency} jobs at once: "concurrency" is an integer from 1`,
    );
  }
  for (const name of ["leaseMillis", "heartbeatMillis", "pollMillis"] as const) {
    if (!(settings[name] > 0 && settings[name] <= MAX_TIMER_MILLIS)) {
      throw new RangeError(
        `Cannot work with "${name}" of ${settings[name]}: ` +
          `expected a number above 0 and at most ${MAX_TIMER_MILLIS}`,
      );
    }
  }
  if (heartbeatMillis >= leaseMillis) {
    throw new RangeError(
      `Cannot extend leases of ${leaseMillis} ms every ${heartbeatMillis} ms: ` +
        `"heartbeatMillis" is less than "leaseMillis"`,
    );
  }
  return settings;
}

/**
 * Finds definitions by their names.
 *
 * @throws {TypeError} When two have the same.
 */
export function jobsByName(jobs: readonly Job<never>[]): ReadonlyMap<string, Job<never>> {
  const found = new Map<string, Job<never>>();
  for (const job of jobs) {
    if (found.has(job.name)) {
      throw new TypeError(
        `Cannot work two jobs named "${job.name}": give each definition its own name`,
      );
    }
    found.set(job.name, job);
  }
  return found;
}
