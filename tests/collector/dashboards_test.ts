import assert from "node:assert/strict";
import { namesOf } from "../deploy/_promql.ts";
import {
  alertRules,
  dashboardQueries,
  type DeployedQuery,
  filledIn,
  traceQueries,
  variableQueries,
} from "../deploy/_queries.ts";
import { exportTo, startService } from "../e2e/_service.ts";
import { type Backends, startBackends } from "./_backends.ts";
import { until } from "./_collector.ts";
import { type Prometheus, prometheusTest } from "./_prometheus.ts";
import { goShopping } from "./_shopping.ts";

/** What is there only once a queue of 256 MiB on disk is full. */
const SELDOM = /^otelcol_exporter_enqueue_failed_/;

/** The label that only a failure gives, which not everything here has. */
const OF_FAILURES = "error_type";

/** Where failures are brought about here, and so have to be seen. */
const FAILING = [
  "http_server_request_duration_seconds_count",
  "echelon_jobs_failed_total",
  "otel_sdk_processor_span_processed_total",
  "otel_sdk_exporter_span_exported_total",
];

/** Refuses for good every second export of each signal, so that the collector loses some. */
function unreliable() {
  const seen: Record<string, number> = {};
  return ({ signal }: { readonly signal: string }) => {
    const count = seen[signal] = (seen[signal] ?? 0) + 1;
    return count % 2 === 0 ? new Response(null, { status: 400 }) : undefined;
  };
}

/** Starts one shop that is well and one that loses spans on its way to the collector. */
async function startShops({ collector, receiver }: Backends) {
  const often = { OTEL_METRIC_EXPORT_INTERVAL: "1000" };
  await using started = new AsyncDisposableStack();
  const shop = started.use(
    await startService("start:otel", {
      ...exportTo(collector.url),
      ...often,
      OTEL_SERVICE_NAME: "shop",
    }),
  );
  const lossy = started.use(
    await startService("start:otel", {
      ...exportTo(collector.url),
      ...often,
      OTEL_SERVICE_NAME: "lossy",
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${receiver.url}/not-found`,
      OTEL_BSP_MAX_QUEUE_SIZE: "1",
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: "1",
    }),
  );
  const kept = started.move();
  return {
    urls: [shop.url, lossy.url],
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** The queries of those given that have no number to show. */
async function withoutData(
  prometheus: Prometheus,
  queries: readonly DeployedQuery[],
): Promise<DeployedQuery[]> {
  const missing: DeployedQuery[] = [];
  for (const deployed of queries) {
    const series = await prometheus.query(filledIn(deployed.query, "shop"));
    if (!series.some(({ value }) => Number.isFinite(value))) missing.push(deployed);
  }
  return missing;
}

/** The metrics and labels of a query that Prometheus knows nothing of. */
async function unknownNames(
  prometheus: Prometheus,
  { where, query }: DeployedQuery,
): Promise<string[]> {
  const { metrics, labels } = namesOf(query);
  const known = new Set([OF_FAILURES]);
  const unknown: string[] = [];
  for (const metric of metrics.filter((name) => !SELDOM.test(name))) {
    const found = await prometheus.labels(metric);
    if (found.length === 0) unknown.push(metric);
    for (const label of found) known.add(label);
  }
  unknown.push(...labels.filter((label) => !known.has(label)));
  return unknown.map((name) => `${where}: ${name}`);
}

/** Every query of the dashboards; a matcher like `=~".*"` has data also where its label is wrong. */
const shown = [...dashboardQueries(), ...variableQueries(), ...await traceQueries()];

async function unknownAnywhere(prometheus: Prometheus): Promise<string[]> {
  const alerts = (await alertRules()).map(({ alert, expr }) => ({ where: alert, query: expr }));
  const unknown: string[] = [];
  for (const { where, query } of [...shown, ...alerts]) {
    unknown.push(...await unknownNames(prometheus, { where, query: filledIn(query, "shop") }));
  }
  return unknown;
}

async function withoutFailures(prometheus: Prometheus): Promise<string[]> {
  const without: string[] = [];
  for (const metric of FAILING) {
    const labels = await prometheus.labels(metric);
    if (!labels.includes(OF_FAILURES)) without.push(`${metric}: ${OF_FAILURES}`);
  }
  return without;
}

prometheusTest(
  "every query of the dashboards and alerts is about what is really there",
  async (t) => {
    await using backends = await startBackends({ respond: unreliable() });
    await using shops = await startShops(backends);
    const { prometheus } = backends;

    await t.step("every query of a dashboard has data", async () => {
      let missing = shown;
      await until(async () => {
        await Promise.all(shops.urls.map(goShopping));
        missing = await withoutData(prometheus, missing);
        return missing.length === 0;
      }, () => Promise.resolve(missing.map(({ where, query }) => `${where}: ${query}`).join("\n")));
    });

    await t.step("every variable of a dashboard has values to choose from", async () => {
      for (const { where, query, label } of variableQueries()) {
        const series = await prometheus.query(filledIn(query, "shop"));
        assert.ok(series.some(({ metric }) => metric[label] !== undefined), where);
      }
    });

    await t.step("every metric and label of the dashboards and alerts is there", async () => {
      let unknown: string[] = [];
      await until(async () => {
        await Promise.all(shops.urls.map(goShopping));
        unknown = [...await unknownAnywhere(prometheus), ...await withoutFailures(prometheus)];
        return unknown.length === 0;
      }, () => Promise.resolve(unknown.join("\n")));
    });

    await t.step("a name that is not there is noticed", async () => {
      const wrong = {
        where: "test",
        query: "sum by (http_rout) (rate(http_server_requests_total[1m]))",
      };
      assert.deepEqual(await withoutData(prometheus, [wrong]), [wrong]);
      assert.deepEqual(await unknownNames(prometheus, wrong), [
        "test: http_server_requests_total",
        "test: http_rout",
      ]);
    });

    await t.step("the graphs of durations lead to traces", async () => {
      await until(async () => {
        await Promise.all(shops.urls.map(goShopping));
        const exemplars = await prometheus.exemplars(
          'traces_spanmetrics_latency_bucket{job="shop", span_kind="SPAN_KIND_SERVER"}',
        );
        return exemplars.some(({ trace_id }) => /^[0-9a-f]{32}$/.test(trace_id ?? ""));
      });
    });
  },
);
