/**
 * What the runtime calls later, it calls in a context of its own choosing: none, that of the
 * registration, or that of whichever request happened to be first. These functions say which one.
 *
 * @module
 */
import { type Context, context, type Link, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { extractFromCarrier, type TraceCarrier } from "./otel_context.ts";

/** Runs `fn` outside every trace. */
export function runFromRoot<T>(fn: () => T): T {
  return context.with(ROOT_CONTEXT, fn);
}

/**
 * A function that runs outside every trace wherever it is called from: for `Deno.cron`, signal
 * listeners and timers, each of which would join the trace that was active when it was registered.
 *
 * @example
 * ```ts
 * const stop = bindToRoot(() => console.log("a trace of its own"));
 * Deno.addSignalListener("SIGHUP", stop);
 * Deno.removeSignalListener("SIGHUP", stop);
 * ```
 */
export function bindToRoot<Args extends readonly unknown[], T>(
  fn: (...args: Args) => T,
): (...args: Args) => T {
  return (...args) => context.with(ROOT_CONTEXT, () => fn(...args));
}

/**
 * A listener for an `EventTarget` that runs in the context it was made in. The runtime loses it for
 * `request.signal`, `AbortSignal.timeout()` and their like.
 *
 * @param listener The listener, a function or an object.
 * @param ctx The context; the active one unless told.
 * @returns A function: what `removeEventListener` has to be given too.
 *
 * @example
 * ```ts
 * const signal = AbortSignal.abort();
 * const onAbort = bindListener(() => console.log("in the span of whoever waited"));
 * signal.addEventListener("abort", onAbort, { once: true });
 * signal.removeEventListener("abort", onAbort);
 * ```
 */
export function bindListener<E extends Event>(
  listener: ((event: E) => unknown) | { handleEvent(event: E): unknown },
  ctx: Context = context.active(),
): (event: E) => unknown {
  const handle = typeof listener === "function"
    ? listener
    : (event: E) => listener.handleEvent(event);
  return (event) => context.with(ctx, () => handle(event));
}

/**
 * A handler of messages that runs in the trace that a message carries, or in none: for
 * `Deno.Kv.listenQueue`, workers and message ports, which run every message in the context of the
 * registration.
 *
 * @param handler Handles a message.
 * @param carrierOf Finds the carrier that the sender put into the message, where there is one.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import type { TraceCarrier } from "@echelon/framework/telemetry";
 *
 * interface Mail {
 *   to: string;
 *   trace: TraceCarrier;
 * }
 *
 * const handle = bindMessageHandler(
 *   (mail: Mail) => mail.to,
 *   (mail) => mail.trace,
 * );
 * assert(handle({ to: "ada@example.com", trace: {} }) === "ada@example.com");
 * ```
 */
export function bindMessageHandler<Message, T>(
  handler: (message: Message) => T,
  carrierOf: (message: Message) => TraceCarrier | undefined = () => undefined,
): (message: Message) => T {
  return (message) =>
    context.with(extractFromCarrier(carrierOf(message) ?? {}), () => handler(message));
}

/**
 * A listener for a `WebSocket`'s events that runs outside every trace: a connection outlives the
 * request that opened it, in whose trace the runtime would run every message. To be made while that
 * request is served.
 *
 * @param listener Gets the event, and a link to the opening request for the spans it starts.
 *
 * @example
 * ```ts
 * import { withSpan } from "@echelon/framework/telemetry";
 *
 * const onMessage = bindSocketListener((event: MessageEvent, links) =>
 *   withSpan("chat.message", { links }, () => console.log(event.data))
 * );
 * onMessage(new MessageEvent("message", { data: "hello" }));
 * ```
 */
export function bindSocketListener<E extends Event>(
  listener: (event: E, links: Link[]) => unknown,
): (event: E) => unknown {
  const opening = trace.getSpanContext(context.active());
  return (event) =>
    context.with(
      ROOT_CONTEXT,
      () => listener(event, opening === undefined ? [] : [{ context: opening }]),
    );
}
