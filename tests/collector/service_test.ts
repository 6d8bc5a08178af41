import assert from "node:assert/strict";
import { exportTo, login } from "../e2e/_service.ts";
import type { ReceivedSpan } from "../_otlp_receiver.ts";
import { makeCertificate } from "./_certificate.ts";
import { type Collector, collectorTest, startCollector, until } from "./_collector.ts";
import { spanId, traceId } from "./_posted.ts";
import { startRecordingProxy } from "./_recording_proxy.ts";
import { startTask } from "./_task.ts";

const JSON_TYPE = "application/json";
const PROTOBUF_TYPE = "application/x-protobuf";

/** What one run of the service is known by in the collector's files. */
interface Run {
  readonly service: string;
  readonly traceId: string;
}

/** What the service is started with beside what its task says. */
interface Around {
  readonly env: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
}

/** Lets the service do something of everything, then end. */
async function useService({ service, traceId }: Run, { env, flags }: Around): Promise<void> {
  await using process = await startTask("start:otel", {
    env: { ...env, OTEL_SERVICE_NAME: service },
    flags,
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
  // The exports came through: a failed one would be told after the line about the start.
  const [started, ...more] = process.stderr;
  assert.match(started ?? "", /^echelon telemetry: traces\+metrics\+logs -> /);
  assert.deepEqual(more, []);
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

/** What the service logged is there once, and what it logged in a request leads to its span. */
async function checkLogs(collector: Collector, run: Run, order: ReceivedSpan): Promise<void> {
  const logs = async () =>
    (await collector.logs()).filter(({ resource }) => resource["service.name"] === run.service);
  const inTrace = async () => (await logs()).filter(({ traceId }) => traceId === run.traceId);
  await until(async () => (await inTrace()).length > 0);
  const records = await inTrace();
  assert.deepEqual(records.map(({ body }) => body), ["request failed"]);
  const [log] = records;
  const failed = (await collector.spans()).find(({ name, traceId }) =>
    name === "GET /fail" && traceId === run.traceId
  );
  assert.deepEqual([log?.spanId, log?.flags], [failed?.spanId, 1]);
  assert.deepEqual([log?.severityNumber, log?.severityText], [17, "error"]);
  assert.equal(log?.attributes["exception.message"], "The warehouse does not answer");
  assert.equal(log?.attributes.route, "/fail");
  assert.equal(log?.resource["service.instance.id"], order.resource["service.instance.id"]);
  assert.equal(log?.resource["deployment.environment.name"], "e2e");
  const started = (await logs()).filter(({ body }) => body === "listening");
  assert.deepEqual(started.map(({ traceId }) => traceId), [undefined]);
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
          env: {
            ...exportTo(proxy.url, protocol),
            OTEL_EXPORTER_OTLP_COMPRESSION: compression,
          },
        });
        const passed = proxy.passed.slice(before);
        const paths = new Set(passed.map(({ path }) => path));
        assert.deepEqual([...paths].sort(), ["/v1/logs", "/v1/metrics", "/v1/traces"]);
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

collectorTest("the service's telemetry arrives whole by TLS", async (t) => {
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
  const { certFile } = certificate;
  const variants: readonly (readonly [string, Omit<Around, "env">])[] = [
    ["OTEL_EXPORTER_OTLP_CERTIFICATE", { flags: [`--allow-read=${certFile}`] }],
    // Deno reads this one by itself, and asks no permission.
    ["DENO_CERT", {}],
  ];
  for (const [index, [variable, around]] of variants.entries()) {
    await t.step(`trusted by ${variable}`, async () => {
      const run = { service: `tea-tls-${index}`, traceId: traceId(index) };
      await useService(run, { env: { ...exportTo(url), [variable]: certFile }, ...around });
      const order = await checkTraces(collector, run);
      await checkMetrics(collector, run, order);
      await checkLogs(collector, run, order);
    });
  }
  await t.step("and is told to be lost where nothing makes the certificate trusted", async () => {
    const env = { ...exportTo(url), OTEL_SERVICE_NAME: "tea-astray" };
    await using process = await startTask("start:otel", { env });
    process.signal("SIGTERM");
    assert.equal((await process.status).code, 0);
    const told = process.stderr.join("\n");
    assert.match(told, /export of spans to \S+ is failing .*invalid peer certificate/);
    assert.match(told, /lost at shutdown: \d+ spans/);
    assert.doesNotMatch(await collector.outputText(), /tea-astray/);
  });
});
