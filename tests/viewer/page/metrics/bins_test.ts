import assert from "node:assert/strict";
import { binPoints, quantilesOf, totalOf } from "../../../../viewer/page/metrics/bins.ts";

function point(time: number, counts: readonly number[], intervalMs = 10) {
  return { time, counts, intervalMs, count: counts.reduce((sum, count) => sum + count, 0) };
}

Deno.test("binPoints() sums series of the same bounds by time", () => {
  const bins = binPoints([
    { bounds: [1, 2], points: [point(10, [1, 0, 0]), point(20, [0, 2, 0])] },
    { bounds: [1, 2], points: [point(20, [4, 0, 1])] },
    { bounds: [7], points: [point(20, [9, 9])] },
  ], 100);
  assert.ok(bins);
  assert.deepEqual(bins.bins.map(({ time, counts }) => [time, counts]), [
    [10, [1, 0, 0]],
    [20, [4, 2, 1]],
  ]);
  assert.deepEqual(totalOf(bins).counts, [5, 2, 1]);
});

Deno.test("binPoints() makes no more columns than asked for", () => {
  const points = Array.from({ length: 300 }, (_, i) => point((i + 1) * 10, [1, 0]));
  const bins = binPoints([{ bounds: [1], points }], 30);
  assert.equal(bins?.bins.length, 30);
  assert.deepEqual(new Set(bins?.bins.map(({ count }) => count)), new Set([10]));
});

Deno.test("binPoints() has nothing for no points, and quantilesOf() a gap for an empty column", () => {
  assert.equal(binPoints([{ bounds: [1], points: [] }], 10), undefined);
  const bins = binPoints([{ bounds: [4], points: [point(10, [2, 0]), point(30, [2, 0])] }], 10);
  assert.ok(bins);
  assert.deepEqual(quantilesOf(bins, 0.5), [2, null, 2]);
});
