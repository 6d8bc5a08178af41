import {
  type Attributes,
  type Context,
  context,
  diag,
  INVALID_SPAN_CONTEXT,
  isSpanContextValid,
  type Link,
  metrics,
  type Span,
  type SpanContext,
  SpanKind,
  type SpanOptions,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import { isRefusal } from "../errors.ts";
import { ATTR_ERROR_TYPE, ATTR_HTTP_ROUTE } from "./attributes.ts";
import { serverSpanName } from "./http_attributes.ts";
import { activeRedaction, type Redaction } from "./redaction.ts";
import { getTracer, isOTELEnabled } from "./scope.ts";

export { context, isOTELEnabled, metrics, SpanKind, trace };
export type { Attributes, Context, Link, Span, SpanContext, SpanOptions };

/** What `error.type` says where the thrown value has no class to name (semantic conventions). */
const ERROR_TYPE_OTHER = "_OTHER";

const NOOP_SPAN: Span = trace.wrapSpanContext(INVALID_SPAN_CONTEXT);

/** The span that is active here, or `undefined` outside any. */
export function getActiveSpan(): Span | undefined {
  return trace.getActiveSpan();
}

/** The id of the trace that is active here, where there is one. */
export function activeTraceId(): string | undefined {
  const active = trace.getActiveSpan()?.spanContext();
  return active !== undefined && isSpanContextValid(active) ? active.traceId : undefined;
}

/**
 * Gives the active span its route, for code that learns the route later than the framework does
 * (a mounted handler with a router of its own). The framework's routes are known before their span
 * starts and need no call.
 *
 * @param pattern The route's pattern, such as `/orders/:id`: never the path itself.
 * @param method The request's method.
 */
export function setRouteAttribute(pattern: string, method: string): void {
  const span = trace.getActiveSpan();
  if (span === undefined) return;
  span.setAttribute(ATTR_HTTP_ROUTE, pattern);
  span.updateName(serverSpanName(method, pattern));
}

/** Sets attributes on the active span; outside a span it does nothing. */
export function setSpanAttributes(attributes: Attributes): void {
  trace.getActiveSpan()?.setAttributes(attributes);
}

/**
 * Marks a span as failed by a thrown value: the exception as an event, status Error, `error.type`.
 * URLs in the exception's message lose their secrets.
 *
 * @param error What was thrown; anything may be.
 * @param span The span to mark, the active one unless told.
 */
export function recordSpanException(
  error: unknown,
  span: Span | undefined = trace.getActiveSpan(),
): void {
  if (span !== undefined) markFailed(span, error, activeRedaction());
}

/** Marks a span as failed by a thrown value, and tells of that what `redaction` lets through. */
export function markFailed(span: Span, error: unknown, redaction: Redaction): void {
  if (!span.isRecording()) return;
  const exception = redaction.exception(error instanceof Error ? error : shown(error));
  span.recordException(exception);
  const type = redaction.value(ATTR_ERROR_TYPE, errorType(error));
  if (type !== undefined) span.setAttribute(ATTR_ERROR_TYPE, type);
  const message = typeof exception === "string" ? exception : exception.message;
  span.setStatus({
    code: SpanStatusCode.ERROR,
    ...(message === undefined ? {} : { message }),
  });
}

function shown(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return Object.prototype.toString.call(thrown);
  }
}

/**
 * The `error.type` of a thrown value: the name of its class, which has few values and tells
 * failures apart.
 */
export function errorType(error: unknown): string {
  if (!(error instanceof Error)) return ERROR_TYPE_OTHER;
  // A subclass that sets no name of its own inherits "Error".
  return (error.name === "Error" ? error.constructor.name : error.name) ||
    ERROR_TYPE_OTHER;
}

/**
 * Runs `fn` inside a new span that is active for its whole run, across every `await`. The span ends
 * when `fn` returns or its promise settles; a throw is recorded on it (but for an `HttpError` below
 * 500, which is an answer) and goes on unchanged. With no SDK registered, `fn` runs as if called
 * directly.
 *
 * What is awaited like a promise without being one, such as a query that runs when it is asked for
 * its rows, is asked once, inside the span; what comes back for it is a promise.
 *
 * @param name The span's name: few values, so no ids in it.
 * @param options Kind, attributes, links; `root: true` starts a trace of its own.
 * @param fn The work. It gets the span, to set attributes that are known only later.
 * @returns What `fn` returns.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { withSpan } from "@echelon/framework/telemetry";
 *
 * const total = await withSpan("price.total", { attributes: { "price.items": 3 } }, async (span) => {
 *   const sum = await Promise.resolve(42);
 *   span.setAttribute("price.sum", sum);
 *   return sum;
 * });
 * assert(total === 42);
 * ```
 */
export function withSpan<T>(
  name: string,
  options: SpanOptions,
  fn: (span: Span) => T,
): T;
/** Runs `fn` inside a new span with no options. */
export function withSpan<T>(name: string, fn: (span: Span) => T): T;
export function withSpan<T>(
  name: string,
  optionsOrFn: SpanOptions | ((span: Span) => T),
  maybeFn?: (span: Span) => T,
): T {
  const fn = typeof optionsOrFn === "function" ? optionsOrFn : maybeFn as (span: Span) => T;
  if (!isOTELEnabled()) return fn(NOOP_SPAN);
  const options = typeof optionsOrFn === "function" ? {} : optionsOrFn;
  const parent = context.active();
  const span = getTracer().startSpan(name, options, parent);
  return endWithResult(
    span,
    () => context.with(trace.setSpan(parent, span), () => settling(fn(span))),
  );
}

function endWithResult<T>(span: Span, run: () => T): T {
  let result: T;
  try {
    result = run();
  } catch (error) {
    endFailed(span, error);
    throw error;
  }
  if (!(result instanceof Promise)) {
    span.end();
    return result;
  }
  return result.then(
    (value) => {
      span.end();
      return value;
    },
    (error) => {
      endFailed(span, error);
      throw error;
    },
  ) as T;
}

/**
 * What `fn` returns, as a promise where it is awaited like one. It is asked here and now, for what
 * it does when it is asked belongs to the span that is active.
 */
function settling<T>(value: T): T {
  if (value instanceof Promise || !isThenable(value)) return value;
  return new Promise((resolve, reject) => value.then(resolve, reject)) as T;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (typeof value === "object" && value !== null || typeof value === "function") &&
    "then" in value && typeof value.then === "function";
}

/**
 * Ends the span of an operation that threw: marked as failed, unless what it threw is the answer
 * that a client gets for a mistake of its own.
 */
export function endFailed(span: Span, error: unknown): void {
  try {
    if (!isRefusal(error)) recordSpanException(error, span);
  } catch (failure) {
    // What the application threw goes on unchanged, whatever becomes of the record of it.
    diag.error("Could not record an exception", failure);
  }
  span.end();
}
