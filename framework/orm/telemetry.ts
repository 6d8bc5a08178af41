import {
  ATTR_DB_COLLECTION_NAME,
  ATTR_DB_NAMESPACE,
  ATTR_DB_OPERATION_BATCH_SIZE,
  ATTR_DB_OPERATION_NAME,
  ATTR_DB_RESPONSE_RETURNED_ROWS,
  ATTR_DB_SYSTEM_NAME,
} from "../telemetry/attributes.ts";
import {
  type Attributes,
  context,
  errorType,
  isOTELEnabled,
  type Span,
  SpanKind,
  withSpan,
} from "../telemetry/otel.ts";
import { withSpan as withActiveSpan } from "../telemetry/otel_context.ts";
import { runFromRoot } from "../telemetry/context_binding.ts";
import { getOTelMetrics } from "../telemetry/otel_metrics.ts";

export { isOTELEnabled, runFromRoot, withActiveSpan };
export type { Span };

const DB_SYSTEM = "deno.kv";
const ATTR_DB_RESULT_FOUND = "db.result.found";
const ATTR_DB_RESULT_COMMITTED = "db.result.committed";

/** The operations of KV that have a span; its name is `kv.` and theirs. */
export type KvOperation =
  | "get"
  | "getMany"
  | "set"
  | "delete"
  | "list"
  | "atomic"
  | "watch"
  | "enqueue";

/** What every span of one KV says of where it went. */
export interface DbScope {
  /** The database's name. */
  readonly namespace: string;
  /** The model's name, where one is known; never a key. */
  readonly collection: string | undefined;
}

/**
 * Runs one KV operation in its span, and records how long it took.
 *
 * @param name The span's name.
 * @param scope The database and the model.
 * @param fn The operation. It gets the span, for what is known only later.
 */
export async function withDbSpan<T>(
  name: `kv.${KvOperation}`,
  scope: DbScope,
  fn: (span: Span) => Promise<T>,
): Promise<T> {
  const operation = startOperation(name, scope);
  try {
    const result = await withSpan(name, operation.options, fn);
    operation.measured();
    return result;
  } catch (error) {
    operation.measured(error);
    throw error;
  }
}

/** The span of an operation that goes on after the call: a list, a watch. */
export interface OpenDbSpan {
  readonly span: Span;
  /** Records the operation's duration now, once; the span goes on. */
  measured(): void;
  /** Ends the span, failed where an error is given. */
  end(...error: [] | [unknown]): void;
}

/** Opens the span of an operation that goes on after the call. */
export function openDbSpan(name: `kv.${KvOperation}`, scope: DbScope): OpenDbSpan {
  const operation = startOperation(name, scope);
  const over = Promise.withResolvers<void>();
  // Set at once: `withSpan` calls before it returns.
  let span!: Span;
  withSpan(name, operation.options, (opened) => {
    span = opened;
    return over.promise;
  }).catch(() => {
    // Who reads the list or the stream gets the error itself; here it has marked the span.
  });
  return {
    span,
    measured: () => operation.measured(),
    end: (...error) => {
      operation.measured(...error);
      if (error.length === 0) over.resolve();
      else over.reject(error[0]);
    },
  };
}

function startOperation(name: `kv.${KvOperation}`, { namespace, collection }: DbScope) {
  const operation = name.slice("kv.".length);
  const attributes: Attributes = {
    [ATTR_DB_SYSTEM_NAME]: DB_SYSTEM,
    [ATTR_DB_OPERATION_NAME]: operation,
    [ATTR_DB_NAMESPACE]: namespace,
  };
  if (collection !== undefined) attributes[ATTR_DB_COLLECTION_NAME] = collection;
  const started = performance.now();
  let recorded = false;
  return {
    options: { kind: SpanKind.CLIENT, attributes },
    measured: (...error: [] | [unknown]) => {
      if (recorded) return;
      recorded = true;
      getOTelMetrics().recordDbOperation({
        system: DB_SYSTEM,
        operation,
        collection,
        errorType: error.length === 0 ? undefined : errorType(error[0]),
        seconds: (performance.now() - started) / 1000,
      });
    },
  };
}

/** Tells whether the key had a value. */
export function setFound(span: Span, found: boolean): void {
  span.setAttribute(ATTR_DB_RESULT_FOUND, found);
}

/** Tells whether a transaction was written; `false` is a lost version check, which is no error. */
export function setCommitted(span: Span, committed: boolean): void {
  span.setAttribute(ATTR_DB_RESULT_COMMITTED, committed);
}

/** Tells how many entries came back. */
export function setReturnedRows(span: Span, rows: number): void {
  span.setAttribute(ATTR_DB_RESPONSE_RETURNED_ROWS, rows);
}

/** Tells how many operations went in one call; by the conventions one alone is not a batch. */
export function setBatchSize(span: Span, size: number): void {
  if (size > 1) span.setAttribute(ATTR_DB_OPERATION_BATCH_SIZE, size);
}
