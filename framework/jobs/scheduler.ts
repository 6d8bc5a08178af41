import { Cron } from "croner";
import { createLogger, type Logger } from "../telemetry/logger.ts";
import { drainAtExit, drainWithin } from "./draining.ts";
import { checkName } from "./names.ts";
import type { JobStore } from "./store.ts";
import { cronSpan, inBackground } from "./telemetry.ts";

/** What runs at a tick gets. */
export interface TickContext {
  /** The schedule's name. */
  readonly name: string;
  /** The tick: the time the run was planned for, not that at which it began. */
  readonly scheduledAt: Date;
  /** Aborted when the scheduler stops and cannot wait any longer. */
  readonly signal: AbortSignal;
}

/** What runs when. */
export interface Schedule {
  /** Tells its ticks from those of others, in every process. */
  readonly name: string;
  /** A cron expression: `0 3 * * *`, or `*\/10 * * * * *` with seconds. */
  readonly pattern: string;
  /** Runs once at each tick, in one of the processes. */
  readonly run: (context: TickContext) => unknown;
  /** The time zone of the pattern, such as `Europe/Berlin`; UTC unless told. */
  readonly timeZone?: string;
  /**
   * What becomes of ticks that went by while no process was there: `skip` forgets them, `run_once`
   * runs the last of them at the start. `skip` unless told.
   */
  readonly missed?: "skip" | "run_once";
}

/** How a scheduler is set up. */
export interface SchedulerOptions {
  /** Where the processes agree on who runs a tick. */
  readonly store: Pick<JobStore, "lastTick" | "claimTick">;
  /** Whether SIGINT and SIGTERM end the process in good order: `true` unless told. */
  readonly handleSignals?: boolean;
  /** Where failures are told. */
  readonly logger?: Logger;
}

/** How a scheduler stops. */
export interface SchedulerStopOptions {
  /** How long what runs may take to end, in milliseconds; 10,000 unless told. */
  readonly timeoutMillis?: number;
}

/** No timer is longer than this: one that slept through a change of the clock soon finds out. */
const MAX_SLEEP_MILLIS = 60_000;

/**
 * Runs functions by cron expressions, each tick once across every process that shares the store. A
 * tick is claimed before it runs, so a process killed in the middle of one does not run it again:
 * what has to survive that is enqueued as a job.
 *
 * @example
 * ```ts
 * import { defineJob, KvJobStore, Queue, Scheduler } from "@echelon/framework/jobs";
 *
 * const report = defineJob<{ day: string }>({ name: "report.build", handler: () => {} });
 *
 * using kv = await Deno.openKv(":memory:");
 * const store = new KvJobStore(kv);
 * const queue = new Queue({ store });
 * await using scheduler = new Scheduler({ store });
 * scheduler.schedule({
 *   name: "nightly-report",
 *   pattern: "0 3 * * *",
 *   timeZone: "Europe/Berlin",
 *   run: ({ scheduledAt }) => queue.enqueue(report, { day: scheduledAt.toISOString() }),
 * });
 * scheduler.start();
 * ```
 */
export class Scheduler implements AsyncDisposable {
  readonly #store: SchedulerOptions["store"];
  readonly #logger: Logger;
  readonly #handleSignals: boolean;
  readonly #schedules = new Map<string, { readonly schedule: Schedule; readonly cron: Cron }>();
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #running = new Set<Promise<void>>();
  readonly #abort = new AbortController();
  #state: "new" | "running" | "stopped" = "new";
  #release: () => void = () => {};

  /** @param options The store that the processes share. */
  constructor(options: SchedulerOptions) {
    this.#store = options.store;
    this.#handleSignals = options.handleSignals ?? true;
    this.#logger = options.logger ?? createLogger({ name: "echelon.jobs" });
  }

  /**
   * Adds a schedule; before or after the start.
   *
   * @throws {TypeError} When there is one of that name, or the pattern or time zone has no meaning.
   */
  schedule(schedule: Schedule): void {
    const { name, pattern, timeZone = "UTC" } = schedule;
    checkName("schedule", name);
    if (this.#schedules.has(name)) {
      throw new TypeError(
        `Cannot schedule "${name}" twice: give each schedule a name of its own`,
      );
    }
    let cron: Cron;
    try {
      cron = new Cron(pattern, { timezone: timeZone });
      cron.nextRun();
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new TypeError(
        `Cannot schedule "${name}" at "${pattern}" in "${timeZone}": ${reason}`,
        { cause },
      );
    }
    this.#schedules.set(name, { schedule, cron });
    if (this.#state === "running") inBackground(() => this.#begin(schedule, cron));
  }

  /**
   * Begins to run what is scheduled; a second call changes nothing.
   *
   * @throws {TypeError} When it was stopped: a scheduler works once.
   */
  start(): void {
    if (this.#state === "stopped") {
      throw new TypeError("Cannot start a scheduler that was stopped: make a new one");
    }
    if (this.#state === "running") return;
    this.#state = "running";
    inBackground(() => {
      this.#release = drainAtExit((deadline) => this.#drain(deadline), this.#handleSignals);
      for (const { schedule, cron } of this.#schedules.values()) this.#begin(schedule, cron);
    });
  }

  /** Stops: runs no tick more, and waits for what runs; at the timeout its signal is aborted. */
  async stop(options: SchedulerStopOptions = {}): Promise<void> {
    await drainWithin((deadline) => this.#drain(deadline), options.timeoutMillis);
  }

  /** Stops with the usual timeout. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #drain(deadline: AbortSignal): Promise<void> {
    this.#state = "stopped";
    for (const timer of this.#timers.values()) clearTimeout(timer);
    const { promise: cut, resolve } = Promise.withResolvers<void>();
    const interrupt = () => {
      this.#abort.abort(new DOMException("The scheduler stops", "AbortError"));
      resolve();
    };
    if (deadline.aborted) interrupt();
    deadline.addEventListener("abort", interrupt, { once: true });
    await Promise.race([Promise.all(this.#running), cut]);
    deadline.removeEventListener("abort", interrupt);
    this.#release();
    this.#release = () => {};
  }

  #begin(schedule: Schedule, cron: Cron): void {
    const now = new Date();
    if (schedule.missed === "run_once") {
      this.#track(schedule.name, this.#runMissed(schedule, cron, now));
    }
    this.#arm(schedule, cron, cron.nextRun(now));
  }

  #arm(schedule: Schedule, cron: Cron, tick: Date | null): void {
    if (tick === null || this.#state !== "running") return;
    const wake = () => {
      const now = Date.now();
      if (now < tick.getTime()) return this.#arm(schedule, cron, tick);
      // A machine that slept finds several ticks gone by: the last of them stands for all.
      const last = lastTickUntil(cron, now) ?? tick;
      this.#track(schedule.name, this.#runTick(schedule, last));
      this.#arm(schedule, cron, cron.nextRun(last));
    };
    const sleep = Math.max(0, Math.min(tick.getTime() - Date.now(), MAX_SLEEP_MILLIS));
    this.#timers.set(schedule.name, setTimeout(wake, sleep));
  }

  async #runMissed(schedule: Schedule, cron: Cron, now: Date): Promise<void> {
    const last = await this.#store.lastTick(schedule.name);
    const missed = lastTickUntil(cron, now.getTime());
    if (last === undefined) {
      // From here on there is a time since which ticks can be missed.
      await this.#store.claimTick(schedule.name, now);
    } else if (missed !== undefined && missed > last) {
      await this.#runTick(schedule, missed);
    }
  }

  async #runTick({ name, pattern, run }: Schedule, scheduledAt: Date): Promise<void> {
    if (!await this.#store.claimTick(name, scheduledAt)) return;
    const { signal } = this.#abort;
    await cronSpan({ name, pattern }, async () => {
      await run({ name, scheduledAt, signal });
    });
  }

  #track(schedule: string, run: Promise<void>): void {
    const tracked = run.catch((error) => {
      this.#logger.error("A schedule's run failed", { schedule, error });
    }).finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
  }
}

function lastTickUntil(cron: Cron, now: number): Date | undefined {
  return cron.previousRuns(1, new Date(now + 1))[0];
}
