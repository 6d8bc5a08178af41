import assert from "node:assert/strict";
import { TestClock } from "../../../telemetry-sdk/testing.ts";

Deno.test("TestClock stands still until it is advanced", () => {
  const clock = new TestClock("2026-05-01T12:00:00Z");
  assert.equal(clock.now().toISOString(), "2026-05-01T12:00:00.000Z");
  clock.advance(61_000);
  clock.advance(0);
  assert.equal(clock.now().toISOString(), "2026-05-01T12:01:01.000Z");
});

Deno.test("TestClock refuses what is no date, and to run backwards", () => {
  assert.throws(() => new TestClock("soon"), {
    name: "RangeError",
    message: 'Cannot start a clock at "soon": expected a date',
  });
  for (const millis of [-1, 0.5, NaN, Infinity]) {
    assert.throws(() => new TestClock().advance(millis), {
      name: "RangeError",
      message: `Cannot advance a clock by "${millis}": expected whole milliseconds, 0 or more`,
    });
  }
});
