import { type Context, context, diag, type Span, trace, type Tracer } from "@opentelemetry/api";
import { endFailed, recordSpanException } from "../telemetry/otel.ts";
import { getRequestContext } from "../telemetry/otel_context.ts";
import type {
  DebugEvent,
  DebugEventOf,
  DebugEventType,
  DebugOperation,
  DebugOperationType,
} from "./events.ts";
import { checkedThreshold, type DebugThreshold, reaches } from "./levels.ts";
import type { DebugListener } from "./listener.ts";
import { OpenSpans, type Unclosed } from "./open_spans.ts";
import {
  OPERATION_EVENTS,
  operationKey,
  operationName,
  operationOf,
  withBothEnds,
} from "./operations.ts";
import type { DebugScope } from "./scope.ts";
import { asSpanEvent, operationAttributes, ruleOf } from "./span_table.ts";
import type { TimingEntry } from "./timeline.ts";

/** What a bridge carries over, and how much it keeps. */
export interface DebuggerOTelBridgeOptions {
  /** What is less than this is not carried over; everything is unless told. */
  readonly minimumLevel?: DebugThreshold;
  /** Types that are not carried over; one end of an operation stands for the whole. */
  readonly ignoredTypes?: readonly DebugEventType[];
  /** Makes no spans: operations become span events too. `false` unless told. */
  readonly eventsOnly?: boolean;
  /** When a raw pair that is still open is ended, in milliseconds; 5 minutes unless told. */
  readonly maxOpenMillis?: number;
  /** The most requests with open raw pairs; 1,000 unless told. */
  readonly maxRequests?: number;
  /** The most open raw pairs of one request; 100 unless told. */
  readonly maxSpansPerRequest?: number;
}

/** On a span that was ended because its end was never told: why. */
const ATTR_UNCLOSED = "echelon.span.unclosed";

/** Under which raw pairs are kept that belong to no request. */
const NO_REQUEST = "";

/**
 * Carries what the debugger tells over to OpenTelemetry. As a scope it makes an operation a span
 * that is active while the operation runs. As a listener it makes facts span events and exceptions,
 * and raw pairs spans, which can be the parents of nothing.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Debugger, DebuggerOTelBridge } from "@echelon/framework/debugger";
 * import { trace } from "@echelon/framework/telemetry";
 *
 * const dbg = new Debugger();
 * using bridge = new DebuggerOTelBridge(trace.getTracer("echelon"), { minimumLevel: "debug" });
 * dbg.addScope(bridge);
 * dbg.addListener((event) => bridge.handleEvent(event));
 *
 * const page = dbg.run("view", { name: "order" }, () => "<h1>Order 7</h1>"); // the span view.render
 * assert(page === "<h1>Order 7</h1>");
 * ```
 */
export class DebuggerOTelBridge implements DebugListener, DebugScope, Disposable {
  /** The spans of raw pairs that are still open: by request, and there by operation. */
  readonly activeSpans: Map<string, Map<string, Span>>;
  readonly #tracer: Tracer;
  readonly #minimumLevel: DebugThreshold;
  readonly #ignored: ReadonlySet<DebugEventType>;
  readonly #eventsOnly: boolean;
  readonly #open: OpenSpans;
  readonly #inSpan = new WeakSet<DebugOperation>();

  /**
   * @param tracer Makes the spans.
   * @param options Every one may be left out.
   * @throws {TypeError} When the minimum level is none.
   */
  constructor(tracer: Tracer, options: DebuggerOTelBridgeOptions = {}) {
    this.#tracer = tracer;
    this.#minimumLevel = checkedThreshold(options.minimumLevel ?? "trace", "in a bridge");
    this.#ignored = new Set(withBothEnds(options.ignoredTypes ?? []));
    this.#eventsOnly = options.eventsOnly ?? false;
    const { maxOpenMillis = 300_000, maxRequests = 1_000, maxSpansPerRequest = 100 } = options;
    this.#open = new OpenSpans({ maxOpenMillis, maxRequests, maxSpansPerRequest }, endUnclosed);
    this.activeSpans = this.#open.byRequest;
  }

  /** Ends every raw pair that is still open. */
  [Symbol.dispose](): void {
    this.#open[Symbol.dispose]();
  }

  /** Carries one event over. What is told of an operation that runs in a span is in that span. */
  handleEvent(event: DebugEvent): void {
    if (event.type === "request:end" && event.requestId !== undefined) {
      this.#open.endRequest(event.requestId);
    }
    const { operation } = event;
    if (event.traced || operation !== undefined && this.#inSpan.has(operation)) return;
    if (!this.#carries(event) || operation !== undefined && !this.#carries(operation)) return;
    const { becomes } = ruleOf(event.type);
    if (becomes === "nothing") return;
    if (event.type === "error" && operation === undefined) this.#recordException(event);
    else if (becomes === "span event" || this.#eventsOnly) this.#addSpanEvent(event);
    else if (becomes === "span start") this.#startSpan(event);
    else this.#endSpan(event);
  }

  /** Runs an operation in a span of its own, which is active meanwhile and ends with it. */
  around<T>(operation: DebugOperation, fn: () => T): T {
    if (this.#eventsOnly || !this.#carries(operation)) return fn();
    const started = guarded("start", () => this.#startOperation(operation));
    if (started === undefined) return fn();
    const { span, ctx } = started;
    this.#inSpan.add(operation);
    const end = () => guarded("end", () => span.end());
    const fail = (error: unknown) => guarded("end", () => endFailed(span, error));
    let result: T;
    try {
      result = context.with(ctx, fn);
    } catch (error) {
      fail(error);
      throw error;
    }
    if (result instanceof Promise) result.then(end, fail);
    else end();
    return result;
  }

  /**
   * Makes a span of a timing that was taken before, such as one of a timeline: a child of its
   * request's span, or of the active one once that request is forgotten.
   *
   * @returns The span; it has ended.
   */
  convertTimingToSpan(timing: TimingEntry): Span {
    const { event, name, startTime, durationMillis = 0 } = timing;
    const attributes = event.operation === undefined
      ? asSpanEvent(event).attributes
      : operationAttributes(event.operation);
    const parent = contextOf(event.requestId);
    const span = this.#tracer.startSpan(name, { attributes, startTime }, parent);
    if (timing.error !== undefined) recordSpanException(timing.error, span);
    span.end(startTime + durationMillis);
    return span;
  }

  #carries({ type, level }: DebugEvent | DebugOperation): boolean {
    const told = isOperationType(type) ? OPERATION_EVENTS[type].exit : type;
    return reaches(level, this.#minimumLevel) && !this.#ignored.has(told);
  }

  #startOperation(operation: DebugOperation): { span: Span; ctx: Context } {
    const active = context.active();
    const parent = trace.getSpan(active) === undefined ? contextOf(operation.requestId) : active;
    const attributes = operationAttributes(operation);
    const span = this.#tracer.startSpan(operationName(operation), { attributes }, parent);
    return { span, ctx: trace.setSpan(parent, span) };
  }

  #startSpan(event: DebugEvent): void {
    const operation = operationOf(event);
    if (operation === undefined) return;
    const { requestId = NO_REQUEST } = event;
    const attributes = operationAttributes(operation);
    const parent = contextOf(event.requestId);
    const span = this.#tracer.startSpan(operationName(operation), { attributes }, parent);
    this.#open.open(requestId, operationKey(operation), span);
  }

  /** Ends the span that the other half of a pair has started, or that has failed instead. */
  #endSpan(event: DebugEvent): void {
    const operation = operationOf(event);
    if (operation === undefined) return;
    const span = this.#open.take(event.requestId ?? NO_REQUEST, operationKey(operation));
    if (span === undefined) return;
    const { data } = event;
    if ("error" in data && data.error !== undefined) recordSpanException(data.error, span);
    span.end();
  }

  #addSpanEvent(event: DebugEvent): void {
    const { name, attributes } = asSpanEvent(event);
    spanOf(event)?.addEvent(name, attributes);
  }

  #recordException(event: DebugEventOf<"error">): void {
    recordSpanException(event.data.error, spanOf(event));
  }
}

function isOperationType(
  type: DebugEventType | DebugOperationType,
): type is DebugOperationType {
  return type in OPERATION_EVENTS;
}

/** The context of a request that is running; else the active one. */
function contextOf(requestId: string | undefined): Context {
  return (requestId === undefined ? undefined : getRequestContext(requestId)) ?? context.active();
}

/** The span in which an event happened: the active one, or that of its request. */
function spanOf({ requestId }: DebugEvent): Span | undefined {
  return trace.getActiveSpan() ?? trace.getSpan(contextOf(requestId));
}

function endUnclosed(span: Span, why: Unclosed): void {
  guarded("end", () => {
    span.setAttribute(ATTR_UNCLOSED, why);
    span.end();
  });
}

/** Telemetry that breaks must not take the operation with it. */
function guarded<T>(what: string, fn: () => T): T | undefined {
  try {
    return fn();
  } catch (error) {
    diag.error(`Could not ${what} the span of an operation`, error);
    return undefined;
  }
}
