import assert from "node:assert/strict";
import { formatDuration } from "../../../../viewer/page/format/duration.ts";

Deno.test("formatDuration() gives three digits in the unit that suits", () => {
  const said = [0, 0.0004, 0.0421, 0.5, 1, 12.345, 99.97, 999.4, 999.6, 1500, 59_940, 59_960]
    .map(formatDuration);
  assert.deepEqual(said, [
    "0 ms",
    "400 ns",
    "42.1 µs",
    "500 µs",
    "1.00 ms",
    "12.3 ms",
    "100 ms",
    "999 ms",
    "1.00 s",
    "1.50 s",
    "59.9 s",
    "1 min 0 s",
  ]);
});

Deno.test("formatDuration() bears what is no ordinary duration", () => {
  assert.deepEqual(
    [NaN, Infinity, -2, 3_600_000, 86_400_000 * 3].map(formatDuration),
    ["–", "–", "-2.00 ms", "1 h 0 min", "3 d"],
  );
});
