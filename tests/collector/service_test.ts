import assert from "node:assert/strict";
import { exportTo, login, startService } from "../e2e/_service.ts";
import type { ReceivedSpan } from "../_otlp_receiver.ts";
import { makeCertificate } from "./_certificate.ts";
import { type Collector, collectorTest, startCollector, until } from "./_collector.ts";
import { postLogs, spanId, traceId } from "./_posted.ts";
import { startRecordingProxy } from "./_recording_proxy.ts";

const JSON_TYPE = "application/json";
const PROTOBUF_TYPE = "application/x-protobuf";

/** What one run of the service is known by in the collector's files. */
interface Run {
  readonly service: string;
  readonly traceId: string;
}

/** Lets the service do something of everything, then end. */
async function useService({ service, traceId }: Run, env: Record<string, string>): Promise<void> {
  await using process = await startService("start:otel", {
    ...env,
    OTEL_SERVICE_NAME: service,
  });
  const headers = { traceparent: `00-${traceId}-${spanId(0)}-01` };
  for (const path of ["/products", "/fail", "/stream"]) {
    await (await fetch(process.url + path, { headers })).text();
  }
  const { token } = await login(process.url, "demo");
  const order = await fetch(`${process.url}/orders`, {
    method: "POST",
    headers: { ...headers, "content-type": JSON_TYPE, authorization: `Bearer ${token}` },
    body: JSON.stringify({ product: "p1", quantity: 1 }),
  });
  assert.equal(order.status, 201, await order.text());
  process.signal("SIGTERM");
  assert.equal((await process.status).code, 0);
  // The exports came through: a failed one would be told.
  assert.deepEqual(process.stderr.filter((line) => /fail|refused|drop|lost/.test(line)), []);
}

async function checkTraces(collector: Collector, run: Run): Promise<ReceivedSpan> {
  const trace = async () =>
    (await collector.spans()).filter((span) => span.traceId === run.traceId);
  const servers = async () => (await trace()).filter(({ kind }) => kind === "SERVER");
  await until(async () => (await servers()).length === 4);
  const names = (await servers()).map(({ name }) => name).sort();
  assert.deepEqual(names, ["GET /fail", "GET /products", "GET /stream", "POST /orders"]);

  const spans = await trace();
  const ids = new Set(spans.map((span) => span.spanId));
  assert.equal(ids.size, spans.length, "a span arrived twice");
  for (const { name, kind, parentSpanId, resource } of spans) {
    assert.equal(parentSpanId === spanId(0), kind === "SERVER", name);
    if (kind !== "SERVER") assert.ok(ids.has(parentSpanId ?? ""), `${name} has no parent`);
    assert.equal(resource["service.name"], run.service);
    assert.equal(resource["deployment.environment.name"], "e2e");
  }
  const failed = spans.find(({ name }) => name === "GET /fail");
  assert.equal(failed?.status.code, "ERROR");
  // The order's receipt is a trace of its own, linked to this one.
  const order = spans.find(({ name }) => name === "POST /orders");
  assert.ok(order !== undefined);
  assert.ok(spans.some(({ name }) => name === "job.enqueue"));
  return order;
}

async function checkMetrics(collector: Collector, run: Run, order: ReceivedSpan): Promise<void> {
  const ofRun = async (name: string) =>
    (await collector.metrics()).filter(({ resource }) => resource["service.name"] === run.service)
      .findLast((metric) => metric.name === name);
  await until(async () => await ofRun("http.server.request.duration") !== undefined);
  const duration = await ofRun("http.server.request.duration");
  assert.equal(
    duration?.resource["service.instance.id"],
    order.resource["service.instance.id"],
  );
  const counts = duration?.points.map(({ attributes, count }) => [attributes["http.route"], count]);
  const byRoute = Object.fromEntries(counts ?? []);
  assert.deepEqual(byRoute, {
    "/products": 1,
    "/fail": 1,
    "/stream": 1,
    "/login": 1,
    "/orders": 1,
  });
  const spanCalls = async () => {
    const points = (await ofRun("traces.spanmetrics.calls"))?.points ?? [];
    return points.find(({ attributes }) => attributes["span.name"] === "POST /orders");
  };
  await until(async () => await spanCalls() !== undefined);
  const { attributes, value } = await spanCalls() ?? {};
  assert.equal(value, 1);
  assert.equal(attributes?.["http.route"], "/orders");
  assert.equal(Number(attributes?.["http.response.status_code"]), 201);
}

/** A log record of this trace leads to it and back. */
async function checkLogs(collector: Collector, run: Run, order: ReceivedSpan): Promise<void> {
  const ids = { traceId: order.traceId, spanId: order.spanId };
  await postLogs(collector.url, [{ body: "order placed", ...ids }], run);
  const found = async () =>
    (await collector.logs()).find(({ body, traceId }) =>
      body === "order placed" && traceId === run.traceId
    );
  await until(async () => await found() !== undefined);
  const log = await found();
  assert.equal(log?.spanId, order.spanId);
  assert.equal(log?.resource["service.name"], run.service);
  assert.equal(log?.resource["deployment.environment.name"], "e2e");
}

const env = { TAIL_PERCENT: "100", DEPLOYMENT_ENVIRONMENT: "e2e" };

collectorTest(
  "the service's telemetry arrives whole in every encoding, and correlates",
  async (t) => {
    await using collector = await startCollector({ env });
    await using proxy = startRecordingProxy(collector.url);
    const variants = [
      ["http/json", "none", JSON_TYPE],
      ["http/json", "gzip", JSON_TYPE],
      ["http/protobuf", "none", PROTOBUF_TYPE],
      ["http/protobuf", "gzip", PROTOBUF_TYPE],
    ] as const;
    for (const [index, [protocol, compression, contentType]] of variants.entries()) {
      await t.step(`${protocol}, compression ${compression}`, async () => {
        const run = { service: `tea-${index}`, traceId: traceId(index) };
        const before = proxy.passed.length;
        await useService(run, {
          ...exportTo(proxy.url, protocol),
          OTEL_EXPORTER_OTLP_COMPRESSION: compression,
        });
        const passed = proxy.passed.slice(before);
        const paths = new Set(passed.map(({ path }) => path));
        assert.ok(paths.has("/v1/traces") && paths.has("/v1/metrics"));
        const forms = passed.map(({ path, ...form }) => (void path, JSON.stringify(form)));
        const contentEncoding = compression === "gzip" ? "gzip" : null;
        const expected = JSON.stringify({ contentType, contentEncoding, status: 200 });
        assert.deepEqual([...new Set(forms)], [expected]);
        const order = await checkTraces(collector, run);
        await checkMetrics(collector, run, order);
        await checkLogs(collector, run, order);
      });
    }
  },
);

collectorTest("the service's telemetry arrives whole by TLS", async () => {
  await using certificate = await makeCertificate();
  await using collector = await startCollector({
    configs: ["otel-collector.yaml", "deploy/collector/tls.yaml"],
    env: {
      ...env,
      OTLP_CERT_FILE: certificate.certFile,
      OTLP_KEY_FILE: certificate.keyFile,
    },
  });
  const url = collector.url.replace("http:", "https:");
  const run = { service: "tea-tls", traceId: traceId(0) };
  await useService(run, { ...exportTo(url), DENO_CERT: certificate.certFile });
  const order = await checkTraces(collector, run);
  await checkMetrics(collector, run, order);
});
