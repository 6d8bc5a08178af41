import type { StandardSchemaV1 } from "@standard-schema/spec";
import { InvalidJobDataError } from "./errors.ts";
import { type RetryOptions, type RetryPolicy, retryPolicy } from "./retry.ts";
import type { JobProgress } from "./store.ts";

/** What a handler gets. */
export interface JobContext<Data> {
  /** The job's id, the same in every attempt: the key to make the work idempotent by. */
  readonly id: string;
  /** The job's name. */
  readonly name: string;
  /** The queue it came from. */
  readonly queue: string;
  /** What was enqueued, as its schema gives it. */
  readonly data: Data;
  /** Which attempt this is, from 1. */
  readonly attempt: number;
  /** How many attempts the job gets in all. */
  readonly maxAttempts: number;
  /** Aborted when the attempt takes too long, is cancelled, loses its lease, or the worker stops. */
  readonly signal: AbortSignal;
  /**
   * Reports how far the job has come, for those who look it up.
   *
   * @throws {JobLeaseLostError} When the job is no longer this worker's.
   */
  progress(progress: JobProgress): Promise<void>;
}

/** How a job is defined, whatever its data. */
export interface JobSettings {
  /** Tells its jobs from others; stored with them, so keep it when code moves. */
  readonly name: string;
  /** How often and how soon it is tried again. */
  readonly retry?: RetryOptions;
  /** How long an attempt may take, in milliseconds; a minute unless told. */
  readonly timeoutMillis?: number;
}

/** How a job without a schema is defined. */
export interface JobDefinition<Data> extends JobSettings {
  /** Does the work; may be called more than once for one job. */
  readonly handler: (context: JobContext<Data>) => unknown;
}

/** How a job with a schema is defined. */
export interface SchemaJobDefinition<Schema extends StandardSchemaV1> extends JobSettings {
  /** What its data must be, in any library that follows Standard Schema. */
  readonly schema: Schema;
  /** Does the work; may be called more than once for one job. */
  readonly handler: (context: JobContext<StandardSchemaV1.InferOutput<Schema>>) => unknown;
}

/**
 * A defined job: what queues enqueue and workers work.
 *
 * @typeParam Input What is enqueued.
 */
export interface Job<Input> {
  /** The job's name. */
  readonly name: string;
  /** How often and how soon it is tried again. */
  readonly retry: RetryPolicy;
  /** How long an attempt may take, in milliseconds. */
  readonly timeoutMillis: number;
  /**
   * Checks data before they are enqueued.
   *
   * @throws {InvalidJobDataError} When they do not fit the schema.
   */
  validate(data: Input): Promise<void>;
  /**
   * Parses the data again, since the code may have changed meanwhile, and calls the handler.
   *
   * @throws {InvalidJobDataError} When they do not fit the schema any more.
   */
  work(context: JobContext<unknown>): Promise<void>;
}

const DEFAULT_TIMEOUT_MILLIS = 60_000;

/** What a timer can count to; more of it would fire at once. */
const MAX_TIMEOUT_MILLIS = 2 ** 31 - 1;

/**
 * Defines a job whose data a schema checks, when they are enqueued and again when they are worked.
 * What is stored is what was given; the handler gets the schema's output.
 */
export function defineJob<Schema extends StandardSchemaV1>(
  definition: SchemaJobDefinition<Schema>,
): Job<StandardSchemaV1.InferInput<Schema>>;
/**
 * Defines a job.
 *
 * @throws {TypeError} When it has no name.
 * @throws {RangeError} When the retries or the timeout make no sense.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { defineJob } from "@echelon/framework/jobs";
 *
 * const sendReceipt = defineJob<{ orderId: string }>({
 *   name: "receipt.send",
 *   retry: { attempts: 8, baseMillis: 2_000 },
 *   timeoutMillis: 30_000,
 *   handler: async ({ id, data, signal }) => {
 *     await fetch("https://mail.example/send", {
 *       method: "POST",
 *       headers: { "Idempotency-Key": id },
 *       body: JSON.stringify({ template: "receipt", order: data.orderId }),
 *       signal,
 *     });
 *   },
 * });
 * assert(sendReceipt.retry.attempts === 8);
 * ```
 */
export function defineJob<Data = undefined>(definition: JobDefinition<Data>): Job<Data>;
export function defineJob(
  definition: JobDefinition<unknown> & { readonly schema?: StandardSchemaV1 },
): Job<unknown> {
  const { name, schema, handler, timeoutMillis = DEFAULT_TIMEOUT_MILLIS } = definition;
  if (typeof name !== "string" || name === "") {
    throw new TypeError(`Cannot define a job named ${JSON.stringify(name)}: expected some text`);
  }
  if (!(timeoutMillis > 0 && timeoutMillis <= MAX_TIMEOUT_MILLIS)) {
    throw new RangeError(
      `Cannot give job "${name}" a timeout of ${timeoutMillis} ms: ` +
        `"timeoutMillis" is above 0 and at most ${MAX_TIMEOUT_MILLIS}`,
    );
  }
  const parse = async (data: unknown): Promise<unknown> => {
    if (schema === undefined) return data;
    const result = await schema["~standard"].validate(data);
    if (result.issues === undefined) return result.value;
    throw new InvalidJobDataError(
      `The data of job "${name}" do not fit its schema: ${describeIssues(result.issues)}`,
      { issues: result.issues },
    );
  };
  return {
    name,
    retry: retryPolicy(definition.retry),
    timeoutMillis,
    validate: async (data) => {
      await parse(data);
    },
    work: async (context) => {
      const data = await parse(context.data);
      await handler(data === context.data ? context : { ...context, data });
    },
  };
}

function describeIssues(issues: readonly StandardSchemaV1.Issue[]): string {
  return issues.map(({ message, path = [] }) => {
    const keys = path.map((part) => String(typeof part === "object" ? part.key : part));
    return keys.length === 0 ? message : `"${keys.join(".")}": ${message}`;
  }).join("; ");
}
