import assert from "node:assert/strict";
import { checkClock } from "../../../telemetry-sdk/doctor/clock_check.ts";

Deno.test("checkClock() warns from a minute on, and finds a problem from five on", () => {
  const said = [undefined, 59_000, -60_000, 61_000, -119_000, 300_000, 301_000, -86_400_000].map(
    (millis) => {
      const { state, message } = checkClock("collector", millis);
      return `${state}: ${message}`;
    },
  );
  assert.deepEqual(said, [
    "skipped: collector does not tell the time.",
    "ok: This machine's clock agrees with that of collector.",
    "ok: This machine's clock agrees with that of collector.",
    "warning: This machine's clock is 61 seconds behind that of collector.",
    "warning: This machine's clock is 119 seconds ahead of that of collector.",
    "warning: This machine's clock is 5 minutes behind that of collector.",
    "problem: This machine's clock is 5 minutes behind that of collector.",
    "problem: This machine's clock is 24 hours ahead of that of collector.",
  ]);
});
