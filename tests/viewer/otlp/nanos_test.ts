import assert from "node:assert/strict";
import { Nanos } from "../../../viewer/otlp/nanos.ts";

const TIMES = [0n, 1n, 999_999n, 1_000_000n, 1_700_000_000_123_456_789n, 2n ** 64n - 1n];

Deno.test("Nanos.fromHalves() is exact when a number could not hold the time", () => {
  for (const time of TIMES) {
    const low = Number(time & 0xffff_ffffn);
    const nanos = Nanos.fromHalves(low, Number(time >> 32n));
    assert.equal(nanos.toJSON(), String(time));
    assert.deepEqual(nanos, Nanos.fromBigint(time));
  }
});

Deno.test("Nanos.since() keeps nanoseconds when the times are far from the epoch", () => {
  const start = Nanos.fromBigint(1_700_000_000_999_999_999n);
  const end = Nanos.fromBigint(1_700_000_001_000_000_002n);
  assert.equal(end.since(start).toFixed(6), "0.000003");
  assert.equal(start.since(end).toFixed(6), "-0.000003");
});
