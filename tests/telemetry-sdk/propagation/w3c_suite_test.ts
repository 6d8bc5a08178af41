import assert from "node:assert/strict";
import { createPropagator } from "../../../telemetry-sdk/propagation/propagator.ts";
import { SPAN_ID, TRACE_ID, W3C_CASES, type W3cRequest } from "./_w3c_cases.ts";
import { type Outgoing, startTracedService } from "./_w3c_service.ts";

const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

function check(request: W3cRequest, calls: readonly Outgoing[]): void {
  const spanIds = new Set([SPAN_ID]);
  for (const { traceparent, tracestate } of calls) {
    const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent ?? "") ?? [];
    assert.ok(traceId && spanId && flags, `"${traceparent}" is no traceparent`);
    assert.equal(traceId === TRACE_ID, request.joins, `${traceparent}`);
    assert.equal(tracestate, request.state);
    assert.equal((Number.parseInt(flags, 16) & 2) === 2, request.random ?? false);
    spanIds.add(spanId);
  }
  assert.equal(spanIds.size, calls.length + 1, "each call has a span id of its own");
}

Deno.test("createPropagator() passes the 41 cases of the W3C's suite over real HTTP", async (t) => {
  await using service = startTracedService(createPropagator(["tracecontext", "baggage"]));
  const cases = Object.entries(W3C_CASES);
  assert.equal(cases.length, 41);
  for (const [name, requests] of cases) {
    await t.step(name, async () => {
      for (const request of requests) {
        const calls = request.calls ?? 1;
        const outgoing = await service.send(request.headers, calls);
        assert.equal(outgoing.length, calls);
        check(request, outgoing);
      }
    });
  }
});
