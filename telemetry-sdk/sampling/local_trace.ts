import type { SpanContext } from "@opentelemetry/api";
import type { ReadableSpan, Span } from "@opentelemetry/sdk-trace-base";
import type { KeepReason } from "./tail_stats.ts";

/** About what a trace takes that holds no span yet. */
const TRACE_BYTES = 300;

/** The spans of one trace in this process, below the one by which it began here or came in. */
export class LocalTrace {
  /** Ended spans that wait for the decision. */
  spans: ReadableSpan[] = [];
  /** About what they take. */
  bytes = TRACE_BYTES;
  /** The decision; nothing while it is open. */
  verdict: KeepReason | "dropped" | undefined;
  /** Neighbours among those that are open. */
  older: LocalTrace | undefined;
  newer: LocalTrace | undefined;

  /**
   * @param owner Who decides on it.
   * @param root The span at whose end the decision is due.
   * @param startedAt When it started, by the owner's clock.
   */
  constructor(readonly owner: object, readonly root: Span, readonly startedAt: number) {}
}

const LOCAL_TRACE = Symbol("local trace");

/** A span's context, of which the tracer gives out the same object each time. */
interface MarkedContext extends SpanContext {
  [LOCAL_TRACE]?: LocalTrace;
}

/**
 * Has a span's context know its trace. So a decision lives as long as something can still start or
 * end a span of the trace, and no longer. A `WeakMap` would do the same for half a microsecond.
 */
export function markContext(context: MarkedContext, trace: LocalTrace): void {
  if (Object.isExtensible(context)) context[LOCAL_TRACE] = trace;
}

/** The trace that a context is marked with, if the owner is this one. */
export function localTraceOf(context: MarkedContext, owner: object): LocalTrace | undefined {
  const trace = context[LOCAL_TRACE];
  return trace?.owner === owner ? trace : undefined;
}

/**
 * The traces that are open, the oldest first. A list and not a `Set`: traces leave from anywhere in
 * it, and a `Set` searches for its first entry through the holes that they leave.
 */
export class OpenTraces {
  #oldest: LocalTrace | undefined;
  #newest: LocalTrace | undefined;
  #size = 0;

  /** How many there are. */
  get size(): number {
    return this.#size;
  }

  /** The one that has waited longest. */
  get oldest(): LocalTrace | undefined {
    return this.#oldest;
  }

  /** Adds the newest. */
  add(trace: LocalTrace): void {
    trace.older = this.#newest;
    if (this.#newest === undefined) this.#oldest = trace;
    else this.#newest.newer = trace;
    this.#newest = trace;
    this.#size++;
  }

  /** Takes out one that is in it. */
  remove(trace: LocalTrace): void {
    if (trace.older === undefined) this.#oldest = trace.newer;
    else trace.older.newer = trace.newer;
    if (trace.newer === undefined) this.#newest = trace.older;
    else trace.newer.older = trace.older;
    // A decided trace lives on beside its late spans, and must not hold its neighbours.
    trace.older = trace.newer = undefined;
    this.#size--;
  }
}
