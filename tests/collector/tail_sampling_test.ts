import assert from "node:assert/strict";
import { exportTo, startService } from "../e2e/_service.ts";
import type { ReceivedSpan } from "../_otlp_receiver.ts";
import { type Collector, collectorTest, startCollector, until } from "./_collector.ts";
import { type PostedSpan, postSpans, spanId, traceId } from "./_posted.ts";

const TRACES = 1000;

/** What a trace of this number is; one in ten is not plain. */
function traceOf(number: number): Omit<PostedSpan, "traceId"> {
  const route = (path: string) => ({ "http.route": path });
  switch (number % 50) {
    case 0:
      return { name: "failed", error: "no", attributes: route("/orders") };
    case 1:
      return { name: "slow", durationMillis: 700, attributes: route("/orders") };
    case 2:
      return { name: "login", attributes: route("/login") };
    case 3:
      return { name: "probe", attributes: route("/health") };
    case 4:
      return { name: "failed probe", error: "no", attributes: route("/health") };
    default:
      return { name: "plain", attributes: route("/orders") };
  }
}

async function postTraces(collector: Collector): Promise<void> {
  const spans = Array.from(
    { length: TRACES },
    (_, number) => ({ ...traceOf(number), traceId: traceId(number) }),
  );
  await postSpans(collector.url, spans);
}

/** How many traces of each name were kept. */
async function keptByName(collector: Collector): Promise<Record<string, number>> {
  const kept = Map.groupBy(await collector.spans(), ({ name }) => name);
  return Object.fromEntries([...kept].map(([name, spans]) => [name, spans.length]));
}

/** Waits until a decision was made about every trace. */
async function decided(collector: Collector, traces: number): Promise<void> {
  const metric = /^otelcol_processor_tail_sampling_global_count_traces_sampled\S* (\d+)$/gm;
  await until(async () => {
    const text = await (await fetch(collector.metricsUrl)).text();
    const counts = [...text.matchAll(metric)].map(([, count]) => Number(count));
    return counts.reduce((sum, count) => sum + count, 0) >= traces;
  });
}

collectorTest("tail sampling keeps each error, slow trace and listed route", async () => {
  await using collector = await startCollector();
  await postTraces(collector);
  await decided(collector, TRACES);
  const share = TRACES / 50;
  const expected = { failed: share, slow: share, login: share, "failed probe": share };
  await until(async () => (await collector.spans()).length >= 4 * share);
  assert.deepEqual(await keptByName(collector), expected);
});

collectorTest("tail sampling keeps of the rest the share that it is told", async () => {
  await using collector = await startCollector({ env: { TAIL_PERCENT: "25" } });
  await postTraces(collector);
  await decided(collector, TRACES);
  const plain = TRACES * 45 / 50;
  // Which ones is decided by their ids, and these are the same in each run.
  await until(async () => ((await keptByName(collector)).plain ?? 0) > 0.2 * plain);
  const kept = await keptByName(collector);
  assert.ok((kept.plain ?? 0) < 0.3 * plain, `${kept.plain} of ${plain}`);
  assert.equal(kept.probe, undefined);
});

collectorTest("span metrics count every trace, also those that sampling drops", async () => {
  await using collector = await startCollector();
  await postTraces(collector);
  const calls = async () => {
    const metrics = await collector.metrics();
    return metrics.findLast(({ name }) => name === "traces.spanmetrics.calls");
  };
  const total = async () =>
    (await calls())?.points.reduce((sum, { value }) => sum + Number(value), 0);
  await until(async () => await total() === TRACES);
  const failed = (await calls())?.points.find(({ attributes }) =>
    attributes["span.name"] === "failed"
  );
  assert.equal(failed?.value, TRACES / 50);
  assert.equal(failed?.attributes["status.code"], "STATUS_CODE_ERROR");
  assert.equal(failed?.attributes["http.route"], "/orders");
  const latency = (await collector.metrics()).find(({ name }) =>
    name === "traces.spanmetrics.latency"
  );
  assert.deepEqual([latency?.type, latency?.unit], ["histogram", ""]);
  // Exemplars lead from the metric to a trace.
  assert.match(await collector.outputText(), /"exemplars":\[\{[^\]]*"traceId":"[0-9a-f]{32}"/);
});

collectorTest("the service graph joins the halves of a call between two services", async () => {
  await using collector = await startCollector();
  const ids = { traceId: traceId(1) };
  await postSpans(collector.url, [{ ...ids, kind: "CLIENT", spanId: spanId(1) }], {
    service: "shop",
  });
  await postSpans(collector.url, [
    { ...ids, kind: "SERVER", spanId: spanId(2), parentSpanId: spanId(1) },
  ], { service: "stock" });
  const edge = async () => {
    const metrics = await collector.metrics();
    const calls = metrics.find(({ name }) => name === "traces_service_graph_request_total");
    const { client, server } = calls?.points[0]?.attributes ?? {};
    return `${client} -> ${server}`;
  };
  await until(async () => await edge() === "shop -> stock", edge);
});

collectorTest("a trace that arrives in parts is decided on as a whole", async () => {
  await using collector = await startCollector();
  const root = { traceId: traceId(1), spanId: spanId(1), name: "root" };
  const child = { traceId: traceId(1), spanId: spanId(2), parentSpanId: spanId(1) };
  await postSpans(collector.url, [root]);
  await postSpans(collector.url, [{ ...child, name: "child", error: "no" }]);
  await until(async () => (await collector.spans()).length === 2);
  // A span that comes too late shares what was decided.
  await postSpans(collector.url, [{ ...child, spanId: spanId(3), name: "late" }]);
  await until(async () => (await collector.spans()).some(({ name }) => name === "late"));
});

collectorTest(
  "the service's failed and slow requests are kept whole, whatever the share",
  async () => {
    await using collector = await startCollector();
    await using service = await startService("start:otel", exportTo(collector.url));
    for (const path of ["/products", "/fail", "/slow", "/health", "/fail"]) {
      await (await fetch(service.url + path)).body?.cancel();
    }
    service.signal("SIGTERM");
    await service.status;
    const servers = (spans: readonly ReceivedSpan[]) =>
      spans.filter(({ kind }) => kind === "SERVER");
    const named = async (name: string) =>
      servers(await collector.spans()).filter((span) => span.name === name).length;
    await until(async () => await named("GET /fail") === 2 && await named("GET /slow") === 1);
    assert.equal(await named("GET /health"), 0);
    const spans = await collector.spans();
    for (const { traceId } of servers(spans)) {
      const names = spans.filter((span) => span.traceId === traceId).map(({ name }) => name);
      assert.ok(names.includes("controller"), names.join());
    }
  },
);
