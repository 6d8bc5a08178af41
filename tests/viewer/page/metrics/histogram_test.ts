import assert from "node:assert/strict";
import { quantileOf } from "../../../../viewer/page/metrics/histogram.ts";

Deno.test("quantileOf() spreads a bucket's measurements evenly", () => {
  const buckets = { bounds: [10, 20, 40], counts: [0, 10, 10, 0] };
  assert.equal(quantileOf(buckets, 0.25), 15);
  assert.equal(quantileOf(buckets, 0.5), 20);
  assert.equal(quantileOf(buckets, 0.75), 30);
});

Deno.test("quantileOf() stays at the last bound for what lies above it", () => {
  assert.equal(quantileOf({ bounds: [1, 2], counts: [0, 0, 5] }, 0.5), 2);
});

Deno.test("quantileOf() tells nothing of nothing", () => {
  assert.equal(quantileOf({ bounds: [1], counts: [0, 0] }, 0.5), undefined);
  assert.equal(quantileOf({ bounds: [], counts: [3] }, 0.5), undefined);
});
