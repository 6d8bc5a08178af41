import assert from "node:assert/strict";
import {
  marksIn,
  percentAt,
  ticksOf,
  windowOf,
  zoomed,
} from "../../../../viewer/page/trace/time_scale.ts";

Deno.test("ticksOf() takes round steps and never more than asked for", () => {
  assert.deepEqual(ticksOf(100, 5), [0, 20, 40, 60, 80, 100]);
  assert.deepEqual(ticksOf(37.2, 5), [0, 10, 20, 30]);
  assert.deepEqual(ticksOf(0, 5), [0]);
  for (const length of [1e-7, 0.003, 12.7, 9.999, 86_400_000]) {
    assert.ok(ticksOf(length, 5).length <= 6, `${length}`);
    assert.ok(ticksOf(length, 5).length >= 3, `${length}`);
  }
});

Deno.test("windowOf() holds every span and is never empty", () => {
  const at = (startTime: number, durationMs: number) => ({ startTime, durationMs });
  assert.deepEqual(windowOf([at(5, 10), at(2, 1)]), { from: 2, to: 15 });
  assert.deepEqual(windowOf([]), { from: 0, to: 1 });
  const point = windowOf([at(7, 0)]);
  assert.ok(point.to > point.from);
});

Deno.test("zoomed() stays within the whole", () => {
  const whole = { from: 0, to: 100 };
  assert.deepEqual(zoomed(whole, whole, 0.5), { from: 25, to: 75 });
  assert.deepEqual(zoomed({ from: 0, to: 50 }, whole, 4), whole);
  assert.equal(percentAt(whole, 25), 25);
});

Deno.test("marksIn() marks round moments after the trace's start, wherever the window begins", () => {
  const said = (from: number, to: number) =>
    marksIn({ from, to }, 1000).map(({ offset, percent }) => [offset, percent]);
  assert.deepEqual(said(1000, 1100), [[0, 0], [20, 20], [40, 40], [60, 60], [80, 80], [100, 100]]);
  assert.deepEqual(said(1013, 1063), [[20, 14], [30, 34], [40, 54], [50, 74], [60, 94]]);
});
