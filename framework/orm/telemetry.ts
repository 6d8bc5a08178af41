import { isMeasured } from "../telemetry/active_meter.ts";
import {
  ATTR_DB_COLLECTION_NAME,
  ATTR_DB_NAMESPACE,
  ATTR_DB_OPERATION_BATCH_SIZE,
  ATTR_DB_OPERATION_NAME,
  ATTR_DB_RESPONSE_RETURNED_ROWS,
  ATTR_DB_SYSTEM_NAME,
} from "../telemetry/attributes.ts";
import { type Attributes, errorType, type Span, SpanKind, withSpan } from "../telemetry/otel.ts";
import { withSpan as withActiveSpan } from "../telemetry/otel_context.ts";
import { runFromRoot } from "../telemetry/context_binding.ts";
import { getOTelMetrics } from "../telemetry/otel_metrics.ts";

export { runFromRoot, withActiveSpan };
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

/** What a model's operation tells: `orm:query` before it, and `orm:result` unless it failed. */
export interface OrmEvent {
  /** Which of the two it is. */
  readonly type: "orm:query" | "orm:result";
  /** The operation has a span already. */
  readonly traced: true;
  /** The model's name, and the operation's: never a key or a value. */
  readonly data: { readonly model: string; readonly operation: string };
}

/** Hears of the operations of models: a debugger's `emit` does. */
export type OrmEmit = (event: OrmEvent) => void;

/** What every span of one KV says of where it went, and who else hears of it. */
export interface DbScope {
  /** The database's name. */
  readonly namespace: string;
  /** The model's name, where one is known; never a key. */
  readonly collection: string | undefined;
  /** Hears of operations whose model is known. */
  readonly emit: OrmEmit | undefined;
}

/** Whether anybody is told of an operation. */
export function isObserved({ emit, collection }: DbScope): boolean {
  return emit !== undefined && collection !== undefined || isMeasured();
}

/**
 * Runs one KV operation in its span, tells of it, and records how long it took.
 *
 * @param name The span's name.
 * @param scope The database, the model, and who hears of it.
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
    operation.answered();
    return result;
  } catch (error) {
    operation.answered(error);
    throw error;
  }
}

/** The span of an operation that goes on after the call: a list, a watch. */
export interface OpenDbSpan {
  readonly span: Span;
  /** Tells of the operation's result and records its duration now, once; the span goes on. */
  answered(): void;
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
    answered: () => operation.answered(),
    end: (...error) => {
      operation.answered(...error);
      if (error.length === 0) over.resolve();
      else over.reject(error[0]);
    },
  };
}

function startOperation(name: `kv.${KvOperation}`, scope: DbScope) {
  const { namespace, collection } = scope;
  const operation = name.slice("kv.".length);
  const attributes: Attributes = {
    [ATTR_DB_SYSTEM_NAME]: DB_SYSTEM,
    [ATTR_DB_OPERATION_NAME]: operation,
    [ATTR_DB_NAMESPACE]: namespace,
  };
  if (collection !== undefined) attributes[ATTR_DB_COLLECTION_NAME] = collection;
  tell(scope, "orm:query", operation);
  const started = performance.now();
  let answered = false;
  return {
    options: { kind: SpanKind.CLIENT, attributes },
    answered: (...error: [] | [unknown]) => {
      if (answered) return;
      answered = true;
      if (error.length === 0) tell(scope, "orm:result", operation);
      if (!isMeasured()) return;
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

function tell({ emit, collection }: DbScope, type: OrmEvent["type"], operation: string): void {
  if (emit === undefined || collection === undefined) return;
  emit({ type, traced: true, data: { model: collection, operation } });
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
