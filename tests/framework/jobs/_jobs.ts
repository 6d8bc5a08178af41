import { KvJobStore, type KvJobStoreOptions } from "../../../framework/jobs/kv_job_store.ts";
import { Queue, type QueueOptions } from "../../../framework/jobs/queue.ts";
import type { JobInfo, JobState } from "../../../framework/jobs/store.ts";
import type { WorkerOptions } from "../../../framework/jobs/worker_options.ts";
import { Logger, type LogRecord } from "../../../framework/telemetry/logger.ts";

/** A queue in a database of its own, with a clock that moves only when it is told to. */
export interface TestQueue extends Disposable {
  readonly kv: Deno.Kv;
  readonly store: KvJobStore;
  readonly queue: Queue;
  /** Moves the store's clock. */
  advance(millis: number): void;
}

/** How a test's queue differs from the usual. */
export interface TestQueueOptions
  extends
    Pick<QueueOptions, "name" | "propagation">,
    Pick<KvJobStoreOptions, "keepFinishedMillis"> {}

/** Opens a queue in memory. */
export async function openTestQueue(options: TestQueueOptions = {}): Promise<TestQueue> {
  const { keepFinishedMillis, ...queueOptions } = options;
  const kv = await Deno.openKv(":memory:");
  let skipped = 0;
  const store = new KvJobStore(kv, {
    now: () => Date.now() + skipped,
    ...(keepFinishedMillis === undefined ? {} : { keepFinishedMillis }),
  });
  return {
    kv,
    store,
    queue: new Queue({ store, ...queueOptions }),
    advance: (millis) => {
      skipped += millis;
    },
    [Symbol.dispose]: () => kv.close(),
  };
}

/** Options of a worker that is quick and silent. */
export function quickWorker(options: WorkerOptions = {}): WorkerOptions {
  return {
    handleSignals: false,
    random: () => 0,
    logger: new Logger({ sinks: [] }),
    ...options,
  };
}

/** A logger that keeps what it is told. */
export function recordingLogger(): { logger: Logger; records: LogRecord[] } {
  const records: LogRecord[] = [];
  return { logger: new Logger({ sinks: [(record) => records.push(record)] }), records };
}

/** Waits until a job is in a state, by the changes of its record. */
export async function waitForState(
  { kv, queue }: Pick<TestQueue, "kv" | "queue">,
  id: string,
  state: JobState,
): Promise<JobInfo> {
  for await (const _ of kv.watch([["jobs", "job", id]])) {
    const job = await queue.get(id);
    if (job?.state === state) return job;
  }
  throw new Error("The database was closed");
}
