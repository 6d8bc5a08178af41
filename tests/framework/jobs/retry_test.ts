import assert from "node:assert/strict";
import { retryDelay, retryPolicy } from "../../../framework/jobs/retry.ts";

const almostOne = () => 1 - Number.EPSILON;

Deno.test("retryDelay() doubles its bound with each attempt up to the longest wait", () => {
  const policy = retryPolicy({ baseMillis: 100, maxMillis: 1_000 });
  const bounds = [1, 2, 3, 4, 5, 2_000].map((attempt) => retryDelay(policy, attempt, almostOne));
  assert.deepEqual(bounds, [99, 199, 399, 799, 999, 999]);
});

Deno.test("retryDelay() spreads over everything from nothing to its bound", () => {
  const policy = retryPolicy({ baseMillis: 100, maxMillis: 1_000 });
  assert.deepEqual([0, 0.25, 0.5].map((random) => retryDelay(policy, 2, () => random)), [
    0,
    50,
    100,
  ]);
  const delays = Array.from({ length: 100 }, () => retryDelay(policy, 4));
  assert.ok(delays.every((delay) => Number.isInteger(delay) && delay >= 0 && delay < 800));
  assert.ok(new Set(delays).size > 1);
});

Deno.test("retryDelay() is finite when the attempts are many and the base is nothing", () => {
  const policy = retryPolicy({ baseMillis: 0 });
  assert.equal(retryDelay(policy, Number.MAX_SAFE_INTEGER, almostOne), 0);
});

for (
  const options of [
    { attempts: 0 },
    { attempts: 1.5 },
    { attempts: Infinity },
    { baseMillis: -1 },
    { baseMillis: NaN },
    { maxMillis: Infinity },
  ]
) {
  const [[name, value]] = Object.entries(options) as [[string, number]];
  Deno.test(`retryPolicy() refuses ${name} of ${value}`, () => {
    assert.throws(() => retryPolicy(options), (error) => {
      assert.ok(error instanceof RangeError);
      assert.match(error.message, new RegExp(`${value}.*"${name}"`));
      return true;
    });
  });
}
