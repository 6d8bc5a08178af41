import type { Middleware } from "../http/types.ts";
import { assertInteger } from "./option_checks.ts";

/**
 * Gives the requests in its scope another body limit than the application's, smaller or larger. The
 * innermost one counts; what reads the body beyond it gets a 413.
 *
 * @param bytes The most bytes of a request body.
 * @throws {RangeError} When it is no whole number from 0 on.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Application } from "@echelon/framework";
 * import { bodyLimit } from "@echelon/framework/middleware";
 *
 * const app = new Application();
 * app.use("/notes", bodyLimit(8));
 * app.post("/notes", async (ctx) => await ctx.body.text());
 *
 * const init = { method: "POST", body: "far too long" };
 * const response = await app.handle(new Request("http://localhost/notes", init));
 * assert(response.status === 413);
 * ```
 */
export function bodyLimit(bytes: number): Middleware<object> {
  assertInteger("body limit", bytes, { from: 0 });
  return function bodyLimit(ctx, next) {
    ctx.bodyLimit = bytes;
    return next();
  };
}
