import { STATUS_CODES } from "node:http";

/** What an {@linkcode HttpError} can say beyond its status and message. */
export interface HttpErrorOptions {
  /** What went wrong underneath; logged and recorded, never sent. */
  readonly cause?: unknown;
  /** Headers for the response, such as `Retry-After`. */
  readonly headers?: HeadersInit;
  /** A URI that names this kind of problem; `about:blank` unless told. */
  readonly type?: string;
  /** The kind of problem in a few words; the status's own phrase unless told. */
  readonly title?: string;
  /** Further members of the problem document (RFC 9457, section 3.2). */
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/**
 * An error that is an answer: throw it in a handler or a middleware, and the client gets a problem
 * document (RFC 9457) with its status. The message of a 4xx is sent as `detail`; that of a 5xx stays
 * inside, unless the application runs in development.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Application, HttpError } from "@echelon/framework";
 *
 * const app = new Application();
 * app.get("/orders/:id", (ctx) => {
 *   throw new HttpError(404, `There is no order "${ctx.params.id}"`);
 * });
 * const response = await app.handle(new Request("http://localhost/orders/7"));
 * assert(response.status === 404);
 * ```
 */
export class HttpError extends Error {
  override readonly name: string = "HttpError";
  /** The response's status: 400 to 599. */
  readonly status: number;
  /** Headers for the response. */
  readonly headers: HeadersInit | undefined;
  /** A URI that names this kind of problem. */
  readonly type: string;
  /** The kind of problem in a few words. */
  readonly title: string;
  /** Further members of the problem document. */
  readonly extensions: Readonly<Record<string, unknown>>;

  /**
   * @param status 400 to 599.
   * @param message What went wrong; for a 4xx, what the client can do about it.
   * @param options Cause, headers, and members of the problem document.
   * @throws {RangeError} When the status is not that of an error.
   */
  constructor(
    status: number,
    message?: string,
    options: HttpErrorOptions = {},
  ) {
    const phrase = statusPhrase(status);
    super(
      message ?? phrase,
      options.cause === undefined ? {} : { cause: options.cause },
    );
    if (!Number.isInteger(status) || status < 400 || status > 599) {
      throw new RangeError(
        `Cannot make an HttpError of status ${status}: expected 400 to 599`,
      );
    }
    this.status = status;
    this.headers = options.headers;
    this.type = options.type ?? "about:blank";
    this.title = options.title ?? phrase;
    this.extensions = options.extensions ?? {};
  }
}

/**
 * Whether something that was thrown is an answer and no failure: an {@linkcode HttpError} below 500.
 * It is the client's own, so that no span is marked for it.
 */
export function isRefusal(error: unknown): boolean {
  return error instanceof HttpError && error.status < 500;
}

/** The standard phrase of a status, such as `Not Found`. */
export function statusPhrase(status: number): string {
  return STATUS_CODES[status] ?? "Unknown Error";
}
