import assert from "node:assert/strict";
import { CONFLICT, resolveRetry, retryConflicts } from "../../../framework/orm/retry.ts";

Deno.test("retryConflicts() tries until an attempt meets nobody", async () => {
  let tried = 0;
  const attempt = () => Promise.resolve(++tried < 4 ? CONFLICT : "done");
  assert.equal(await retryConflicts(attempt, resolveRetry({ baseMillis: 0 })), "done");
  assert.equal(tried, 4);
});

Deno.test("retryConflicts() gives up after as many attempts as allowed", async () => {
  let tried = 0;
  const attempt = () => {
    tried++;
    return Promise.resolve(CONFLICT);
  };
  const options = resolveRetry({ attempts: 3, baseMillis: 1, maxMillis: 1 });
  assert.equal(await retryConflicts(attempt, options), CONFLICT);
  assert.equal(tried, 3);
});

Deno.test("retryConflicts() passes an error on at once", async () => {
  let tried = 0;
  const attempt = () => {
    tried++;
    return Promise.reject(new Error("no"));
  };
  await assert.rejects(retryConflicts(attempt, resolveRetry()), /no/);
  assert.equal(tried, 1);
});
