import { type Context, context } from "@opentelemetry/api";

/**
 * Responses whose body is known whole: text, bytes, JSON. A `Response` itself does not tell, and
 * to ask a plain body for its stream is to pay for one.
 */
const whole = new WeakSet<Response>();

/** Notes that a response's body is whole, and returns the response. */
export function markWhole(response: Response): Response {
  whole.add(response);
  return response;
}

/** Responses whose body the framework made as a stream. */
const streamed = new WeakSet<Response>();

/** Notes that a response's body is a stream, and returns the response. */
export function markStreamed(response: Response): Response {
  streamed.add(response);
  return response;
}

/** The labels that the platform itself gives: to a body made from a string, and to `Response.json`. */
const PLATFORM_LABELS: ReadonlySet<string | null> = new Set([
  "text/plain;charset=UTF-8",
  "application/json",
]);

/**
 * How a response's body comes: `whole`, `streamed`, or `unsure` for what looks like
 * `new Response("text")` or `Response.json(…)`; a stream may carry the same label.
 */
export function bodyKind(response: Response): "whole" | "streamed" | "unsure" {
  if (whole.has(response)) return "whole";
  if (streamed.has(response)) return "streamed";
  if (PLATFORM_LABELS.has(response.headers.get("content-type"))) return "unsure";
  return response.body === null ? "whole" : "streamed";
}

/** How a streamed body came to its end. */
export type BodyEnd =
  | { readonly kind: "complete" }
  | { readonly kind: "cancelled" }
  | { readonly kind: "failed"; readonly error: unknown };

/**
 * The same response with its body followed to the end. The body's producer runs in `ctx`: the
 * runtime pulls generators and calls `cancel` outside the request's context.
 *
 * @param response A response with a body that nobody reads yet.
 * @param ctx The context to produce the body in.
 * @param ended Called once: at the end, at a failure, or when the client stops reading.
 */
export function followBody(
  response: Response,
  ctx: Context,
  ended: (end: BodyEnd) => void,
): Response {
  const reader = (response.body as ReadableStream<Uint8Array<ArrayBuffer>>)
    .getReader();
  // A read that is under way comes to its end when the stream is cancelled, and must say no more.
  let cancelled = false;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      let chunk: ReadableStreamReadResult<Uint8Array<ArrayBuffer>>;
      try {
        chunk = await context.with(ctx, () => reader.read());
      } catch (error) {
        if (cancelled) return;
        ended({ kind: "failed", error });
        controller.error(error);
        return;
      }
      if (cancelled) return;
      if (!chunk.done) return controller.enqueue(chunk.value);
      controller.close();
      ended({ kind: "complete" });
    },
    cancel(reason) {
      cancelled = true;
      ended({ kind: "cancelled" });
      return context.with(ctx, () => reader.cancel(reason));
    },
  }, { highWaterMark: 0 });
  return new Response(body, response);
}
