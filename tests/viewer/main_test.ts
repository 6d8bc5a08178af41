import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { repository } from "../_architecture/import_graph.ts";
import { type RunningProcess, startProcess } from "../_process.ts";

const cwd = fileURLToPath(new URL("../../", import.meta.url));

/** The arguments of a task of the repository, with what its commands would print put in. */
async function taskArguments(name: string, printed: Record<string, string>): Promise<string[]> {
  const { tasks } = JSON.parse(await Deno.readTextFile(`${repository}deno.json`));
  const command: string = tasks[name].command.replace(
    /\$\(deno run --allow-env=(\w+) [^)]*\)/g,
    (_: string, variable: string) => printed[variable] ?? "",
  );
  return command.split(" ").slice(1);
}

const PRINTED = { VIEWER_HOST: "127.0.0.1", VIEWER_FILE: ":none:" };

function startMain(args: string[], env: Record<string, string>): Promise<RunningProcess> {
  return startProcess({ args, cwd, env, ready: /Viewer listening on (http:\S+)\// });
}

Deno.test("deno task viewer listens, answers, and ends at SIGINT, with the permissions of its task", async () => {
  const args = await taskArguments("viewer", PRINTED);
  await using viewer = await startMain(args, { VIEWER_PORT: "0" });
  const page = await fetch(`${viewer.url}/`);
  assert.equal(page.status, 200);
  assert.doesNotMatch(await page.text(), /not built/);
  viewer.signal("SIGINT");
  assert.equal((await viewer.status).code, 0);
  assert.deepEqual(viewer.stderr, []);
});

Deno.test("deno task viewer says that its port is taken, and what to tell the service", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const args = await taskArguments("viewer", PRINTED);
  await using viewer = await startMain(args, { VIEWER_PORT: String(taken.addr.port) });
  assert.match(viewer.lines[0] ?? "", new RegExp(`^Port ${taken.addr.port} is taken`));
  assert.equal(viewer.lines[1], `Tell your service: OTEL_EXPORTER_OTLP_ENDPOINT=${viewer.url}`);
});

Deno.test("deno task viewer keeps what it received in a file when VIEWER_FILE names one", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const file = `${folder}/telemetry.jsonl`;
    const args = await taskArguments("viewer", { ...PRINTED, VIEWER_FILE: `${file},${file}.1` });
    const env = { VIEWER_PORT: "0", VIEWER_FILE: file };
    {
      await using viewer = await startMain(args, env);
      const answer = await fetch(`${viewer.url}/v1/logs`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"severityNumber":9}]}]}]}',
      });
      assert.equal(answer.status, 200);
      await answer.body?.cancel();
      viewer.signal("SIGTERM");
      assert.equal((await viewer.status).code, 0);
    }
    await using again = await startMain(args, env);
    assert.equal(again.lines[0], "Read from the file: 0 spans, 1 logs, 0 metric points");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("deno task viewer ends with a reason when a variable is wrong", async () => {
  const args = await taskArguments("viewer", PRINTED);
  for (const env of [{ VIEWER_PORT: "x" }, { VIEWER_HOST: "0.0.0.0" }]) {
    await using viewer = await startProcess({ args, cwd, env });
    assert.equal((await viewer.status).code, 1);
    assert.equal(viewer.lines.length, 1);
    assert.match(viewer.lines[0] ?? "", /VIEWER_PORT is "x"|set VIEWER_TOKEN/);
  }
});
