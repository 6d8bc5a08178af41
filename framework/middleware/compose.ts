import type { Context } from "../http/context.ts";
import type { Middleware } from "../http/types.ts";

/** What a request runs through: middleware from the outside in, and the handler. */
export type Chain<State extends object> = (
  // deno-lint-ignore no-explicit-any -- a chain serves routes of every shape of parameters.
  ctx: Context<any, State>,
) => Response | Promise<Response>;

/**
 * Makes one chain of middleware around a handler. It is made once for a route; a request only runs
 * it. With no middleware the chain is the handler itself.
 *
 * @param middleware From the outermost to the innermost.
 * @param handler What stands in the middle.
 */
export function compose<State extends object>(
  middleware: readonly Middleware<State>[],
  handler: Chain<State>,
): Chain<State> {
  return middleware.reduceRight<Chain<State>>(
    (rest, layer) => around(layer, rest),
    handler,
  );
}

function around<State extends object>(
  layer: Middleware<State>,
  rest: Chain<State>,
): Chain<State> {
  return async (ctx) => {
    let downstream: Promise<Response> | undefined;
    const next = (): Promise<Response> => {
      if (downstream !== undefined) {
        throw new Error(
          `next() called multiple times by the middleware "${nameOf(layer)}"`,
        );
      }
      // A throw becomes a rejection, so that a `catch` on next() hears of both.
      downstream = (async () => await rest(ctx))();
      // A middleware may answer without waiting for what it began: its failure ends no process.
      downstream.catch(() => {});
      return downstream;
    };
    const response = await layer(ctx, next) ?? await downstream;
    if (response instanceof Response) return response;
    throw new TypeError(
      `The middleware "${nameOf(layer)}" neither returned a Response nor called next()`,
    );
  };
}

function nameOf(layer: { readonly name: string }): string {
  return layer.name || "anonymous";
}
