import { HttpError } from "../errors.ts";
import type { Middleware } from "../http/types.ts";
import { assertInteger } from "./option_checks.ts";

/** The longest that a timer of the runtime can wait; a longer one fires at once. */
const MAX_MILLIS = 2 ** 31 - 1;

/**
 * Answers 503 when what it stands around has made no response in time. `ctx.signal` aborts then, for
 * whatever the handler passed it on to; a response that still comes is thrown away. Once there is a
 * response its body may take as long as it needs.
 *
 * @param millis How long a response may take, in milliseconds.
 * @throws {RangeError} When it is no whole number from 1 to 2,147,483,647.
 *
 * @example
 * ```ts
 * import { Application } from "@echelon/framework";
 * import { timeout } from "@echelon/framework/middleware";
 *
 * const app = new Application();
 * app.use("/reports", timeout(5_000));
 * app.get("/reports/daily", (ctx) => fetch("http://localhost:9000/daily", { signal: ctx.signal }));
 * ```
 */
export function timeout(millis: number): Middleware<object> {
  assertInteger("time limit", millis, { from: 1, to: MAX_MILLIS });
  return async function timeout(ctx, next) {
    const controller = new AbortController();
    ctx.abortWith(controller.signal);
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      const message = `The request took longer than its limit of ${millis} ms`;
      const reason = new DOMException(message, "TimeoutError");
      // Before the abort, which can make the handler fail at once: the first to settle is the answer.
      late.reject(new HttpError(503, message, { cause: reason }));
      downstream.then((response) => response.body?.cancel()).catch(() => {});
      controller.abort(reason);
    }, millis);
    const downstream = next();
    try {
      return await Promise.race([downstream, late.promise]);
    } finally {
      clearTimeout(timer);
    }
  };
}
