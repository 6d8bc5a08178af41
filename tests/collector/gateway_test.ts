import assert from "node:assert/strict";
import { makeCertificate } from "./_certificate.ts";
import { type Collector, collectorTest, startCollector, until } from "./_collector.ts";
import { postCounter, postLogs, postSpans, spanId, traceId } from "./_posted.ts";

const TRACES = 200;

/** An agent that finds its one gateway as shipped: by a name, or here an address, and a port. */
function startAgent(
  gateway: Collector,
  caFile: string,
  overrides: readonly string[] = [],
): Promise<Collector> {
  return startCollector({
    configs: ["deploy/collector/agent.yaml", ...overrides],
    shippedOutputs: true,
    env: {
      GATEWAY_HOST: "127.0.0.1",
      GATEWAY_PORT: gateway.ports.OTLP_GRPC_PORT,
      GATEWAY_CA_FILE: caFile,
    },
  });
}

/** Names gateways one by one, since two on one machine cannot share a port as in DNS. */
function listed(gateways: readonly Collector[]): string {
  const hostnames = gateways.map(({ ports }) => `127.0.0.1:${ports.OTLP_GRPC_PORT}`);
  const resolver = { dns: null, static: { hostnames } };
  return `yaml:${JSON.stringify({ exporters: { load_balancing: { resolver } } })}`;
}

function startGateway(
  id: string,
  { certFile, keyFile }: { readonly certFile: string; readonly keyFile: string },
): Promise<Collector> {
  return startCollector({
    configs: [
      "otel-collector.yaml",
      "deploy/collector/gateway.yaml",
      "deploy/collector/tls.yaml",
    ],
    env: {
      COLLECTOR_ID: id,
      OTLP_HOST: "127.0.0.1",
      OTLP_CERT_FILE: certFile,
      OTLP_KEY_FILE: keyFile,
      TAIL_SHARDS: "2",
      TAIL_DECISION_WAIT: "4s",
    },
  });
}

collectorTest("an agent leads all spans of a trace to one gateway, by TLS", async () => {
  await using certificate = await makeCertificate();
  await using first = await startGateway("first", certificate);
  await using second = await startGateway("second", certificate);
  await using agent = await startAgent(first, certificate.certFile, [listed([first, second])]);

  // Halves in requests of their own, so that they meet in a gateway or not at all. Only the child
  // failed: a gateway that saw the root alone would drop it.
  const ids = Array.from({ length: TRACES }, (_, number) => traceId(number));
  await postSpans(agent.url, ids.map((traceId) => ({ traceId, spanId: spanId(1), name: "root" })));
  await postSpans(
    agent.url,
    ids.map((traceId) => ({
      traceId,
      spanId: spanId(2),
      parentSpanId: spanId(1),
      name: "child",
      error: "no",
    })),
  );
  const kept = async () => await Promise.all([first.spans(), second.spans()]);
  await until(
    async () => (await kept()).flat().length === 2 * TRACES,
    async () => `${(await kept()).flat().length} spans of ${2 * TRACES}`,
  );
  for (const spans of await kept()) {
    const names = Map.groupBy(spans, ({ traceId }) => traceId);
    for (const [id, trace] of names) {
      assert.deepEqual(trace.map(({ name }) => name).sort(), ["child", "root"], id);
    }
    assert.ok(names.size > TRACES / 5, `${names.size} traces of ${TRACES}`);
  }

  const instances = async () => {
    const metrics = (await Promise.all([first.metrics(), second.metrics()])).flat();
    const calls = metrics.filter(({ name }) => name === "traces.spanmetrics.calls");
    return new Set(
      calls.flatMap(({ points }) => points)
        .map(({ attributes }) => attributes["collector.instance.id"]),
    );
  };
  await until(async () => (await instances()).size === 2);
  assert.deepEqual(await instances(), new Set(["first", "second"]));
});

collectorTest("an agent finds its gateway by name and sends it every signal", async () => {
  await using certificate = await makeCertificate();
  await using gateway = await startGateway("only", certificate);
  await using agent = await startAgent(gateway, certificate.certFile);
  await postSpans(agent.url, [{ traceId: traceId(1), error: "no" }]);
  await postCounter(agent.url, "posted");
  await postLogs(agent.url, [{ body: "posted", attributes: { text: "password=hunter2" } }]);
  await until(async () => (await gateway.metrics()).some(({ name }) => name === "posted"));
  await until(async () => (await gateway.logs()).some(({ body }) => body === "posted"));
  await until(async () => (await gateway.spans()).length === 1);
  assert.ok(!(await gateway.outputText()).includes("hunter2"));
});
