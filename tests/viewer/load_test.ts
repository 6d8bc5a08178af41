import assert from "node:assert/strict";
import { putLoad } from "./load.ts";

Deno.test("viewer stays within its bound and tells what had to go when spans come at full speed", async () => {
  const { state, latencies } = await putLoad({ spans: 50_000, memoryMb: 16 });
  const { traces, bytes, maxBytes, requests } = state;
  assert.equal(traces.received, Math.ceil(50_000 / 512) * 512);
  assert.equal(traces.spans + traces.evictedSpans, traces.received);
  assert.ok(traces.evictedTraces > 1000 && traces.traces > 500);
  assert.ok(bytes <= maxBytes);
  assert.equal(requests.refused, 0);
  assert.ok(latencies.length > 0);
});
