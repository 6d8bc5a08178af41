import { markStreamed, markWhole } from "../telemetry/response_body.ts";

/** Bytes and text that a streamed response is made of. */
export type StreamSource =
  | ReadableStream<Uint8Array | string>
  | AsyncIterable<Uint8Array | string>;

const encoder = new TextEncoder();

/** A response of JSON. @throws {TypeError} When the value has a cycle or a big integer. */
export function jsonResponse(
  value: unknown,
  init: ResponseInit = {},
): Response {
  // JSON has no undefined: at the top it can only be meant as null.
  return wholeResponse(
    JSON.stringify(value) ?? "null",
    "application/json",
    init,
  );
}

/** A response of plain text. */
export function textResponse(text: string, init: ResponseInit = {}): Response {
  return wholeResponse(text, "text/plain; charset=utf-8", init);
}

/** A response of HTML. */
export function htmlResponse(html: string, init: ResponseInit = {}): Response {
  return wholeResponse(html, "text/html; charset=utf-8", init);
}

/** A response with no body. */
export function emptyResponse(
  status: number,
  headers: HeadersInit = {},
): Response {
  return markWhole(new Response(null, { status, headers }));
}

/** A response whose body comes piece by piece; text is sent as UTF-8. */
export function streamResponse(source: StreamSource, init: ResponseInit = {}): Response {
  const typed = withType("application/octet-stream", init);
  return markStreamed(new Response(byteStream(source), typed));
}

/**
 * Makes a response of what a handler returned; {@linkcode Handler} says what becomes what.
 *
 * @throws {TypeError} When the value cannot be sent: a function, a symbol, a big integer, a cycle.
 */
export function toResponse(value: unknown): Response {
  if (value instanceof Response) return sendable(value);
  if (value === undefined) return emptyResponse(204);
  if (typeof value === "string") return textResponse(value);
  if (typeof value === "object" && value !== null) {
    // A handler that returns an error has failed as much as one that throws it.
    if (value instanceof Error) throw value;
    if (value instanceof Uint8Array || value instanceof ArrayBuffer) {
      return wholeResponse(value as BodyInit, "application/octet-stream", {});
    }
    if (value instanceof Blob) {
      return wholeResponse(value, value.type || "application/octet-stream", {});
    }
    if (value instanceof ReadableStream || Symbol.asyncIterator in value) {
      return streamResponse(value as StreamSource);
    }
  }
  if (
    typeof value === "function" || typeof value === "symbol" ||
    typeof value === "bigint"
  ) {
    throw new TypeError(
      `Cannot send a ${typeof value} as a response: return a Response, text, bytes, a stream, or a value that JSON can hold`,
    );
  }
  return jsonResponse(value);
}

function wholeResponse(
  body: BodyInit,
  type: string,
  init: ResponseInit,
): Response {
  return markWhole(new Response(body, withType(type, init)));
}

function withType(type: string, init: ResponseInit): ResponseInit {
  if (init.headers === undefined) {
    return { ...init, headers: { "content-type": type } };
  }
  const headers = new Headers(init.headers);
  if (!headers.has("content-type")) headers.set("content-type", type);
  return { ...init, headers };
}

/** Asks the source for a chunk only when one is wanted, and tells it when none is any more. */
function byteStream(source: StreamSource): ReadableStream<Uint8Array> {
  const chunks = source instanceof ReadableStream ? readerOf(source) : iteratorOf(source);
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(asBytes(value));
    },
    cancel: (reason) => chunks.stop(reason),
  }, { highWaterMark: 0 });
}

interface ChunkSource {
  next(): Promise<{ done?: boolean | undefined; value?: unknown }>;
  stop(reason: unknown): Promise<void>;
}

function readerOf(source: ReadableStream<Uint8Array | string>): ChunkSource {
  const reader = source.getReader();
  return { next: () => reader.read(), stop: (reason) => reader.cancel(reason) };
}

function iteratorOf(source: AsyncIterable<Uint8Array | string>): ChunkSource {
  const iterator = source[Symbol.asyncIterator]();
  const isGenerator = Object.prototype.toString.call(iterator) === "[object AsyncGenerator]";
  let pending: Promise<unknown> = Promise.resolve();
  return {
    next() {
      const result = iterator.next();
      pending = result;
      return result;
    },
    async stop() {
      // A generator puts return() behind a next() that is under way, and then runs its `finally`
      // outside every context; any other iterator may need return() to end what is under way.
      if (isGenerator) await pending.catch(() => {});
      await iterator.return?.();
    },
  };
}

function asBytes(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk;
  if (typeof chunk === "string") return encoder.encode(chunk);
  throw new TypeError(`Cannot send a ${typeof chunk} in a stream: expected text or a Uint8Array`);
}

/** `Response.error()` has no status: it stands for a failure of the network, and cannot be sent. */
function sendable(response: Response): Response {
  if (response.status !== 0) return response;
  throw new TypeError("Cannot send Response.error(): throw an HttpError instead");
}
