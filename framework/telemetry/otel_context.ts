import {
  type Context,
  context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  isSpanContextValid,
  type Link,
  propagation,
  ROOT_CONTEXT,
  type Span,
  type TextMapGetter,
  type TextMapSetter,
  trace,
} from "@opentelemetry/api";

const headersGetter: TextMapGetter<Headers> = {
  keys: (headers) => [...headers.keys()],
  get: (headers, key) => headers.get(key) ?? undefined,
};

const headersSetter: TextMapSetter<Headers> = {
  set: (headers, key, value) => headers.set(key, value),
};

/**
 * Reads the caller's trace context and baggage from a request's headers, by the propagator that the
 * SDK registered.
 *
 * @param headers The incoming headers.
 * @param base The context to add to; the root unless told, so that nothing leaks between requests.
 */
export function extractFromHeaders(
  headers: Headers,
  base: Context = ROOT_CONTEXT,
): Context {
  return propagation.extract(base, headers, headersGetter);
}

/**
 * Writes the trace context and baggage into headers of an outgoing request.
 *
 * @param headers The headers to add to; they are changed in place.
 * @param ctx The context to send; the active one unless told.
 * @returns The same headers.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { injectIntoHeaders } from "@echelon/framework/telemetry";
 *
 * const headers = injectIntoHeaders(new Headers({ accept: "application/json" }));
 * assert(headers.get("accept") === "application/json");
 * ```
 */
export function injectIntoHeaders(
  headers: Headers,
  ctx: Context = context.active(),
): Headers {
  propagation.inject(ctx, headers, headersSetter);
  return headers;
}

/** Trace context as it is stored beside work that is done later: a job, a queued message. */
export type TraceCarrier = Readonly<Record<string, string>>;

/**
 * Writes the trace context and baggage into a plain object that can be stored with later work.
 *
 * @param ctx The context to keep; the active one unless told.
 * @returns The carrier; empty where there is no trace.
 */
export function injectIntoCarrier(ctx: Context = context.active()): TraceCarrier {
  const carrier: Record<string, string> = {};
  propagation.inject(ctx, carrier, defaultTextMapSetter);
  return carrier;
}

/** Reads a stored carrier into a context; what is missing or malformed is left out. */
export function extractFromCarrier(carrier: TraceCarrier, base: Context = ROOT_CONTEXT): Context {
  return propagation.extract(base, carrier, defaultTextMapGetter);
}

/** A link to the span that a stored carrier came from, or `undefined` where it holds none. */
export function linkFromCarrier(carrier: TraceCarrier): Link | undefined {
  const spanContext = trace.getSpanContext(extractFromCarrier(carrier));
  return spanContext !== undefined && isSpanContextValid(spanContext)
    ? { context: spanContext }
    : undefined;
}

/** How many requests' contexts are kept at most; past it the oldest is forgotten. */
const MAX_REQUEST_CONTEXTS = 10_000;

const requestContexts = new Map<string, Context>();

/**
 * Keeps a request's context under its id, for code that runs outside it and knows only the id.
 *
 * @param requestId The request's id.
 * @param ctx Its context.
 */
export function setRequestContext(requestId: string, ctx: Context): void {
  requestContexts.delete(requestId);
  requestContexts.set(requestId, ctx);
  if (requestContexts.size > MAX_REQUEST_CONTEXTS) {
    const oldest = requestContexts.keys().next();
    if (!oldest.done) requestContexts.delete(oldest.value);
  }
}

/** The context kept under a request's id, or `undefined` once the request is over. */
export function getRequestContext(requestId: string): Context | undefined {
  return requestContexts.get(requestId);
}

/** Forgets a request's context; called when the request is over. */
export function deleteRequestContext(requestId: string): void {
  requestContexts.delete(requestId);
}

/**
 * Runs `fn` with an existing span as the active one. The span stays open: who started it ends it.
 *
 * @returns What `fn` returns.
 */
export function withSpan<T>(span: Span, fn: () => T): T {
  return context.with(trace.setSpan(context.active(), span), fn);
}
