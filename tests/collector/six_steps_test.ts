import assert from "node:assert/strict";
import type { ReceivedSpan } from "../_otlp_receiver.ts";
import { exportTo, login } from "../e2e/_service.ts";
import { type Backends, startBackends } from "./_backends.ts";
import { spanId, traceId } from "./_posted.ts";
import { prometheusTest } from "./_prometheus.ts";
import { until } from "./_collector.ts";
import { startTask } from "./_task.ts";

/** The traces that the requests of the tour are in. */
const PRODUCTS = traceId(1);
const FAIL = traceId(2);
const ORDER = traceId(3);

/** Headers that make a request part of a trace which began somewhere else. */
function partOf(trace: string): Record<string, string> {
  return { traceparent: `00-${trace}-${spanId(0)}-01` };
}

/** What the collector has sent on of a trace. */
function spansOf({ receiver }: Backends, trace: string): ReceivedSpan[] {
  return receiver.spans().filter((span) => span.traceId === trace);
}

/** The names from a span up to what began its trace here. */
function ancestry(spans: readonly ReceivedSpan[], name: string): string[] {
  const names: string[] = [];
  let span = spans.find((candidate) => candidate.name === name);
  while (span !== undefined) {
    names.push(span.name);
    const { parentSpanId } = span;
    span = spans.find((candidate) => candidate.spanId === parentSpanId);
  }
  return names;
}

prometheusTest("the six steps of docs/testing_telemetry.md, without Docker", async (t) => {
  await using stack = new AsyncDisposableStack();
  let backends: Backends | undefined;
  let url = "";
  const there = () => {
    assert.ok(backends !== undefined);
    return backends;
  };

  await t.step("1. the collector and what is behind it run", async () => {
    backends = stack.use(await startBackends());
    const { collector, prometheus } = backends;
    const health = await fetch(collector.healthUrl);
    await health.body?.cancel();
    assert.equal(health.status, 200);
    await until(async () => (await prometheus.query('up{job="otelcol"} == 1')).length === 1);
  });

  await t.step("2. the service runs with telemetry on and says where it goes", async () => {
    const { collector } = there();
    const service = stack.use(
      await startTask("dev:otel", {
        env: {
          ...exportTo(collector.url),
          OTEL_SERVICE_NAME: "shop",
          OTEL_METRIC_EXPORT_INTERVAL: "1000",
          OTEL_BLRP_SCHEDULE_DELAY: "50",
        },
      }),
    );
    await service.waitForLine(new RegExp(`echelon telemetry: .*-> ${collector.url}`));
    url = service.url;
    await (await fetch(`${url}/products`, { headers: partOf(PRODUCTS) })).text();
    await (await fetch(`${url}/fail`, { headers: partOf(FAIL) })).text();
  });

  await t.step("3. its traces arrive", async () => {
    await there().receiver.waitFor(
      () => [PRODUCTS, FAIL].every((trace) => spansOf(there(), trace).length > 0),
      { timeoutMillis: 60_000 },
    );
    const spans = spansOf(there(), PRODUCTS);
    const request = spans.find(({ kind }) => kind === "SERVER");
    assert.deepEqual(
      [request?.name, request?.parentSpanId, request?.resource["service.name"]],
      ["GET /products", spanId(0), "shop"],
    );
    assert.deepEqual(ancestry(spans, "cache.get").slice(0, 2), ["cache.get", "controller"]);
    const failed = spansOf(there(), FAIL).find(({ kind }) => kind === "SERVER");
    assert.equal(failed?.status.code, "ERROR");
  });

  await t.step("4. its metrics arrive, and lead to its traces", async () => {
    const { prometheus } = there();
    const metric = "http_server_request_duration_seconds_count";
    await until(async () => {
      const series = await prometheus.query(`${metric}{job="shop", http_route="/fail"}`);
      return series.some(({ metric: labels, value }) =>
        value === 1 && labels.http_response_status_code === "500" &&
        labels.service_name === "shop"
      );
    });
    // Each flush of span metrics has its own exemplars, so it is asked for until one is scraped.
    await until(async () => {
      await (await fetch(`${url}/products`, { headers: partOf(PRODUCTS) })).text();
      const exemplars = await prometheus.exemplars(
        'traces_spanmetrics_latency_bucket{job="shop", span_name="GET /products"}',
      );
      return exemplars.some(({ trace_id }) => trace_id === PRODUCTS);
    });
  });

  await t.step("5. its logs arrive, each with the span that it was written in", async () => {
    const { receiver } = there();
    await receiver.waitFor(() => receiver.logs().some(({ traceId }) => traceId === FAIL), {
      timeoutMillis: 60_000,
    });
    const logs = receiver.logs().filter(({ traceId }) => traceId === FAIL);
    assert.equal(logs.length, 1, "a failure is told once");
    const [log] = logs;
    assert.equal(log?.attributes["exception.message"], "The warehouse does not answer");
    assert.equal(log?.resource["service.name"], "shop");
    const ids = spansOf(there(), FAIL).map((span) => span.spanId);
    assert.ok(ids.includes(log?.spanId ?? ""), `${log?.spanId} is none of ${ids}`);
  });

  await t.step("6. the context goes along across every wait, and into the job", async () => {
    const { receiver } = there();
    const { token } = await login(url, "demo");
    const response = await fetch(`${url}/orders`, {
      method: "POST",
      headers: {
        ...partOf(ORDER),
        "content-type": "application/json",
        authorization: `Bearer ${token}`,
      },
      body: JSON.stringify({ product: "p1", quantity: 1 }),
    });
    assert.equal(response.status, 201, await response.text());
    const attempt = () =>
      receiver.spans().find(({ name, links }) =>
        name === "job.process" && links.some(({ traceId }) => traceId === ORDER)
      );
    const settled = () =>
      receiver.spans().some(({ name, traceId }) =>
        name === "job.complete" && traceId === attempt()?.traceId
      );
    await receiver.waitFor(() => spansOf(there(), ORDER).length > 0 && settled(), {
      timeoutMillis: 60_000,
    });

    const spans = spansOf(there(), ORDER);
    const ids = new Set(spans.map((span) => span.spanId).concat(spanId(0)));
    for (const { name, parentSpanId } of spans) assert.ok(ids.has(parentSpanId ?? ""), name);
    assert.ok(ancestry(spans, "kv.atomic").includes("controller"));
    assert.ok(ancestry(spans, "auth.authenticate").includes("POST /orders"));
    // The job is a trace of its own, which leads back to the span that enqueued it.
    const enqueued = spans.find(({ name }) => name === "job.enqueue");
    const process = attempt();
    assert.equal(process?.parentSpanId, undefined);
    assert.deepEqual(process?.links.map((link) => link.spanId), [enqueued?.spanId]);
    const written = () =>
      receiver.logs().find(({ body, traceId }) =>
        body === "receipt sent" && traceId === process?.traceId
      );
    await receiver.waitFor(() => written() !== undefined, { timeoutMillis: 60_000 });
    assert.equal(written()?.spanId, process?.spanId);
  });
});
