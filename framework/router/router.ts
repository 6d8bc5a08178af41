import { addRoute, createRouter, findRoute, type RouterContext } from "rou3";

/** One registered route. */
export interface Route<Data> {
  /** The method in upper case, or `*` for all. */
  readonly method: string;
  /** What paths it matches, as it was written; telemetry knows the route by it. */
  readonly pattern: { readonly pathname: string };
  /** What was registered. */
  readonly data: Data;
}

/** A route that matched a request. */
export interface RouteMatch<Data> {
  /** The route. */
  readonly route: Route<Data>;
  /** What its parameters matched, percent-decoded. */
  readonly params: Readonly<Record<string, string>>;
}

const NO_PARAMS: Readonly<Record<string, string>> = Object.freeze({});

/** Stands for every method where a route is registered. */
export const ANY_METHOD = "*";

/**
 * Finds the route for a method and a path. The matching itself is rou3's: static segments win over
 * parameters, parameters over wildcards, whatever the order of registration; one trailing slash is
 * ignored.
 */
export class Router<Data> {
  readonly #routes: RouterContext<Route<Data>> = createRouter();
  readonly #methods = new Set<string>();
  readonly #known = new Set<string>();

  /**
   * Registers a route.
   *
   * @param method An HTTP method, or {@linkcode ANY_METHOD}.
   * @param pathname The pattern: `/orders/:id`, `/files/**:path`, `/:lang?/about`.
   * @param data What to find again.
   * @throws {TypeError} When the pattern has no meaning, or the same route is there already.
   */
  add(method: string, pathname: string, data: Data): Route<Data> {
    if (!pathname.startsWith("/")) {
      throw new TypeError(
        `Cannot route "${pathname}": a pattern starts with "/"`,
      );
    }
    const key = `${method} ${pathname.replaceAll(/:\w+/g, ":")}`;
    if (this.#known.has(key)) {
      throw new TypeError(
        `Cannot route "${method} ${pathname}": this route is registered already`,
      );
    }
    const route: Route<Data> = { method, pattern: { pathname }, data };
    try {
      addRoute(
        this.#routes,
        method === ANY_METHOD ? "" : method,
        pathname,
        route,
      );
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new TypeError(`Cannot route "${pathname}": ${reason}`, { cause });
    }
    this.#known.add(key);
    this.#methods.add(method);
    return route;
  }

  /**
   * The route for a request, or `undefined`. A HEAD that has no route of its own is served by GET's
   * (RFC 9110, section 9.3.2).
   *
   * @param method The request's method.
   * @param path Its path, percent-encoded and with every encoding valid.
   */
  match(method: string, path: string): RouteMatch<Data> | undefined {
    const found = this.#find(method, path);
    return found === undefined && method === "HEAD" ? this.#find("GET", path) : found;
  }

  /** The methods that a path answers to, for `Allow`; empty where no route matches the path. */
  allowed(path: string): string[] {
    const methods = [...this.#methods].filter((method) =>
      method !== ANY_METHOD && this.#find(method, path) !== undefined
    );
    if (methods.length === 0) return methods;
    if (methods.includes("GET") && !methods.includes("HEAD")) {
      methods.push("HEAD");
    }
    if (!methods.includes("OPTIONS")) methods.push("OPTIONS");
    return methods.sort();
  }

  #find(method: string, path: string): RouteMatch<Data> | undefined {
    const found = findRoute(this.#routes, method, path);
    if (found === undefined) return undefined;
    return {
      route: found.data,
      params: found.params ? decoded(found.params) : NO_PARAMS,
    };
  }
}

function decoded(
  params: Record<string, string>,
): Readonly<Record<string, string>> {
  for (const name in params) {
    const value = params[name];
    if (value?.includes("%")) params[name] = decodeURIComponent(value);
  }
  return params;
}
