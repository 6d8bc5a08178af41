import assert from "node:assert/strict";
import { stringify } from "yaml";
import { promtool, promtoolTest } from "./_promtool.ts";
import {
  alertRules,
  dashboardQueries,
  filledIn,
  readYaml,
  traceQueries,
  variableQueries,
} from "./_queries.ts";

interface AlertTests {
  readonly tests: readonly {
    readonly input_series: readonly { readonly series: string }[];
    readonly alert_rule_test: readonly {
      readonly alertname: string;
      readonly exp_alerts: readonly unknown[];
    }[];
  }[];
}

Deno.test("every alert has a severity, a summary and a description", async () => {
  const rules = await alertRules();
  assert.ok(rules.length > 0);
  assert.equal(new Set(rules.map(({ alert }) => alert)).size, rules.length);
  for (const { alert, labels, annotations } of rules) {
    assert.match(labels.severity ?? "", /^(page|ticket)$/, alert);
    assert.deepEqual(Object.keys(annotations), ["summary", "description"], alert);
  }
});

Deno.test("every alert is tested: it fires for some series and is silent about others", async () => {
  const { tests } = await readYaml<AlertTests>("deploy/prometheus/alerts_test.yaml");
  for (const { alert } of await alertRules()) {
    const mine = tests.filter(({ alert_rule_test: checks }) =>
      checks.some(({ alertname }) => alertname === alert)
    );
    const fires = mine.flatMap((test) => test.alert_rule_test.map((check) => check.exp_alerts));
    assert.ok(fires.some(({ length }) => length > 0), `${alert} is never seen to fire`);
    const series = mine.flatMap((test) => test.input_series);
    const silent = fires.some(({ length }) => length === 0) ||
      series.length > Math.max(...fires.map(({ length }) => length));
    assert.ok(silent, `${alert} is never seen to be silent`);
  }
});

promtoolTest("the alerts do what their tests say", async () => {
  const { success, output } = await promtool("test", "rules", "deploy/prometheus/alerts_test.yaml");
  assert.ok(success, output);
});

promtoolTest("prometheus.yaml is a configuration that finds the alerts", async () => {
  const folder = await Deno.makeTempDir({ prefix: "echelon-prometheus-" });
  try {
    // What Prometheus 2, which Debian has, does not know yet.
    const { otlp, ...rest } = await readYaml<Record<string, unknown>>(
      "deploy/prometheus/prometheus.yaml",
    );
    assert.ok(otlp);
    await Deno.writeTextFile(`${folder}/prometheus.yaml`, stringify(rest));
    const alerts = new URL("../../deploy/prometheus/alerts.yaml", import.meta.url);
    await Deno.copyFile(alerts, `${folder}/alerts.yaml`);
    const { success, output } = await promtool("check", "config", `${folder}/prometheus.yaml`);
    assert.ok(success, output);
    assert.match(output, new RegExp(`${(await alertRules()).length} rules found`));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

promtoolTest("every query of the dashboards is PromQL", async () => {
  const queries = [...dashboardQueries(), ...variableQueries(), ...await traceQueries()];
  const rules = queries.map(({ query }, index) => ({
    record: `query:${index}`,
    expr: filledIn(query, "shop"),
  }));
  const check = async (checked: typeof rules) => {
    const file = await Deno.makeTempFile({ suffix: ".yaml" });
    try {
      await Deno.writeTextFile(file, stringify({ groups: [{ name: "queries", rules: checked }] }));
      return await promtool("check", "rules", file);
    } finally {
      await Deno.remove(file);
    }
  };
  const { success, output } = await check(rules);
  assert.ok(success, output);
  assert.match(output, new RegExp(`${queries.length} rules found`));
  assert.equal((await check([{ record: "query:0", expr: "sum(rate(up[1m])" }])).success, false);
});
