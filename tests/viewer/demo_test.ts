import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { setTimeout } from "node:timers/promises";
import { repository } from "../_architecture/import_graph.ts";
import { startProcess } from "../_process.ts";
import { SHOP_ARGUMENTS } from "../../viewer/demo/shop.ts";
import type { MetricList, StorageState, TracePage } from "../../viewer/api/model.ts";

const cwd = fileURLToPath(new URL("../../", import.meta.url));
const MINUTE = 60_000;

async function taskCommand(name: string): Promise<string> {
  const { tasks } = JSON.parse(await Deno.readTextFile(`${repository}deno.json`));
  return tasks[name].command;
}

/** Asks until the answer is as it should be. */
async function waitFor<Answer>(url: string, isDone: (answer: Answer) => boolean): Promise<Answer> {
  const deadline = performance.now() + MINUTE;
  while (true) {
    const answer: Answer = await (await fetch(url)).json();
    if (isDone(answer)) return answer;
    assert.ok(performance.now() < deadline, `${url}: ${Deno.inspect(answer, { depth: 6 })}`);
    await setTimeout(100);
  }
}

Deno.test("deno task demo shows a living service, and ends all of it at SIGINT", async () => {
  const args = (await taskCommand("demo"))
    .replaceAll(/\$\(deno run --allow-env=VIEWER_HOST [^)]*\)/g, "127.0.0.1")
    .replaceAll(/\$\(deno run --allow-env=VIEWER_FILE [^)]*\)/g, ":none:")
    .split(" ").slice(1);
  await using demo = await startProcess({
    args,
    cwd,
    env: { VIEWER_PORT: "0" },
    ready: /Viewer listening on (http:\S+)\//,
  });
  const [, shop = ""] = await demo.waitForLine(/Shop listening on (http:\S+)\//, {
    timeoutMillis: MINUTE,
  });
  const traces = `${demo.url}/api/traces`;
  await waitFor<TracePage>(
    traces,
    ({ traces }) => traces.some(({ route }) => route === "/products"),
  );
  await waitFor<TracePage>(`${traces}?status=error`, ({ traces }) => traces.length > 0);
  await waitFor<TracePage>(`${traces}?minDurationMs=500`, ({ traces }) => traces.length > 0);
  await waitFor<TracePage>(`${traces}?q=job.process`, ({ traces }) => traces.length > 0);
  await waitFor<StorageState>(`${demo.url}/api/state`, ({ logs }) => logs.logs > 0);
  await waitFor<MetricList>(
    `${demo.url}/api/metrics?q=http.server.request.duration`,
    ({ instruments }) => instruments.length === 1,
  );
  demo.signal("SIGINT");
  const { code } = await demo.status;
  assert.equal(code, 0, demo.lines.join("\n"));
  assert.deepEqual(demo.stderr, []);
  await assert.rejects(fetch(shop), TypeError);
});

Deno.test("deno task demo ends at SIGINT when the shop is still starting", async () => {
  const args = ["run", "--allow-all", "--quiet", "viewer/demo.ts"];
  await using demo = await startProcess({
    args,
    cwd,
    env: { VIEWER_PORT: "0" },
    ready: /Starting the example service/,
  });
  demo.signal("SIGINT");
  assert.equal((await demo.status).code, 0);
  assert.deepEqual(demo.stderr, []);
});

Deno.test("the demo grants the shop what its task grants, with its data in memory", async () => {
  const task = (await taskCommand("start:otel"))
    .replaceAll(/\$\(deno run --allow-env=KV_PATH [^)]*\)/g, ":memory:");
  assert.deepEqual(["deno", ...SHOP_ARGUMENTS], task.split(" "));
});

Deno.test("deno task demo says so and ends when the shop cannot be started", async () => {
  const args = ["run", "--allow-all", "--quiet", "viewer/demo.ts"];
  await using demo = await startProcess({
    args,
    cwd,
    env: { VIEWER_PORT: "0", PATH: "/no/such/folder" },
  });
  assert.equal((await demo.status).code, 1);
  assert.match(demo.stderr.join("\n"), /Failed to spawn|entity not found|No such file/);
});
