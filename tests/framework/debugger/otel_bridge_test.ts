import assert from "node:assert/strict";
import { ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { DebuggerOTelBridge } from "../../../framework/debugger/otel_bridge.ts";
import type { DebugThreshold } from "../../../framework/debugger/levels.ts";
import { RequestTimelines } from "../../../framework/debugger/timeline.ts";
import {
  deleteRequestContext,
  setRequestContext,
} from "../../../framework/telemetry/otel_context.ts";
import { withSpan } from "../../../framework/telemetry/otel.ts";
import type { SpanTree } from "../../_telemetry.ts";
import { attached } from "./_attached.ts";

/** The spans, siblings by name: within one microsecond they have no order of their own. */
function sorted(tree: readonly SpanTree[]): SpanTree[] {
  const keyOf = ({ name, attributes }: SpanTree) => `${name} ${attributes["middleware.index"]}`;
  return tree
    .toSorted((a, b) => keyOf(a) < keyOf(b) ? -1 : 1)
    .map((span) => ({ ...span, children: sorted(span.children) }));
}

const INTERNAL = { kind: "INTERNAL", children: [] } as const;
Deno.test("around() makes each operation one span, active while it runs", async () => {
  using at = attached();
  const { dbg } = at;
  await withSpan(
    "request",
    () =>
      dbg.run(
        "middleware",
        { name: "auth", index: 0 },
        () =>
          dbg.run("controller", { name: "showOrder", route: "/orders/:id" }, async () => {
            await Promise.resolve();
            dbg.run(
              "search",
              { index: "orders", query: "secret" },
              () => withSpan("kv.get", () => {}),
            );
            dbg.run("plugin", { name: "mail", event: "sent" }, () => {});
            return dbg.run("view", { name: "order" }, () => {});
          }),
      ),
  );
  assert.deepEqual(sorted(at.telemetry.spanTree()), [{
    ...INTERNAL,
    name: "request",
    attributes: {},
    children: [{
      ...INTERNAL,
      name: "middleware.auth",
      attributes: { "middleware.name": "auth", "middleware.index": 0 },
      children: [{
        ...INTERNAL,
        name: "controller",
        attributes: { "http.route": "/orders/:id", "code.function.name": "showOrder" },
        children: [
          {
            ...INTERNAL,
            name: "plugin.mail",
            attributes: { "plugin.name": "mail", "plugin.event": "sent" },
          },
          {
            ...INTERNAL,
            name: "search.query",
            attributes: { "search.index": "orders" },
            children: [{ ...INTERNAL, name: "kv.get", attributes: {} }],
          },
          { ...INTERNAL, name: "view.render", attributes: { "view.name": "order" } },
        ],
      }],
    }],
  }]);
  assert.equal(at.bridge.activeSpans.size, 0);
});

Deno.test("around() marks a failed operation's span, once, and no other", async () => {
  using at = attached();
  const failing = [
    () => {
      throw new TypeError("thrown");
    },
    () => Promise.reject(new TypeError("rejected")),
  ];
  for (const run of failing) {
    await withSpan("request", async () => {
      await assert.rejects(async () => await at.dbg.run("controller", {}, run), TypeError);
    });
  }
  const spans = Map.groupBy(at.telemetry.spans(), ({ name }) => name);
  const outcomes = (name: string) =>
    spans.get(name)?.map(({ status, attributes, events }) => [
      status.code,
      attributes["error.type"],
      events.map(({ name }) => name),
    ]);
  const failed = ["ERROR", "TypeError", ["exception"]];
  assert.deepEqual(outcomes("controller"), [failed, failed]);
  const fine = ["UNSET", undefined, []];
  assert.deepEqual(outcomes("request"), [fine, fine]);
});

Deno.test("around() ends the span before whoever waits for the operation goes on", async () => {
  using at = attached();
  await at.dbg.run("controller", {}, () => Promise.resolve());
  assert.deepEqual(at.telemetry.spans().map(({ name }) => name), ["controller"]);
});

Deno.test("what has no active span hangs on its request's", () => {
  using at = attached();
  const span = trace.getTracer("test").startSpan("request");
  setRequestContext("r-1", trace.setSpan(ROOT_CONTEXT, span));
  at.dbg.run("controller", {}, () => {}, { requestId: "r-1" });
  at.dbg.emit({ type: "config:load", requestId: "r-1", data: { source: "env" } });
  at.dbg.emit({ type: "config:load", requestId: "unknown", data: { source: "lost" } });
  deleteRequestContext("r-1");
  span.end();
  assert.deepEqual(at.telemetry.spanTree(), [{
    ...INTERNAL,
    name: "request",
    attributes: {},
    events: ["config:load"],
    children: [{ ...INTERNAL, name: "controller", attributes: {} }],
  }]);
});

Deno.test("raw pairs become spans below their request's, by request and operation", () => {
  using at = attached();
  const { dbg, bridge } = at;
  for (const requestId of ["r-1", "r-2"]) {
    withSpan(requestId, { root: true }, (span) => {
      setRequestContext(requestId, trace.setSpan(ROOT_CONTEXT, span));
      dbg.emit({ type: "middleware:enter", requestId, data: { name: "auth", index: 0 } });
      dbg.emit({ type: "middleware:enter", requestId, data: { name: "auth", index: 1 } });
      dbg.emit({ type: "controller:enter", requestId, data: {} });
    });
  }
  assert.deepEqual([...bridge.activeSpans].map(([id, spans]) => [id, spans.size]), [
    ["r-1", 3],
    ["r-2", 3],
  ]);
  for (const requestId of ["r-2", "r-1"]) {
    const error = new TypeError("broken");
    dbg.emit({ type: "controller:exit", requestId, data: { error } });
    dbg.emit({ type: "middleware:exit", requestId, data: { name: "auth", index: 1 } });
    dbg.emit({ type: "middleware:exit", requestId, data: { name: "auth", index: 0 } });
    dbg.emit({ type: "request:end", requestId, data: { status: 500 } });
    deleteRequestContext(requestId);
  }
  assert.equal(bridge.activeSpans.size, 0);
  const middleware = (index: number) => ({
    ...INTERNAL,
    name: "middleware.auth",
    attributes: { "middleware.name": "auth", "middleware.index": index },
  });
  const children = [
    {
      ...INTERNAL,
      name: "controller",
      attributes: { "error.type": "TypeError" },
      status: "ERROR",
      events: ["exception"],
    },
    middleware(0),
    middleware(1),
  ];
  assert.deepEqual(sorted(at.telemetry.spanTree()), [
    { ...INTERNAL, name: "r-1", attributes: {}, children },
    { ...INTERNAL, name: "r-2", attributes: {}, children },
  ]);
});

Deno.test("an operation has one span each where the bridge is a listener only", () => {
  using at = attached({ asScope: false });
  const { dbg } = at;
  assert.throws(
    () =>
      dbg.run("middleware", { name: "auth", index: 0 }, () =>
        dbg.run("controller", {}, () => {
          throw new TypeError("broken");
        }), { requestId: "r-1" }),
    TypeError,
  );
  dbg.run("controller", {}, () => {}, { requestId: "r-1" });
  assert.deepEqual(
    at.telemetry.spans().map(({ name, status }) => [name, status.code]),
    [["controller", "ERROR"], ["middleware.auth", "ERROR"], ["controller", "UNSET"]],
  );
});

Deno.test("minimumLevel and ignoredTypes keep operations and facts away, whole", () => {
  using at = attached({ minimumLevel: "debug", ignoredTypes: ["middleware:exit", "cache:hit"] });
  const { dbg } = at;
  withSpan("request", () => {
    dbg.run("middleware", { name: "auth", index: 0 }, () => {
      dbg.emit({ type: "cache:get", data: {} });
      dbg.emit({ type: "cache:hit", data: {} });
      dbg.emit({ type: "cache:miss", data: {} });
    });
    assert.throws(() =>
      dbg.run("view", { name: "order" }, () => {
        throw new TypeError("not carried either");
      }, { level: "trace" })
    );
    dbg.emit({ type: "middleware:enter", data: { name: "auth", index: 0 } });
  });
  assert.deepEqual(at.telemetry.spanTree(), [
    { ...INTERNAL, name: "request", attributes: {}, events: ["cache.miss"] },
  ]);
});

Deno.test("eventsOnly makes span events of operations and of raw pairs", () => {
  using at = attached({ eventsOnly: true });
  withSpan("request", () => {
    at.dbg.emit({ type: "middleware:enter", data: { name: "auth", index: 0 } });
    assert.throws(() =>
      at.dbg.run("controller", { route: "/" }, () => {
        throw new TypeError("broken");
      })
    );
  });
  const [span, ...others] = at.telemetry.spans();
  assert.equal(others.length, 0);
  assert.deepEqual(span?.events.map(({ name, attributes }) => [name, attributes]), [
    ["middleware:enter", { "middleware.name": "auth", "middleware.index": 0 }],
    ["controller:enter", { "http.route": "/" }],
    ["error", { "error.type": "TypeError" }],
  ]);
});

Deno.test("a bridge refuses a level that does not exist", () => {
  const tracer = trace.getTracer("test");
  const minimumLevel = "loud" as DebugThreshold;
  assert.throws(() => new DebuggerOTelBridge(tracer, { minimumLevel }), /"loud"/);
});

Deno.test("a tracer that throws breaks no operation", () => {
  using at = attached();
  const fail = () => {
    throw new Error("tracer");
  };
  at.dbg.addScope(new DebuggerOTelBridge({ startSpan: fail, startActiveSpan: fail }));
  assert.equal(at.dbg.run("controller", {}, () => 7), 7);
  assert.deepEqual(at.telemetry.spans().map(({ name }) => name), ["controller"]);
});

Deno.test("convertTimingToSpan() makes a span of a timing that is over", () => {
  using at = attached();
  const timelines = new RequestTimelines();
  const remove = at.dbg.addListener(timelines);
  const error = new TypeError("broken");
  at.dbg.emit({ type: "middleware:enter", requestId: "r-1", data: { name: "auth", index: 0 } });
  at.dbg.emit({
    type: "middleware:exit",
    requestId: "r-1",
    data: { name: "auth", index: 0, error },
  });
  at.dbg.run("view", { name: "order" }, () => {}, { requestId: "r-1" });
  remove();
  at.telemetry.reset();
  const timings = timelines.entries("r-1");
  withSpan("request", () => {
    for (const timing of timings) at.bridge.convertTimingToSpan(timing);
  });
  const [middleware, view, request] = at.telemetry.spans();
  assert.equal(middleware?.name, "middleware.auth");
  assert.deepEqual(middleware.attributes, {
    "middleware.name": "auth",
    "middleware.index": 0,
    "error.type": "TypeError",
  });
  assert.equal(middleware.status.code, "ERROR");
  assert.deepEqual([view?.name, view?.attributes], ["view.render", { "view.name": "order" }]);
  for (const [index, span] of [middleware, view].entries()) {
    assert.equal(span?.parentSpanId, request?.spanId);
    const { startTime, durationMillis } = timings[index] ?? {};
    assert.ok(startTime !== undefined && durationMillis !== undefined);
    const nanos = (millis: number) => BigInt(Math.round(millis * 1e3)) * 1000n;
    // OTLP's nanoseconds are finer than what a number of milliseconds can hold.
    const near = (a: bigint, b: bigint) => a - b < 2000n && b - a < 2000n;
    assert.ok(near(BigInt(span?.startTime ?? 0), nanos(startTime)));
    assert.ok(near(BigInt(span?.endTime ?? 0), nanos(startTime + durationMillis)));
  }
});
