import type { Debugger } from "./debugger/debugger.ts";
import { HttpError } from "./errors.ts";
import { Context, type ContextSettings } from "./http/context.ts";
import { finishResponse } from "./http/finish.ts";
import { problemResponse } from "./http/problem.ts";
import { emptyResponse, toResponse } from "./http/response.ts";
import { parseTarget, targetFault } from "./http/target.ts";
import type { Handler, Middleware, RequestInfo } from "./http/types.ts";
import { type Chain, compose } from "./middleware/compose.ts";
import {
  bridgeToOTel,
  nextRequestId,
  observedHandler,
  observedMiddleware,
  tellBegin,
  tellEnd,
} from "./observed.ts";
import { type RouteMatch, Router } from "./router/router.ts";
import { onlyInScope, type RouteEntry, type ScopedMiddleware } from "./routes.ts";
import { isMeasured } from "./telemetry/active_meter.ts";
import { traceRequest } from "./telemetry/http_server.ts";
import type { Logger } from "./telemetry/logger.ts";
import { isOTELEnabled } from "./telemetry/otel.ts";
import type { Redaction } from "./telemetry/redaction.ts";

type RequestContext<State extends object> = Context<
  Record<string, string>,
  State
>;

/** Answers for what was thrown; nothing returned means the usual problem document. */
export type ErrorHandler<State extends object> = (
  error: unknown,
  ctx: Context<Record<string, string>, State>,
) => unknown;

/** What a dispatcher is built from. */
export interface DispatcherInit<State extends object> {
  readonly routes: Iterable<RouteEntry<State>>;
  /** What stands around requests that no route matched. */
  readonly middleware: readonly ScopedMiddleware<State>[];
  readonly notFound: Handler<string, State> | undefined;
  readonly onError: ErrorHandler<State> | undefined;
  readonly state: () => State;
  readonly settings: ContextSettings & { readonly development: boolean };
  readonly logger: Logger;
  readonly debugger: Debugger;
  /** Whether middleware and handlers have spans of their own. */
  readonly operationSpans: boolean;
  /** What telemetry may tell of requests; the usual where there is none. */
  readonly redaction: Redaction | undefined;
}

/**
 * An application as it runs: every route's chain is built, a request is matched, observed and
 * served. It never rejects: whatever happens becomes a response.
 */
export class Dispatcher<State extends object> {
  readonly #init: DispatcherInit<State>;
  readonly #router = new Router<Chain<State>>();
  readonly #unmatched: Chain<State>;
  #open = 0;

  /** @throws {TypeError} When a route's pattern has no meaning or two routes are the same. */
  constructor(init: DispatcherInit<State>) {
    this.#init = init;
    const observed = (layers: readonly Middleware<State>[]) =>
      layers.map((layer, index) => observedMiddleware(layer, index, init.debugger));
    for (const { method, pathname, middleware, handler } of init.routes) {
      const controller = observedHandler(handler, pathname, init.debugger);
      this.#router.add(method, pathname, compose(observed(middleware), answering(controller)));
    }
    const scoped = init.middleware.map(onlyInScope);
    this.#unmatched = compose(observed(scoped), (ctx) => this.#answerUnmatched(ctx));
  }

  /** How many requests have been taken and not yet answered. */
  get openRequests(): number {
    return this.#open;
  }

  /** Serves one request. */
  dispatch(request: Request, info: RequestInfo): Response | Promise<Response> {
    const target = parseTarget(request.url);
    const fault = targetFault(target, request.url);
    const match = fault === undefined ? this.#router.match(request.method, target.path) : undefined;
    const { debugger: dbg, operationSpans, redaction } = this.#init;
    if (operationSpans && isOTELEnabled()) bridgeToOTel(dbg);
    const fresh = attempt(this.#init.state);
    const ctx = new Context<Record<string, string>, State>({
      request,
      target,
      info,
      route: match?.route,
      params: match?.params ?? {},
      state: "value" in fresh ? fresh.value : {} as State,
      settings: this.#init.settings,
      requestId: dbg.enabled ? nextRequestId() : undefined,
    });
    const chain = this.#chainFor(match, fault, fresh);
    this.#open += 1;
    if (!isMeasured()) return this.#serve(ctx, chain);
    const { path, query } = target;
    const route = match?.route.pattern.pathname;
    return traceRequest({ request, route, path, query, redaction, ...ctx.origin }, {
      serve: () => this.#answer(ctx, chain),
      recover: (error) => this.#recover(ctx, error),
      completed: info.completed,
      bodyFailed: (error) => this.#logFailure("response body failed", ctx, error),
    });
  }

  #chainFor(
    match: RouteMatch<Chain<State>> | undefined,
    fault: string | undefined,
    state: Attempt<State>,
  ): Chain<State> {
    if ("error" in state) return throwing(state.error);
    if (fault !== undefined) return throwing(new HttpError(400, fault));
    return match?.route.data ?? this.#unmatched;
  }

  #serve(
    ctx: RequestContext<State>,
    chain: Chain<State>,
  ): Response | Promise<Response> {
    try {
      const response = this.#answer(ctx, chain);
      if (response instanceof Response) return response;
      return response.catch((error) => this.#recover(ctx, error));
    } catch (error) {
      return this.#recover(ctx, error);
    }
  }

  #answer(
    ctx: RequestContext<State>,
    chain: Chain<State>,
  ): Response | Promise<Response> {
    tellBegin(this.#init.debugger, ctx);
    const response = chain(ctx);
    return response instanceof Response
      ? this.#finish(ctx, response)
      : response.then((response) => this.#finish(ctx, response));
  }

  #finish(ctx: RequestContext<State>, response: Response, ...error: [] | [unknown]): Response {
    const { status } = response;
    const end = error.length === 0 ? { status } : { status, error: error[0] };
    const finished = finishResponse(ctx, response);
    tellEnd(this.#init.debugger, ctx, end);
    this.#open -= 1;
    return finished;
  }

  async #recover(
    ctx: RequestContext<State>,
    error: unknown,
  ): Promise<Response> {
    try {
      return this.#finish(ctx, await this.#errorResponse(ctx, error), error);
    } catch (failure) {
      // Its headers, its members or its body cannot be sent: the plainest answer always can.
      this.#init.logger.error("could not answer for a failure", { error: failure });
      return this.#finish(ctx, problemResponse(undefined, { development: false }), error);
    }
  }

  async #errorResponse(
    ctx: RequestContext<State>,
    error: unknown,
  ): Promise<Response> {
    const { onError, settings } = this.#init;
    let cause = error;
    try {
      const answer = await onError?.(error, ctx);
      if (answer !== undefined) return toResponse(answer);
    } catch (failure) {
      cause = failure;
    }
    const response = problemResponse(cause, settings);
    if (response.status >= 500) this.#logFailure("request failed", ctx, cause);
    return response;
  }

  #logFailure(message: string, ctx: RequestContext<State>, error: unknown): void {
    const { logger, redaction } = this.#init;
    const { method } = ctx;
    const path = redaction === undefined ? ctx.path : redaction.value("url.path", ctx.path);
    logger.error(message, { method, path, route: ctx.route?.pattern.pathname, error });
  }

  #answerUnmatched(ctx: RequestContext<State>): Response | Promise<Response> {
    const allowed = this.#router.allowed(ctx.path);
    if (allowed.length > 0) {
      const allow = allowed.join(", ");
      if (ctx.method === "OPTIONS") return emptyResponse(204, { allow });
      throw new HttpError(
        405,
        `The method ${ctx.method} is not allowed here: use ${allow}`,
        {
          headers: { allow },
        },
      );
    }
    if (this.#init.notFound !== undefined) {
      return answering(this.#init.notFound)(ctx);
    }
    throw new HttpError(404, `Nothing is at "${ctx.path}"`);
  }
}

function answering<State extends object>(
  handler: Handler<string, State>,
): Chain<State> {
  return (ctx) => {
    const value = handler(ctx);
    return isThenable(value) ? Promise.resolve(value).then(toResponse) : toResponse(value);
  };
}

/** Promises, and what is awaited like one: a query builder that runs when it is. */
function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value &&
    typeof value.then === "function";
}

function throwing<State extends object>(error: unknown): Chain<State> {
  return () => {
    throw error;
  };
}

type Attempt<T> = { readonly value: T } | { readonly error: unknown };

function attempt<T>(fn: () => T): Attempt<T> {
  try {
    return { value: fn() };
  } catch (error) {
    return { error };
  }
}
