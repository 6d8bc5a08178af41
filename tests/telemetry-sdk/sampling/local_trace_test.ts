import assert from "node:assert/strict";
import type { SpanContext } from "@opentelemetry/api";
import type { Span } from "@opentelemetry/sdk-trace-base";
import {
  LocalTrace,
  localTraceOf,
  markContext,
  OpenTraces,
} from "../../../telemetry-sdk/sampling/local_trace.ts";

function traces(owner: object, count: number): LocalTrace[] {
  // No more than a root's identity is looked at here.
  return Array.from({ length: count }, (_, at) => new LocalTrace(owner, {} as Span, at));
}

Deno.test("OpenTraces gives the oldest, whichever left before", () => {
  for (const order of [[0, 1, 2, 3], [3, 2, 1, 0], [1, 2, 0, 3], [2, 0, 3, 1]]) {
    const open = new OpenTraces();
    const all = traces({}, 4);
    for (const trace of all) open.add(trace);
    const left = new Set(all);
    for (const at of order) {
      const trace = all[at];
      assert.ok(trace);
      open.remove(trace);
      left.delete(trace);
      assert.equal(open.oldest, [...left][0]);
      assert.equal(open.size, left.size);
      const listed = [];
      for (let next = open.oldest; next !== undefined; next = next.newer) listed.push(next);
      assert.deepEqual(listed, [...left]);
    }
    const [again] = traces({}, 1);
    assert.ok(again);
    open.add(again);
    assert.equal(open.oldest, again);
  }
});

Deno.test("markContext() tells an owner's traces from another's, and passes over what it cannot mark", () => {
  const owner = {};
  const [trace] = traces(owner, 1);
  assert.ok(trace);
  const context: SpanContext = { traceId: "1".repeat(32), spanId: "1".repeat(16), traceFlags: 0 };
  assert.equal(localTraceOf(context, owner), undefined);
  markContext(context, trace);
  assert.equal(localTraceOf(context, owner), trace);
  assert.equal(localTraceOf(context, {}), undefined);
  const frozen = Object.freeze({ ...context });
  const [other] = traces(owner, 1);
  assert.ok(other);
  markContext(frozen, other);
  assert.equal(localTraceOf(frozen, owner), trace);
});
