import assert from "node:assert/strict";
import type { DebugOperation } from "../../../framework/debugger/events.ts";
import type { DebugScope } from "../../../framework/debugger/scope.ts";
import { reportingDebugger } from "./_attached.ts";

Deno.test("addScope() runs every operation inside, the first scope outermost", () => {
  const { dbg, reports } = reportingDebugger();
  const steps: string[] = [];
  const scope = (name: string): DebugScope => ({
    around<T>(operation: DebugOperation, fn: () => T): T {
      steps.push(`${name} opens ${operation.type}`);
      const result = fn();
      steps.push(`${name} closes`);
      return result;
    },
  });
  const removeOuter = dbg.addScope(scope("outer"));
  dbg.addScope(scope("inner"));
  dbg.addListener(({ type }) => steps.push(type));
  dbg.run("controller", {}, () => steps.push("runs"));
  assert.deepEqual(steps, [
    "outer opens controller",
    "inner opens controller",
    "controller:enter",
    "runs",
    "controller:exit",
    "inner closes",
    "outer closes",
  ]);
  removeOuter();
  steps.length = 0;
  dbg.run("view", { name: "order" }, () => {});
  assert.deepEqual(steps, ["inner opens view", "view:render", "inner closes"]);
  assert.deepEqual(reports, []);
});

const broken: Record<string, DebugScope["around"]> = {
  "throws before it runs the operation": () => {
    throw new Error("scope");
  },
  "throws after it ran the operation": (_operation, fn) => {
    fn();
    throw new Error("scope");
  },
  "rejects": (<T>(_operation: DebugOperation, fn: () => T) => {
    fn();
    return Promise.reject(new Error("scope"));
  }) as DebugScope["around"],
};

const failure = new Error("the operation's own");
const operations: Record<string, { run: () => unknown; fails: boolean }> = {
  returns: { run: () => "value", fails: false },
  resolves: { run: () => Promise.resolve("value"), fails: false },
  throws: {
    run: () => {
      throw failure;
    },
    fails: true,
  },
  rejects: { run: () => Promise.reject(failure), fails: true },
};

for (const [fault, around] of Object.entries(broken)) {
  for (const [kind, { run, fails }] of Object.entries(operations)) {
    // What the operation throws goes through the scope before the scope gets to fail by itself.
    const hides = kind === "throws" && fault !== "throws before it runs the operation";
    Deno.test(`an operation that ${kind} is its own in a scope that ${fault}`, async () => {
      const { dbg, reports } = reportingDebugger();
      let runs = 0;
      dbg.addScope({ around });
      const outcome = (async () =>
        await dbg.run("controller", {}, () => {
          runs += 1;
          return run();
        }))();
      if (fails) await assert.rejects(outcome, (error) => error === failure);
      else assert.equal(await outcome, "value");
      assert.equal(runs, 1);
      // The report of a scope that rejects waits for the operation.
      await new Promise((resolve) => setTimeout(resolve));
      const told = reports.map(({ fields }) => String(fields.error));
      assert.deepEqual(told, hides ? [] : ["Error: scope"]);
    });
  }
}

Deno.test("a scope that changes, repeats, delays or swallows the outcome changes nothing", async () => {
  const scopes = [
    <T>(_operation: DebugOperation, fn: () => T) => (fn(), fn()),
    <T>() => "other" as T,
    <T>(_operation: DebugOperation, fn: () => T) => {
      try {
        fn();
      } catch {
        // Swallowed.
      }
      return undefined as T;
    },
    (async <T>(_operation: DebugOperation, fn: () => T) => {
      await Promise.resolve();
      return fn();
    }) as DebugScope["around"],
  ];
  const { dbg, reports } = reportingDebugger();
  for (const around of scopes) dbg.addScope({ around });
  let runs = 0;
  assert.equal(dbg.run("controller", {}, () => runs += 1), 1);
  assert.throws(
    () =>
      dbg.run("controller", {}, () => {
        throw failure;
      }),
    (error) => error === failure,
  );
  await new Promise((resolve) => setTimeout(resolve));
  assert.equal(runs, 1);
  assert.deepEqual(reports, []);
});
