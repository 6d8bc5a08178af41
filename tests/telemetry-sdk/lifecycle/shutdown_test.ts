import assert from "node:assert/strict";
import { shutDown, type SignalPipeline } from "../../../telemetry-sdk/lifecycle/shutdown.ts";

function pipeline(
  name: "traces" | "metrics",
  shutdown: () => Promise<void>,
  losses: { before: number; after: number } = { before: 0, after: 0 },
): SignalPipeline & { readonly calls: string[] } {
  const calls: string[] = [];
  let lost = losses.before;
  return {
    name,
    calls,
    forceFlush: () => Promise.resolve(),
    async shutdown() {
      calls.push("shutdown");
      lost = losses.after;
      await shutdown();
    },
    abandon() {
      calls.push("abandon");
      lost += 7;
    },
    lost: () => ({ count: lost, unit: "things" }),
  };
}

const never = () => new Promise<void>(() => {});

Deno.test("shutDown() ends drains before signals, and signals side by side", async () => {
  const order: string[] = [];
  const both = Promise.withResolvers<void>();
  const drain = () => {
    order.push("drain");
    return Promise.resolve();
  };
  const traces = pipeline("traces", async () => {
    order.push("traces");
    await both.promise;
  });
  const metrics = pipeline("metrics", () => {
    order.push("metrics");
    both.resolve();
    return Promise.resolve();
  });
  const lines: string[] = [];
  await shutDown({
    signals: [traces, metrics],
    drains: new Set([drain]),
    timeoutMillis: 60_000,
    say: (line) => lines.push(line),
  });
  assert.deepEqual(order, ["drain", "traces", "metrics"]);
  assert.deepEqual(lines, []);
});

Deno.test("shutDown() abandons what is not done by the deadline, and says in one line what was lost", async () => {
  const hung = pipeline("traces", never, { before: 3, after: 3 });
  const failed = pipeline("metrics", () => Promise.reject(new Error("no")), {
    before: 0,
    after: 1,
  });
  const lines: string[] = [];
  await shutDown({ signals: [hung, failed], timeoutMillis: 20, say: (line) => lines.push(line) });
  assert.deepEqual(hung.calls, ["shutdown", "abandon"]);
  assert.deepEqual(failed.calls, ["shutdown"]);
  assert.deepEqual(lines, [
    "lost at shutdown: 7 things, 1 things (no end to the export within 20 ms)",
  ]);
});

Deno.test("shutDown() aborts the drains' signal in time to flush, and survives drains that fail", async () => {
  let aborted = false;
  const drains = new Set([
    (deadline: AbortSignal) => {
      deadline.addEventListener("abort", () => aborted = true);
      return never();
    },
    () => Promise.reject(new Error("stuck")),
  ]);
  const traces = pipeline("traces", () => Promise.resolve());
  const lines: string[] = [];
  await shutDown({ signals: [traces], drains, timeoutMillis: 50, say: (line) => lines.push(line) });
  assert.equal(aborted, true);
  assert.deepEqual(traces.calls, ["shutdown"]);
  assert.deepEqual(lines, [
    "a drain failed: Error: stuck",
    "a drain did not end in time; going on without it",
  ]);
});
