import assert from "node:assert/strict";
import { criticalPath, lengthOf } from "../../../../viewer/page/trace/critical_path.ts";

function span(parentIndex: number, startTime: number, end: number) {
  return { parentIndex, startTime, durationMs: end - startTime };
}

Deno.test("criticalPath() follows from the end whoever held the whole up", () => {
  const path = criticalPath([
    span(-1, 0, 100),
    span(0, 10, 40),
    // Beside the one before and longer: that one held nothing up.
    span(0, 12, 50),
    span(0, 60, 90),
    span(3, 65, 80),
  ]);
  assert.deepEqual(Object.fromEntries(path), {
    0: [{ from: 90, to: 100 }, { from: 50, to: 60 }, { from: 0, to: 12 }],
    2: [{ from: 12, to: 50 }],
    3: [{ from: 80, to: 90 }, { from: 60, to: 65 }],
    4: [{ from: 65, to: 80 }],
  });
  const total = [...path.values()].reduce((sum, stretches) => sum + lengthOf(stretches), 0);
  assert.equal(total, 100);
});

Deno.test("criticalPath() leaves out a child that outlived its parent, or began before it", () => {
  const path = criticalPath([span(-1, 10, 20), span(0, 12, 30), span(0, 5, 15)]);
  assert.deepEqual([...path.keys()], [0]);
});

Deno.test("criticalPath() takes a child that ends with its parent but for rounding", () => {
  const path = criticalPath([span(-1, 0, 10), span(0, 4, 10.0000001)]);
  assert.deepEqual([...path.keys()], [0, 1]);
});

Deno.test("criticalPath() allows for clocks that tell whole milliseconds", () => {
  const path = criticalPath([span(-1, 0, 2.42), span(0, 1, 3.2), span(1, 2, 3.19)]);
  assert.deepEqual(Object.fromEntries(path), {
    0: [{ from: 0, to: 1 }],
    1: [{ from: 1, to: 2 }],
    2: [{ from: 2, to: 2.42 }],
  });
  const exact = criticalPath([span(-1, 0.1, 2.42), span(0, 1.1, 3.2)]);
  assert.deepEqual([...exact.keys()], [0]);
});

Deno.test("criticalPath() begins at the longest of the roots and has none for nothing", () => {
  assert.deepEqual([...criticalPath([span(-1, 0, 5), span(-1, 1, 50)]).keys()], [1]);
  assert.equal(criticalPath([]).size, 0);
});

Deno.test("criticalPath() bears a chain of 20,000 spans", () => {
  const chain = Array.from({ length: 20_000 }, (_, i) => span(i - 1, i, 40_000 - i));
  assert.equal(criticalPath(chain).size, 20_000);
});
