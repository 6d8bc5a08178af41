import assert from "node:assert/strict";
import { parseRetryAfter, retryDelay } from "../../../telemetry-sdk/export/retry.ts";

Deno.test("retryDelay() doubles a jittered backoff up to a ceiling", () => {
  const delays = (random: number) =>
    [1, 2, 3, 4, 5, 50].map((attempts) =>
      retryDelay({ attempts, remainingMillis: 60_000, random })
    );
  assert.deepEqual(delays(0), [500, 1000, 2000, 4000, 4000, 4000]);
  assert.deepEqual(delays(1), [1000, 2000, 4000, 8000, 8000, 8000]);
});

Deno.test("retryDelay() honours what the receiver asks for, but never below its own backoff", () => {
  const situation = { attempts: 1, remainingMillis: 60_000, random: 1 };
  assert.equal(retryDelay({ ...situation, retryAfterMillis: 7000 }), 7000);
  assert.equal(retryDelay({ ...situation, retryAfterMillis: 1 }), 1000);
});

Deno.test("retryDelay() shortens a long Retry-After so that one attempt is left", () => {
  const situation = { attempts: 1, random: 0, retryAfterMillis: 3_600_000 };
  assert.equal(retryDelay({ ...situation, remainingMillis: 10_000 }), 9000);
  assert.equal(retryDelay({ ...situation, remainingMillis: 1400 }), undefined);
});

Deno.test("retryDelay() gives up when no attempt fits before the deadline", () => {
  assert.equal(retryDelay({ attempts: 1, remainingMillis: 1499, random: 0 }), undefined);
  assert.equal(retryDelay({ attempts: 1, remainingMillis: 1500, random: 0 }), 500);
});

Deno.test("parseRetryAfter() reads seconds and dates, and ignores what would mean no pause", () => {
  const now = Date.parse("2026-01-01T00:00:00Z");
  assert.equal(parseRetryAfter("2", now), 2000);
  assert.equal(parseRetryAfter(" 120 ", now), 120_000);
  assert.equal(parseRetryAfter("Thu, 01 Jan 2026 00:00:03 GMT", now), 3000);
  for (
    const value of [null, "", "0", "-1", "1.5", "soon", "NaN", "Wed, 31 Dec 2025 00:00:00 GMT"]
  ) {
    assert.equal(parseRetryAfter(value, now), undefined, String(value));
  }
});
