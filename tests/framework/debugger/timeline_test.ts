import assert from "node:assert/strict";
import { Debugger } from "../../../framework/debugger/debugger.ts";
import { RequestTimelines, type TimelineOptions } from "../../../framework/debugger/timeline.ts";

function timed(options?: TimelineOptions): { dbg: Debugger; timelines: RequestTimelines } {
  const dbg = new Debugger();
  const timelines = new RequestTimelines(options);
  dbg.addListener(timelines);
  return { dbg, timelines };
}

/** The times differ from run to run. */
function withoutTimes(text: string | undefined): string | undefined {
  return text?.replaceAll(/ *\+?\d+\.\d ms/g, "");
}

Deno.test("entries() has operations with their durations and facts without, in order", async () => {
  const { dbg, timelines } = timed();
  await dbg.run("middleware", { name: "auth", index: 0 }, async () => {
    dbg.emit({ type: "auth:success", data: { scheme: "session" } });
    await Promise.resolve();
    return dbg.run("view", { name: "order" }, () => {});
  }, { requestId: "r-1" });
  const entries = timelines.entries("r-1");
  assert.deepEqual(entries.map(({ name, depth }) => [name, depth]), [
    ["middleware.auth", 0],
    ["auth:success", 1],
    ["view.render", 1],
  ]);
  const [middleware, success, view] = entries;
  assert.ok(middleware && success && view);
  assert.ok((middleware.durationMillis ?? -1) >= (view.durationMillis ?? NaN));
  assert.equal("durationMillis" in success, false);
  assert.ok(middleware.startTime <= view.startTime);
});

Deno.test("entries() pairs raw events, and knows what has not ended", () => {
  const { dbg, timelines } = timed();
  const requestId = "r-1";
  dbg.emit({ type: "middleware:enter", requestId, data: { name: "a", index: 0 } });
  dbg.emit({ type: "middleware:enter", requestId, data: { name: "a", index: 1 } });
  dbg.emit({ type: "middleware:exit", requestId, data: { name: "a", index: 1 } });
  dbg.emit({ type: "controller:exit", requestId, data: { error: "broken" } });
  assert.deepEqual(
    timelines.entries(requestId).map((entry) => [
      entry.name,
      entry.depth,
      "durationMillis" in entry,
      entry.error,
    ]),
    [
      ["middleware.a", 0, false, undefined],
      ["middleware.a", 1, true, undefined],
      ["controller", 1, true, "broken"],
    ],
  );
});

Deno.test("entries() notes what operations and facts failed with", () => {
  const { dbg, timelines } = timed();
  const error = new TypeError("broken");
  for (const run of ["controller", "view"] as const) {
    assert.throws(() =>
      dbg.run(run, { name: "order" }, () => {
        throw error;
      }, { requestId: "r-1" })
    );
  }
  dbg.emit({ type: "job:end", requestId: "r-1", data: { name: "mail", id: "1", error } });
  assert.deepEqual(
    timelines.entries("r-1").map((entry) => [entry.name, entry.error, entry.depth]),
    [["controller", error, 0], ["view.render", error, 0], ["job:end", error, 0]],
  );
});

Deno.test("formatTimeline() shows a request to a person", () => {
  const { dbg, timelines } = timed();
  const requestId = "r-1";
  dbg.emit({ type: "request:start", requestId, data: { method: "GET", path: "/orders/7" } });
  assert.throws(() =>
    dbg.run(
      "middleware",
      { name: "auth", index: 0 },
      () =>
        dbg.run("controller", { name: "showOrder", route: "/orders/:id" }, () => {
          dbg.emit({ type: "cache:miss", data: { key: "order 7" } });
          throw new TypeError("no such order");
        }),
      { requestId },
    )
  );
  dbg.emit({ type: "request:end", requestId, data: { status: 500 } });
  const text = timelines.formatTimeline(requestId);
  assert.equal(
    withoutTimes(text),
    `request r-1
  request:start method=GET path=/orders/7
  middleware.auth failed: "TypeError: no such order"
  │ controller name=showOrder route=/orders/:id failed: "TypeError: no such order"
  │ │ cache:miss key="order 7"
  request:end status=500`,
  );
  assert.match(text ?? "", /^\+0\.0 ms {2}request:start/m);
  assert.match(text ?? "", /middleware\.auth \d+\.\d ms failed/);
  assert.equal(timelines.formatTimeline("unknown"), undefined);
});

Deno.test("formatTimeline() lets nothing that a client sends forge lines or command a terminal", () => {
  const { dbg, timelines } = timed();
  const path = "/\n+0.0 ms forged \u001b[31m\u009b2J\u202e";
  dbg.emit({ type: "route:miss", requestId: "r\n1", data: { method: "GET", path } });
  dbg.emit({ type: "config:load", requestId: "r\n1", data: { source: "x".repeat(1_000) } });
  const error = Object.create(null);
  dbg.emit({ type: "error", requestId: "r\n1", data: { error } });
  const lines = timelines.formatTimeline("r\n1")?.split("\n") ?? [];
  assert.equal(lines.length, 4);
  assert.equal(lines[0], 'request "r\\n1"');
  assert.doesNotMatch(lines.join(""), /\p{C}/u);
  assert.ok(lines.every((line) => line.length < 200));
  assert.match(lines[3] ?? "", /failed: "an error that cannot be read"/);
});

Deno.test("timelines are bounded: the oldest request goes, late entries are counted", () => {
  const { dbg, timelines } = timed({ maxRequests: 2, maxEntriesPerRequest: 3 });
  for (const requestId of ["r-1", "r-2", "r-3"]) {
    for (let n = 0; n < 5; n++) dbg.run("controller", {}, () => {}, { requestId });
  }
  dbg.emit({ type: "cache:hit", data: { key: "of no request" } });
  assert.deepEqual(timelines.requestIds(), ["r-2", "r-3"]);
  assert.deepEqual(timelines.entries("r-1"), []);
  assert.equal(timelines.entries("r-2").length, 3);
  assert.match(timelines.formatTimeline("r-2") ?? "", /\n… and \d+ more events$/);
});
