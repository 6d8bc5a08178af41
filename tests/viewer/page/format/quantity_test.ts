import assert from "node:assert/strict";
import {
  formatBytes,
  formatMeasured,
  formatRate,
  formatShare,
} from "../../../../viewer/page/format/quantity.ts";

Deno.test("formatMeasured() reads the unit", () => {
  assert.deepEqual(
    [
      formatMeasured(0.25, "s"),
      formatMeasured(1536, "By"),
      formatMeasured(3, "{request}"),
      formatMeasured(12.5, "%"),
      formatMeasured(20, "Cel"),
      formatMeasured(1_234_567, "1"),
    ],
    ["250 ms", "1.5 KiB", "3", "12.5 %", "20 Cel", "1.2M"],
  );
});

Deno.test("formatBytes() stays in its last unit", () => {
  assert.deepEqual([0, 1023, 1024 ** 2, 1024 ** 6].map(formatBytes), [
    "0 B",
    "1023 B",
    "1.0 MiB",
    "1048576 TiB",
  ]);
});

Deno.test("formatShare() never rounds to nothing or to all", () => {
  assert.deepEqual(
    [[0, 10], [1, 5000], [1, 8], [4999, 5000], [5, 5], [1, 0]].map(([a = 0, b = 0]) =>
      formatShare(a, b)
    ),
    ["0 %", "< 0.1 %", "13 %", "> 99.9 %", "100 %", "0 %"],
  );
});

Deno.test("formatRate() turns to minutes when it is small", () => {
  assert.deepEqual([0, 12.345, 0.995, 0.05].map(formatRate), [
    "0 /s",
    "12.3 /s",
    "59.7 /min",
    "3 /min",
  ]);
});
