import assert from "node:assert/strict";
import { DASHBOARDS } from "../../deploy/grafana/all_dashboards.ts";
import { toGrafana } from "../../deploy/grafana/to_grafana.ts";
import { type FamilyType, prometheusName } from "../../framework/telemetry/prometheus_names.ts";
import { namesOf } from "./_promql.ts";
import {
  alertRules,
  dashboardQueries,
  type DeployedQuery,
  readRepositoryFile,
  readYaml,
  traceQueries,
  variableQueries,
} from "./_queries.ts";

interface GrafanaPanel {
  readonly id: number;
  readonly title: string;
  readonly type: string;
  readonly gridPos: {
    readonly x: number;
    readonly y: number;
    readonly w: number;
    readonly h: number;
  };
  readonly datasource?: { readonly uid: string };
  readonly targets?: readonly { readonly refId: string }[];
}

/** The names in Prometheus of what docs/metrics.md says the framework emits. */
async function documentedMetrics(): Promise<Set<string>> {
  const page = await readRepositoryFile("docs/metrics.md");
  const rows = page.matchAll(
    /^\| (`[a-z0-9.]+\.[^|]*) +\| [a-z -]*?(counter|gauge|histogram), ([^ |]+) +\|/gm,
  );
  const found = new Set<string>();
  for (const [, cell = "", type = "", unit = ""] of rows) {
    const [first = "", ...more] = [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? "");
    // "`a.b.min`, `.max`" stands for "a.b.min" and "a.b.max".
    const stem = first.slice(0, first.lastIndexOf("."));
    for (const name of [first, ...more.map((name) => name.replace(/^…?(?=\.)/, stem))]) {
      // What goes up and down is a gauge to Prometheus.
      const rises = type === "counter" && !cellOf(page, first).includes("up-down");
      const family: FamilyType = type === "histogram" ? "histogram" : rises ? "counter" : "gauge";
      const base = prometheusName({ name, unit, type: family });
      const suffixes = {
        counter: ["_total"],
        gauge: [""],
        histogram: ["_bucket", "_sum", "_count"],
      };
      for (const suffix of suffixes[family]) found.add(base + suffix);
    }
  }
  return found;
}

function cellOf(page: string, name: string): string {
  return page.split("\n").find((line) => line.startsWith(`| \`${name}\``)) ?? "";
}

/** What others than the framework emit; tests/collector/dashboards_test.ts asks for each. */
const FROM_ELSEWHERE = /^(?:otel_sdk_|otelcol_|traces_spanmetrics_|up$)/;

async function everyQuery(): Promise<DeployedQuery[]> {
  const alerts = (await alertRules()).map(({ alert, expr }) => ({ where: alert, query: expr }));
  return [...dashboardQueries(), ...variableQueries(), ...alerts, ...await traceQueries()];
}

Deno.test("documentedMetrics() reads the names that the page stands for", async () => {
  const metrics = await documentedMetrics();
  for (
    const name of [
      "http_server_request_duration_seconds_bucket",
      "http_server_active_requests",
      "echelon_cache_hits_total",
      "nodejs_eventloop_delay_p99_seconds",
      "v8js_memory_heap_used_bytes",
      "process_cpu_time_seconds_total",
    ]
  ) assert.ok(metrics.has(name), `${name} is not among ${[...metrics].join(" ")}`);
});

Deno.test("every query is about metrics that are documented", async () => {
  const documented = await documentedMetrics();
  const unknown = (await everyQuery()).flatMap(({ where, query }) =>
    namesOf(query).metrics
      .filter((name) => !documented.has(name) && !FROM_ELSEWHERE.test(name))
      .map((name) => `${where}: ${name}`)
  );
  assert.deepEqual(unknown, []);
});

Deno.test("every variable in a query is one of its dashboard", () => {
  for (const dashboard of Object.values(DASHBOARDS)) {
    const known = dashboard.variables.map(({ name }) => name);
    const text = JSON.stringify(dashboard.rows) + JSON.stringify(dashboard.variables);
    for (const [, name = ""] of text.matchAll(/\$(\w+)/g)) {
      assert.ok(name === "__rate_interval" || known.includes(name), `${dashboard.title}: $${name}`);
    }
    for (const name of known.filter((name) => name !== "service_name")) {
      assert.ok(text.includes(`$${name}`), `${dashboard.title} does nothing with $${name}`);
    }
  }
});

Deno.test("the files in deploy/grafana/dashboards are what the sources say", async () => {
  const names: string[] = [];
  for await (
    const { name } of Deno.readDir(new URL("../../deploy/grafana/dashboards/", import.meta.url))
  ) {
    names.push(name);
  }
  assert.deepEqual(names.sort(), Object.keys(DASHBOARDS).map((name) => `${name}.json`).sort());
  for (const [name, dashboard] of Object.entries(DASHBOARDS)) {
    const written = await readRepositoryFile(`deploy/grafana/dashboards/${name}.json`);
    const fresh = `${JSON.stringify(toGrafana(dashboard), null, 2)}\n`;
    assert.ok(
      written === fresh,
      `run deploy/grafana/write_dashboards.ts: ${name}.json is not fresh`,
    );
  }
});

Deno.test("toGrafana() gives each panel a place of its own, and each target a name", () => {
  for (const dashboard of Object.values(DASHBOARDS)) {
    const panels = toGrafana(dashboard).panels as readonly GrafanaPanel[];
    const taken = new Set<string>();
    for (const { id, gridPos: { x, y, w, h }, targets = [] } of panels) {
      assert.ok(Number.isInteger(w) && x + w <= 24, `${dashboard.title}, panel ${id}: ${x}+${w}`);
      for (let column = x; column < x + w; column++) {
        for (let line = y; line < y + h; line++) {
          const cell = `${column},${line}`;
          assert.ok(!taken.has(cell), `${dashboard.title}: two panels at ${cell}`);
          taken.add(cell);
        }
      }
      assert.equal(new Set(targets.map(({ refId }) => refId)).size, targets.length);
    }
    assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
  }
  const uids = Object.values(DASHBOARDS).map(({ uid }) => uid);
  assert.equal(new Set(uids).size, uids.length);
});

Deno.test("every panel's source is one that datasources.yaml provides, and its links lead there", async () => {
  const { datasources } = await readYaml<{
    datasources: { uid: string; jsonData: Record<string, unknown> }[];
  }>("deploy/grafana/datasources.yaml");
  const uids = new Set(datasources.map(({ uid }) => uid));
  for (const dashboard of Object.values(DASHBOARDS)) {
    for (const { title, datasource } of toGrafana(dashboard).panels as readonly GrafanaPanel[]) {
      if (datasource !== undefined) assert.ok(uids.has(datasource.uid), title);
    }
  }
  const links = JSON.stringify(datasources).matchAll(/"datasourceUid":"([^"]*)"/g);
  const targets = [...links].map(([, uid = ""]) => uid);
  assert.deepEqual(targets.sort(), ["loki", "prometheus", "prometheus", "tempo", "tempo"]);
});

Deno.test("the panels that show traces on a graph ask the metrics that have exemplars", () => {
  const panels = Object.values(DASHBOARDS).flatMap(({ rows }) =>
    rows.flatMap(({ panels }) => panels)
  );
  const queries = panels.flatMap((panel) => "prometheus" in panel ? panel.prometheus : []);
  const marked = queries.filter(({ exemplars }) => exemplars);
  assert.ok(marked.length >= 2);
  for (const { expr } of marked) assert.match(expr, /traces_spanmetrics_latency_bucket/);
});

Deno.test("every legend names labels that its query leaves to its series", () => {
  const panels = Object.values(DASHBOARDS).flatMap(({ rows }) =>
    rows.flatMap(({ panels }) => panels)
  );
  for (const panel of panels) {
    for (const { expr, legend = "" } of "prometheus" in panel ? panel.prometheus : []) {
      const left = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = ""]) =>
        list.split(", ")
      );
      // Without a "by" a sum leaves none, and what is not summed leaves all.
      const summed = /\b(?:sum|max|min|count|histogram_quantile)\b/.test(expr);
      for (const [, label = ""] of legend.matchAll(/\{\{(\w+)\}\}/g)) {
        assert.ok(!summed || left.includes(label), `${panel.title}: {{${label}}} of ${expr}`);
      }
    }
  }
});
