import { type Context, context } from "@opentelemetry/api";

/**
 * The same items from a producer that runs in one context from its first to its last. Deno pulls a
 * response's body outside the request's context, and a generator's body runs where it is pulled.
 *
 * @param source An iterable, such as a generator that was called already.
 * @param ctx The context; the active one unless told.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * async function* rows() {
 *   yield "first";
 *   yield "second";
 * }
 *
 * const response = new Response(ReadableStream.from(bindIterable(rows())).pipeThrough(
 *   new TextEncoderStream(),
 * ));
 * assert(await response.text() === "firstsecond");
 * ```
 */
export function bindIterable<T>(
  source: AsyncIterable<T> | Iterable<T>,
  ctx: Context = context.active(),
): AsyncIterableIterator<T> {
  const iterator = context.with(ctx, () => iteratorOf(source));
  const bound: AsyncIterableIterator<T> = {
    next: (...args) => context.with(ctx, async () => await iterator.next(...args)),
    return: (value) =>
      context.with(ctx, async () => {
        const result = await iterator.return?.(await value);
        return result ?? { done: true, value };
      }),
    throw: (error) =>
      context.with(ctx, async () => {
        if (iterator.throw !== undefined) return await iterator.throw(error);
        // As `yield*` does: the producer gets to clean up, and the error stands.
        await iterator.return?.();
        throw error;
      }),
    [Symbol.asyncIterator]: () => bound,
  };
  return bound;
}

function iteratorOf<T>(
  source: AsyncIterable<T> | Iterable<T>,
): AsyncIterator<T> | Iterator<T> {
  return Symbol.asyncIterator in source
    ? source[Symbol.asyncIterator]()
    : source[Symbol.iterator]();
}

/**
 * The same stream with its source's `pull` and `cancel` run in one context; Deno calls both outside
 * the request's. Nothing is read before it is asked for. A byte stream becomes one of chunks.
 *
 * @param stream A stream that nobody reads yet; it is locked from here on.
 * @param ctx The context; the active one unless told.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const source = new ReadableStream<string>({
 *   pull(controller) {
 *     controller.enqueue("in the request's span");
 *     controller.close();
 *   },
 * });
 * const response = new Response(bindStream(source).pipeThrough(new TextEncoderStream()));
 * assert(await response.text() === "in the request's span");
 * ```
 */
export function bindStream<T>(
  stream: ReadableStream<T>,
  ctx: Context = context.active(),
): ReadableStream<T> {
  const reader = stream.getReader();
  return new ReadableStream<T>({
    pull: (controller) =>
      context.with(ctx, async () => {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      }),
    cancel: (reason) => context.with(ctx, () => reader.cancel(reason)),
  }, { highWaterMark: 0 });
}
