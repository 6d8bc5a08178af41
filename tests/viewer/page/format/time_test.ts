import assert from "node:assert/strict";
import { formatAgo, formatDateTime } from "../../../../viewer/page/format/time.ts";

Deno.test("formatAgo() tells the past and the future", () => {
  const now = 1_700_000_000_000;
  const said = (seconds: number) => formatAgo(now - seconds * 1000, now);
  assert.deepEqual([0, 1, 2, 59, 60, 3599, 3600, 172_800, -1, -30].map(said), [
    "now",
    "now",
    "2 s ago",
    "59 s ago",
    "1 min ago",
    "59 min ago",
    "1 h ago",
    "2 d ago",
    "now",
    "in 30 s",
  ]);
});

Deno.test("formatAgo() and formatDateTime() bear times beyond the calendar", () => {
  assert.equal(formatAgo(1e19, 0), "–");
  assert.equal(formatDateTime(1e19), "a time beyond the calendar");
});
