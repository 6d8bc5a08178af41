import assert from "node:assert/strict";
import { DASHBOARDS } from "../../deploy/grafana/all_dashboards.ts";
import { alertRules, readRepositoryFile, readYaml } from "./_queries.ts";

Deno.test("docs/testing_telemetry.md has six steps, each a step of the test", async () => {
  const page = await readRepositoryFile("docs/testing_telemetry.md");
  const test = await readRepositoryFile("tests/collector/six_steps_test.ts");
  const steps = [...page.matchAll(/^## (\d)\. /gm)].map(([, number]) => number);
  const tested = [...test.matchAll(/t\.step\(\s*"(\d)\. /g)].map(([, number]) => number);
  assert.deepEqual(steps, ["1", "2", "3", "4", "5", "6"]);
  assert.deepEqual(tested, steps);
});

Deno.test("every address in the pages is a port that compose.yaml publishes", async () => {
  const { services } = await readYaml<{ services: Record<string, { ports: string[] }> }>(
    "compose.yaml",
  );
  const published = Object.values(services).flatMap(({ ports }) =>
    ports.map((port) => port.split(":")[1])
  );
  for (const name of ["testing_telemetry", "production"]) {
    const page = await readRepositoryFile(`docs/${name}.md`);
    const ports = [...page.matchAll(/(?:localhost|127\.0\.0\.1):(\d+)/g)].map(([, port]) => port);
    assert.ok(ports.length > 0);
    for (const port of ports) assert.ok(published.includes(port), `${name}: ${port}`);
  }
});

Deno.test("docs/production.md lists the alerts with their severity, and the dashboards", async () => {
  const page = await readRepositoryFile("docs/production.md");
  const rows = [...page.matchAll(/^\| ((?:Echelon|Collector)\w+) .*\| (page|ticket) +\|$/gm)];
  const rules = await alertRules();
  assert.deepEqual(
    rows.map(([, alert, severity]) => [alert, severity]),
    rules.map(({ alert, labels }) => [alert, labels.severity]),
  );
  for (const { title } of Object.values(DASHBOARDS)) {
    assert.match(page, new RegExp(`^\\| ${title} `, "m"));
  }
});
