import type { InferRouteParams } from "rou3";
import type { Context } from "./context.ts";

/**
 * The parameters that a path pattern names: `"/orders/:id"` gives `{ id: string }`. A pattern that
 * is only known when running gives a record of strings.
 */
export type PathParams<Path extends string> = string extends Path ? Record<string, string>
  : InferRouteParams<Path>;

/** What a request's state is until an application says more. */
export type DefaultState = Record<string, unknown>;

/**
 * Answers a request. What it returns becomes the response: a `Response` as it is; a string as text;
 * bytes or a `Blob` as they are; a `ReadableStream` or an async iterable as a stream; nothing as
 * 204; anything else as JSON. What it throws becomes a problem document.
 */
export type Handler<
  Path extends string = string,
  State extends object = DefaultState,
> = (
  ctx: Context<PathParams<Path>, State>,
) => unknown;

/** Goes on to the next middleware, or to the handler; may be called once. */
export type Next = () => Promise<Response>;

/**
 * Stands around a handler. It calls `next()` and returns its response (or nothing, which means the
 * same), returns one of its own instead, or throws.
 */
export type Middleware<State extends object = DefaultState> = (
  // deno-lint-ignore no-explicit-any -- a middleware serves routes of every shape of parameters.
  ctx: Context<any, State>,
  next: Next,
) => Response | void | Promise<Response | void>;

/** What the server knows of a request beside the request. `Deno.ServeHandlerInfo` is one. */
export interface RequestInfo {
  /** The other end of the connection. */
  readonly remoteAddr?: Deno.Addr;
  /** Settles when the response has been sent. */
  readonly completed?: Promise<void>;
}

/** A function that serves requests, as `Deno.serve` takes it. */
export type FetchHandler = (
  request: Request,
  info?: RequestInfo,
) => Response | Promise<Response>;
