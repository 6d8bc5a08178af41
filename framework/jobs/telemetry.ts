import { isMeasured } from "../telemetry/active_meter.ts";
import {
  ATTR_MESSAGING_BATCH_MESSAGE_COUNT,
  ATTR_MESSAGING_DESTINATION_NAME,
  ATTR_MESSAGING_MESSAGE_ID,
  ATTR_MESSAGING_OPERATION_NAME,
  ATTR_MESSAGING_OPERATION_TYPE,
  ATTR_MESSAGING_SYSTEM_NAME,
} from "../telemetry/attributes.ts";
import { observeQueueDepth } from "../telemetry/metrics_gauges.ts";
import {
  type Attributes,
  context,
  errorType,
  isOTELEnabled,
  type Link,
  type Span,
  SpanKind,
  withSpan,
} from "../telemetry/otel.ts";
import {
  extractFromCarrier,
  injectIntoCarrier,
  linkFromCarrier,
  type TraceCarrier,
} from "../telemetry/otel_context.ts";
import { getOTelMetrics, MESSAGING_SYSTEM } from "../telemetry/otel_metrics.ts";
import type { AddedJob, ClaimedJob, NewJob } from "./store.ts";

/**
 * How the work of a job is tied to the trace that enqueued it: `link` gives it a trace of its own
 * that is linked to it, `child` carries that trace on, `none` keeps the two apart.
 */
export type Propagation = "link" | "child" | "none";

/** What a job's trace may take of its record, for each header; a larger one is left out. */
const MAX_CARRIER_CHARS = 4_096;

/** The key by which every OpenTelemetry SDK for JavaScript knows work that is not to be traced. */
const SUPPRESS_TRACING = Symbol.for("OpenTelemetry SDK Context Key SUPPRESS_TRACING");

/**
 * Runs what a worker does on its own account, such as polling, outside every trace: it neither
 * belongs to the request that happened to start the worker nor deserves traces of its own.
 */
export function inBackground<T>(fn: () => T): T {
  return context.with(extractFromCarrier({}).setValue(SUPPRESS_TRACING, true), fn);
}

/** The active trace in a form to be stored, or `undefined` where there is none. */
export function currentTrace(): TraceCarrier | undefined {
  if (!isOTELEnabled()) return undefined;
  const headers = Object.entries(injectIntoCarrier())
    .filter(([, value]) => value.length <= MAX_CARRIER_CHARS);
  return headers.length === 0 ? undefined : Object.fromEntries(headers);
}

/**
 * Sends jobs of one name to one queue inside `job.enqueue`, and gives them its trace to carry.
 *
 * @param jobs At least one.
 * @param propagation `none` gives them no trace.
 * @param send Hands the jobs to the store.
 */
export function enqueueSpan(
  jobs: readonly NewJob[],
  propagation: Propagation,
  send: (jobs: readonly NewJob[]) => Promise<readonly AddedJob[]>,
): Promise<readonly AddedJob[]> {
  return isMeasured() ? observeEnqueue(jobs, propagation, send) : send(jobs);
}

async function observeEnqueue(
  jobs: readonly NewJob[],
  propagation: Propagation,
  send: (jobs: readonly NewJob[]) => Promise<readonly AddedJob[]>,
): Promise<readonly AddedJob[]> {
  const [first] = jobs;
  if (first === undefined) return send(jobs);
  const { queue } = first;
  const started = performance.now();
  const sent = (count: number, failure?: string) =>
    getOTelMetrics().recordJobsSent({
      queue,
      count,
      errorType: failure,
      seconds: (performance.now() - started) / 1_000,
    });
  const attributes = jobs.length === 1
    ? jobAttributes(first, "enqueue", "send")
    : batchAttributes(first, jobs.length);
  try {
    const added = await withSpan(
      "job.enqueue",
      { kind: SpanKind.PRODUCER, attributes },
      async (span) => {
        const trace = propagation === "none" ? undefined : currentTrace();
        const added = await send(
          trace === undefined ? jobs : jobs.map((job) => ({ ...job, trace })),
        );
        if (jobs.length === 1) nameDuplicate(span, added[0]);
        return added;
      },
    );
    sent(added.filter(({ duplicate }) => !duplicate).length);
    return added;
  } catch (error) {
    sent(jobs.length, errorType(error));
    throw error;
  }
}

/** Nothing was added, so that the span tells the job that is there already. */
function nameDuplicate(span: Span, added: AddedJob | undefined): void {
  if (added?.duplicate) {
    span.setAttributes({ "job.id": added.id, [ATTR_MESSAGING_MESSAGE_ID]: added.id });
  }
}

/**
 * Works a job inside `job.process`: outside every other trace, tied to the one that enqueued it as
 * `propagation` says, and linked to the attempt before.
 */
export function processSpan(
  job: ClaimedJob,
  propagation: Propagation,
  work: () => Promise<void>,
): Promise<void> {
  return isMeasured() ? observeProcess(job, propagation, work) : work();
}

async function observeProcess(
  job: ClaimedJob,
  propagation: Propagation,
  work: () => Promise<void>,
): Promise<void> {
  const { queue, name } = job;
  const origin = propagation === "none" ? {} : job.trace ?? {};
  const metrics = getOTelMetrics();
  metrics.recordJobLag(queue, Math.max(0, Date.now() - job.dueAt.getTime()) / 1_000);
  const options = {
    kind: SpanKind.CONSUMER,
    root: propagation !== "child",
    attributes: {
      ...jobAttributes(job, "process", "process"),
      "job.attempt": job.attempt,
    },
    links: linksTo(propagation === "link" ? origin : {}, job.previousTrace ?? {}),
  };
  const started = performance.now();
  let failure: string | undefined;
  try {
    await context.with(extractFromCarrier(origin), () => withSpan("job.process", options, work));
  } catch (error) {
    failure = errorType(error);
    throw error;
  } finally {
    const seconds = (performance.now() - started) / 1_000;
    metrics.recordJob({ queue, name, errorType: failure, seconds });
  }
}

function linksTo(...carriers: readonly TraceCarrier[]): Link[] {
  return carriers.map(linkFromCarrier).filter((link) => link !== undefined);
}

/** Stores the end of an attempt inside `job.complete` or `job.fail`. */
export function settleSpan<T>(
  job: ClaimedJob,
  outcome: { readonly name: "job.complete" | "job.fail"; readonly willRetry: boolean },
  settle: () => Promise<T>,
): Promise<T> {
  if (!isOTELEnabled()) return settle();
  const attributes = {
    "job.id": job.id,
    "job.attempt": job.attempt,
    "job.will_retry": outcome.willRetry,
  };
  return withSpan(outcome.name, { attributes }, settle);
}

/** Runs one tick of a schedule inside `cron.{name}`, a trace of its own. */
export function cronSpan(
  schedule: { readonly name: string; readonly pattern: string },
  run: () => Promise<void>,
): Promise<void> {
  if (!isOTELEnabled()) return run();
  const attributes = {
    "deno.cron.name": schedule.name,
    "deno.cron.schedule": schedule.pattern,
  };
  return context.with(
    extractFromCarrier({}),
    () => withSpan(`cron.${schedule.name}`, { root: true, attributes }, run),
  );
}

/**
 * Observes how many jobs of a queue wait.
 *
 * @param queue The queue's name.
 * @param waiting Counts them.
 * @returns Ends it.
 */
export function observeQueue(queue: string, waiting: () => Promise<number>): () => void {
  return observeQueueDepth(queue, () => inBackground(waiting));
}

type DescribedJob = Pick<NewJob, "id" | "name" | "queue" | "maxAttempts">;

function jobAttributes(job: DescribedJob, operation: string, type: string): Attributes {
  return {
    "job.name": job.name,
    "job.id": job.id,
    "job.queue": job.queue,
    "job.max_attempts": job.maxAttempts,
    ...messagingAttributes(job.queue, operation, type),
    [ATTR_MESSAGING_MESSAGE_ID]: job.id,
  };
}

function batchAttributes({ name, queue }: DescribedJob, count: number): Attributes {
  return {
    "job.name": name,
    "job.queue": queue,
    ...messagingAttributes(queue, "enqueue", "send"),
    [ATTR_MESSAGING_BATCH_MESSAGE_COUNT]: count,
  };
}

function messagingAttributes(queue: string, operation: string, type: string): Attributes {
  return {
    [ATTR_MESSAGING_SYSTEM_NAME]: MESSAGING_SYSTEM,
    [ATTR_MESSAGING_OPERATION_NAME]: operation,
    [ATTR_MESSAGING_OPERATION_TYPE]: type,
    [ATTR_MESSAGING_DESTINATION_NAME]: queue,
  };
}
