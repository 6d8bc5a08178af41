import type { DefaultState, FetchHandler, Handler, Middleware } from "./http/types.ts";
import { checkScope, isInScope, scopeOf } from "./middleware/scope.ts";
import { ANY_METHOD } from "./router/router.ts";

/** A handler, alone or after the middleware that stands around it only. */
export type RouteStack<Path extends string, State extends object> =
  | [handler: Handler<Path, State>]
  | [middleware: readonly Middleware<State>[], handler: Handler<Path, State>];

/** A route with all the middleware that stands around it. */
export interface RouteEntry<State extends object> {
  readonly method: string;
  readonly pathname: string;
  readonly middleware: readonly Middleware<State>[];
  readonly handler: Handler<string, State>;
}

/** A middleware and the paths it stands before. */
export interface ScopedMiddleware<State extends object> {
  /** Every path under this one; empty for all. */
  readonly prefix: string;
  readonly middleware: Middleware<State>;
}

/**
 * Routes and middleware, before they are built. Middleware stands around every route in its scope,
 * registered before it or after.
 */
export class Routes<
  State extends object = DefaultState,
  Prefix extends string = "",
> {
  /** What stands before each path of this collection. */
  readonly prefix: Prefix;
  readonly #parts: { entries(base: string): Iterable<RouteEntry<State>> }[] = [];
  readonly #middleware: ScopedMiddleware<State>[] = [];

  /** @param prefix What stands before each path; empty, or `/` and something. */
  constructor(prefix: Prefix) {
    this.prefix = prefix;
  }

  /** Serves GET, and HEAD where it has no route of its own. */
  get<P extends string>(
    path: P,
    ...stack: RouteStack<`${Prefix}${P}`, State>
  ): this {
    return this.#add("GET", path, stack);
  }

  /** Serves POST. */
  post<P extends string>(
    path: P,
    ...stack: RouteStack<`${Prefix}${P}`, State>
  ): this {
    return this.#add("POST", path, stack);
  }

  /** Serves PUT. */
  put<P extends string>(
    path: P,
    ...stack: RouteStack<`${Prefix}${P}`, State>
  ): this {
    return this.#add("PUT", path, stack);
  }

  /** Serves PATCH. */
  patch<P extends string>(
    path: P,
    ...stack: RouteStack<`${Prefix}${P}`, State>
  ): this {
    return this.#add("PATCH", path, stack);
  }

  /** Serves DELETE. */
  delete<P extends string>(
    path: P,
    ...stack: RouteStack<`${Prefix}${P}`, State>
  ): this {
    return this.#add("DELETE", path, stack);
  }

  /** Serves HEAD in place of GET's handler. */
  head<P extends string>(
    path: P,
    ...stack: RouteStack<`${Prefix}${P}`, State>
  ): this {
    return this.#add("HEAD", path, stack);
  }

  /** Serves OPTIONS in place of the automatic answer. */
  options<P extends string>(
    path: P,
    ...stack: RouteStack<`${Prefix}${P}`, State>
  ): this {
    return this.#add("OPTIONS", path, stack);
  }

  /** Serves every method that has no route of its own here. */
  all<P extends string>(
    path: P,
    ...stack: RouteStack<`${Prefix}${P}`, State>
  ): this {
    return this.#add(ANY_METHOD, path, stack);
  }

  /** Adds middleware around every route here. */
  use(middleware: Middleware<State>): this;
  /** Adds middleware around every route here whose path lies under `path`. */
  use(path: string, middleware: Middleware<State>): this;
  use(
    pathOrMiddleware: string | Middleware<State>,
    maybe?: Middleware<State>,
  ): this {
    this.assertOpen("middleware");
    const scoped = typeof pathOrMiddleware === "string";
    const middleware = scoped ? maybe : pathOrMiddleware;
    if (typeof middleware !== "function") {
      throw new TypeError(
        `Cannot use a ${typeof middleware} as middleware: expected a function`,
      );
    }
    if (scoped) checkScope(pathOrMiddleware);
    const path = scoped ? trimSlash(pathOrMiddleware) : "";
    this.#middleware.push({ prefix: this.prefix + path, middleware });
    return this;
  }

  /**
   * Adds routes that share a prefix, and middleware of their own.
   *
   * @param prefix What stands before each path of the group; it may hold parameters.
   * @param build Adds the routes.
   */
  group<P extends string>(
    prefix: P,
    build: (group: Routes<State, `${Prefix}${P}`>) => void,
  ): this {
    this.assertOpen("a group");
    const group = new Routes<State, `${Prefix}${P}`>(
      `${this.prefix}${trimSlash(prefix)}` as `${Prefix}${P}`,
    );
    build(group);
    this.#parts.push(group);
    return this;
  }

  /**
   * Puts another application's routes and middleware, or any fetch handler, under a prefix. A fetch
   * handler sees the path without the prefix.
   */
  mount(prefix: string, target: Routes<State, ""> | FetchHandler): this {
    this.assertOpen("a mount");
    const base = this.prefix + trimSlash(prefix);
    this.#parts.push({
      entries: (outer) =>
        typeof target === "function"
          ? [mountedHandler(outer + base, target)]
          : target.entries(outer + base),
    });
    return this;
  }

  /**
   * Every route here with all its middleware, outermost first.
   *
   * @param base What stands before each path where this is mounted, and before each scope likewise.
   */
  *entries(base = ""): Generator<RouteEntry<State>> {
    for (const part of this.#parts) {
      for (const entry of part.entries(base)) {
        const own = this.#middlewareFor(entry.pathname, base);
        yield own.length === 0 ? entry : { ...entry, middleware: [...own, ...entry.middleware] };
      }
    }
  }

  /** The middleware of this collection, each with its scope. */
  scopedMiddleware(): readonly ScopedMiddleware<State>[] {
    return this.#middleware;
  }

  /** The middleware of this collection that stands before a route, or before some of its paths. */
  #middlewareFor(pattern: string, base: string): Middleware<State>[] {
    return this.#middleware.flatMap(({ prefix, middleware }) => {
      const scoped = { prefix: base + prefix, middleware };
      const scope = scopeOf(pattern, scoped.prefix);
      if (scope === "never") return [];
      return [scope === "always" ? middleware : onlyInScope(scoped)];
    });
  }

  /** Throws when nothing may be added any more; an application that has been built says so. */
  protected assertOpen(_what: string): void {}

  #add<P extends string>(
    method: string,
    path: string,
    stack: RouteStack<P, State>,
  ): this {
    this.assertOpen("a route");
    const [middleware, handler] = stack.length === 1 ? [[], stack[0]] : stack;
    if (typeof handler !== "function") {
      throw new TypeError(
        `Cannot route "${method} ${path}": the handler is no function`,
      );
    }
    // Its parameters are those that the router finds by the same pattern.
    const found = handler as Handler<string, State>;
    this.#parts.push({
      entries: (base) => [
        { method, pathname: joinPath(base + this.prefix, path), middleware, handler: found },
      ],
    });
    return this;
  }
}

/** A route for all below a prefix, which passes requests on with as many segments less. */
function mountedHandler<State extends object>(
  prefix: string,
  target: FetchHandler,
): RouteEntry<State> {
  const depth = prefix.split("/").length;
  return {
    method: ANY_METHOD,
    pathname: `${prefix}/**`,
    middleware: [],
    handler: (ctx) => {
      const url = new URL(ctx.url);
      url.pathname = "/" + url.pathname.split("/").slice(depth).join("/");
      return target(new Request(url, ctx.request), ctx.info);
    },
  };
}

/** A middleware that passes requests on whose path is not in its scope. */
export function onlyInScope<State extends object>(
  { prefix, middleware }: ScopedMiddleware<State>,
): Middleware<State> {
  if (prefix === "") return middleware;
  const inScope: Middleware<State> = (ctx, next) =>
    isInScope(ctx.path, prefix) ? middleware(ctx, next) : next();
  return Object.defineProperty(inScope, "name", { value: middleware.name });
}

function trimSlash(path: string): string {
  return path.endsWith("/") ? path.slice(0, -1) : path;
}

function joinPath(prefix: string, path: string): string {
  return path === "/" && prefix !== "" ? prefix : prefix + path;
}
