import assert from "node:assert/strict";
import { Debugger } from "../../../framework/debugger/debugger.ts";
import type { DebugEvent, Emit } from "../../../framework/debugger/events.ts";
import type { DebugThreshold } from "../../../framework/debugger/levels.ts";
import { reportingDebugger } from "./_attached.ts";

function listening(dbg: Debugger): DebugEvent[] {
  const heard: DebugEvent[] = [];
  dbg.addListener((event) => heard.push(event));
  return heard;
}

const types = (events: readonly DebugEvent[]) => events.map(({ type }) => type);

Deno.test("run() is the call of its function when nobody is attached", () => {
  const dbg = new Debugger();
  const promise = Promise.resolve(1);
  assert.equal(dbg.enabled, false);
  assert.equal(dbg.run("view", { name: "order" }, () => promise), promise);
  assert.equal(dbg.run("view", { name: "order" }, () => 2), 2);
});

Deno.test("emit() adds the time, the module and the level of the type", () => {
  const dbg = new Debugger();
  const heard = listening(dbg);
  dbg.emit({ type: "auth:failure", requestId: "r-1", data: { reason: "expired" } });
  dbg.emit({ type: "cache:hit", module: "sessions", level: "info", data: {}, traced: true });
  const [failure, hit] = heard;
  assert.ok(failure && hit);
  const { timestamp, ...rest } = failure;
  assert.deepEqual(rest, {
    type: "auth:failure",
    requestId: "r-1",
    module: "auth",
    level: "warn",
    data: { reason: "expired" },
  });
  assert.ok(Math.abs(timestamp - Date.now()) < 60_000, "milliseconds since the epoch");
  assert.deepEqual([hit.module, hit.level, hit.traced], ["sessions", "info", true]);
});

Deno.test("emit() can be handed to whoever knows no debugger", () => {
  const dbg = new Debugger();
  const heard = listening(dbg);
  const leaf = (emit: (event: { type: "cache:miss"; data: { key: string } }) => void) =>
    emit({ type: "cache:miss", data: { key: "a" } });
  const { emit }: { emit: Emit } = dbg;
  leaf(emit);
  assert.deepEqual(types(heard), ["cache:miss"]);
});

Deno.test("addListener() takes functions and objects, once, and gives what removes them", () => {
  const dbg = new Debugger();
  const heard: string[] = [];
  const object = {
    name: "object",
    handleEvent(event: DebugEvent) {
      heard.push(`${this.name} ${event.type}`);
    },
  };
  const remove = dbg.addListener(object);
  dbg.addListener(object);
  dbg.emit({ type: "config:load", data: { source: "env" } });
  assert.deepEqual(heard, ["object config:load"]);
  remove();
  assert.equal(dbg.enabled, false);
  const listener = (event: DebugEvent) => heard.push(`function ${event.type}`);
  dbg.addListener(listener);
  dbg.removeListener(listener);
  dbg.emit({ type: "config:load", data: { source: "env" } });
  assert.deepEqual(heard, ["object config:load"]);
});

Deno.test("run() tells of the two ends of a synchronous operation, and stays synchronous", () => {
  const dbg = new Debugger();
  const heard = listening(dbg);
  const value = dbg.run("middleware", { name: "auth", index: 0 }, () => {
    assert.deepEqual(types(heard), ["middleware:enter"]);
    return "done";
  }, { requestId: "r-1" });
  assert.equal(value, "done");
  assert.deepEqual(types(heard), ["middleware:enter", "middleware:exit"]);
  const [enter, exit] = heard;
  assert.equal(enter?.requestId, "r-1");
  assert.deepEqual(exit?.data, { name: "auth", index: 0 });
  assert.ok(enter?.operation !== undefined && enter.operation === exit?.operation);
});

Deno.test("run() tells of an asynchronous operation's end when it settles", async () => {
  const dbg = new Debugger();
  const heard = listening(dbg);
  const { promise, resolve } = Promise.withResolvers<string>();
  const value = dbg.run("controller", { route: "/" }, () => promise);
  assert.deepEqual(types(heard), ["controller:enter"]);
  resolve("done");
  assert.equal(await value, "done");
  assert.deepEqual(types(heard), ["controller:enter", "controller:exit"]);
});

Deno.test("run() tells once of an operation that has one type of event", () => {
  const dbg = new Debugger();
  const heard = listening(dbg);
  dbg.run("view", { name: "order" }, () => {});
  dbg.run("search", { index: "orders" }, () => {});
  dbg.run("plugin", { name: "mail", event: "sent" }, () => {});
  assert.deepEqual(types(heard), ["view:render", "search:query", "plugin:event"]);
});

Deno.test("run() tells of an error instead of the end, and lets it pass unchanged", async () => {
  const dbg = new Debugger();
  const heard = listening(dbg);
  const error = new Error("broken");
  const thrown = (run: () => unknown) => assert.throws(run, (caught) => caught === error);
  thrown(() =>
    dbg.run("view", { name: "order" }, () => {
      throw error;
    })
  );
  const rejected = dbg.run("controller", {}, () => Promise.reject(error));
  await assert.rejects(rejected, (caught) => caught === error);
  assert.deepEqual(types(heard), ["error", "controller:enter", "error"]);
  assert.deepEqual(heard.map(({ operation }) => operation?.type), [
    "view",
    "controller",
    "controller",
  ]);
  assert.deepEqual(heard[0]?.data, { error });
});

Deno.test("run() lets a rejection that its caller forgets be seen as unhandled", async () => {
  const dbg = new Debugger();
  listening(dbg);
  dbg.addScope({ around: (_operation, fn) => fn() });
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const onUnhandled = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    resolve(event.reason);
  };
  addEventListener("unhandledrejection", onUnhandled);
  const error = new Error("forgotten");
  dbg.run("controller", {}, () => Promise.reject(error));
  assert.equal(await promise, error);
  removeEventListener("unhandledrejection", onUnhandled);
});

Deno.test("what happens within an operation belongs to its request", async () => {
  const dbg = new Debugger();
  const heard = listening(dbg);
  const request = (requestId: string) =>
    dbg.run("middleware", { name: "auth", index: 0 }, async () => {
      await Promise.resolve();
      return dbg.run("controller", {}, () => dbg.emit({ type: "cache:hit", data: {} }));
    }, { requestId });
  await Promise.all([request("r-1"), request("r-2")]);
  dbg.emit({ type: "cache:hit", data: {} });
  const hits = heard.filter(({ type }) => type === "cache:hit" || type === "controller:exit");
  assert.deepEqual(hits.map(({ requestId }) => requestId), [
    "r-1",
    "r-1",
    "r-2",
    "r-2",
    undefined,
  ]);
});

Deno.test("levels decide by module what is told and what is run as an operation", () => {
  const dbg = new Debugger({ level: "info", levels: { cache: "trace", jobs: "off" } });
  const heard = listening(dbg);
  const scoped: string[] = [];
  dbg.addScope({
    around: (operation, fn) => {
      scoped.push(operation.type);
      return fn();
    },
  });
  dbg.emit({ type: "cache:get", data: {} });
  dbg.emit({ type: "job:start", data: { name: "mail", id: "1" } });
  dbg.emit({ type: "orm:query", data: { model: "Order", operation: "find" } });
  dbg.emit({ type: "error", data: { error: 1 } });
  assert.equal(dbg.run("controller", {}, () => 1), 1);
  dbg.setLevel("controller", "debug");
  dbg.run("controller", {}, () => 1);
  dbg.run("view", { name: "order" }, () => 1, { level: "warn" });
  assert.deepEqual(types(heard), [
    "cache:get",
    "error",
    "controller:enter",
    "controller:exit",
    "view:render",
  ]);
  assert.deepEqual(scoped, ["controller", "view"]);
});

Deno.test("a level that does not exist is refused", () => {
  const loud = "loud" as DebugThreshold;
  assert.throws(() => new Debugger({ level: loud }), {
    name: "TypeError",
    message:
      'Cannot debug the application at level "loud": expected one of trace, debug, info, warn, error, off',
  });
  assert.throws(() => new Debugger({ levels: { cache: loud } }), /the module "cache"/);
  assert.throws(() => new Debugger().setLevel("cache", loud), TypeError);
});

Deno.test("a broken listener is reported once and breaks nothing", async () => {
  const { dbg, reports } = reportingDebugger();
  dbg.addListener(() => {
    throw new Error("listener");
  });
  // A function that returns a promise is no type error where none is expected.
  dbg.addListener(() => Promise.reject(new Error("asynchronous")) as unknown as void);
  const heard = listening(dbg);
  assert.equal(dbg.run("controller", {}, () => 1), 1);
  assert.equal(await dbg.run("controller", {}, () => Promise.resolve(2)), 2);
  assert.equal(heard.length, 4);
  assert.deepEqual(reports.map(({ fields }) => String(fields.error)), [
    "Error: listener",
    "Error: asynchronous",
  ]);
});

Deno.test("a listener that emits does not go on for ever", () => {
  const dbg = new Debugger();
  let calls = 0;
  for (let n = 0; n < 3; n++) {
    dbg.addListener(() => {
      calls += 1;
      dbg.emit({ type: "config:load", data: { source: "listener" } });
    });
  }
  dbg.emit({ type: "config:load", data: { source: "env" } });
  assert.equal(calls, 3 + 9 + 27 + 81);
});
