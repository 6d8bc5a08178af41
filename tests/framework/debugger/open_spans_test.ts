import assert from "node:assert/strict";
import { type Attached, attached } from "./_attached.ts";

/** The names of the spans that were ended for want of an end, and why. */
function unclosed({ telemetry }: Attached): unknown[] {
  return telemetry.spans()
    .filter(({ attributes }) => "echelon.span.unclosed" in attributes)
    .map(({ name, attributes }) => `${name}: ${attributes["echelon.span.unclosed"]}`);
}

function enter({ dbg }: Attached, requestId: string, name: string): void {
  dbg.emit({ type: "middleware:enter", requestId, data: { name, index: 0 } });
}

Deno.test("raw pairs that are not closed end with their request, whatever is ignored", () => {
  using at = attached({ ignoredTypes: ["request:end"] });
  enter(at, "r-1", "auth");
  enter(at, "r-2", "auth");
  at.dbg.emit({ type: "request:end", requestId: "r-1", data: {} });
  assert.deepEqual(unclosed(at), ["middleware.auth: request ended"]);
  assert.deepEqual([...at.bridge.activeSpans.keys()], ["r-2"]);
});

Deno.test("raw pairs that stay open end after the limit, with nothing else going on", async () => {
  using at = attached({ maxOpenMillis: 5 });
  enter(at, "r-1", "first");
  enter(at, "r-2", "second");
  while (at.bridge.activeSpans.size > 0) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  assert.deepEqual(unclosed(at), [
    "middleware.first: open too long",
    "middleware.second: open too long",
  ]);
});

Deno.test("a raw pair that opens again ends the one before", () => {
  using at = attached();
  enter(at, "r-1", "auth");
  enter(at, "r-1", "auth");
  assert.deepEqual(unclosed(at), ["middleware.auth: opened again"]);
  assert.equal(at.bridge.activeSpans.get("r-1")?.size, 1);
});

Deno.test("open raw pairs are bounded by request, the oldest goes", () => {
  using at = attached({ maxSpansPerRequest: 2 });
  for (const name of ["a", "b", "c"]) enter(at, "r-1", name);
  assert.deepEqual(unclosed(at), ["middleware.a: too many spans"]);
  assert.deepEqual([...at.bridge.activeSpans.get("r-1")?.keys() ?? []], [
    "middleware.b#0",
    "middleware.c#0",
  ]);
});

Deno.test("one open raw pair a request is bound enough", () => {
  using at = attached({ maxSpansPerRequest: 1 });
  for (const name of ["a", "b"]) enter(at, "r-1", name);
  assert.deepEqual(unclosed(at), ["middleware.a: too many spans"]);
  assert.deepEqual([...at.bridge.activeSpans.get("r-1")?.keys() ?? []], ["middleware.b#0"]);
});

Deno.test("requests with open raw pairs are bounded, the oldest goes", () => {
  using at = attached({ maxRequests: 2 });
  for (const requestId of ["r-1", "r-2", "r-3"]) {
    enter(at, requestId, requestId);
    enter(at, requestId, `${requestId} too`);
  }
  assert.deepEqual(unclosed(at), [
    "middleware.r-1: too many requests",
    "middleware.r-1 too: too many requests",
  ]);
  assert.deepEqual([...at.bridge.activeSpans.keys()], ["r-2", "r-3"]);
});

Deno.test("an end without a beginning is passed over", () => {
  using at = attached();
  at.dbg.emit({ type: "controller:exit", requestId: "r-1", data: {} });
  at.dbg.emit({ type: "request:end", requestId: "r-1", data: {} });
  assert.deepEqual(at.telemetry.spans(), []);
});

Deno.test("a disposed bridge leaves nothing open", () => {
  using at = attached();
  enter(at, "r-1", "auth");
  at.dbg.emit({ type: "controller:enter", data: {} });
  at.bridge[Symbol.dispose]();
  assert.deepEqual(unclosed(at), [
    "middleware.auth: bridge disposed",
    "controller: bridge disposed",
  ]);
  assert.equal(at.bridge.activeSpans.size, 0);
});
