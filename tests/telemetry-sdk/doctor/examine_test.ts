import assert from "node:assert/strict";
import { examine } from "../../../telemetry-sdk/doctor.ts";
import { startReceiver } from "../../_otlp_receiver.ts";
import { doctor, tracesTo } from "./_doctor.ts";

Deno.test("The doctor sends one span, metric and log record, and finds nothing wrong", async () => {
  await using receiver = startReceiver();
  const { ok, findings, configuration, variables } = await doctor({
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer%20secret-token",
      OTEL_SERVICE_NAME: "shop",
      OTEL_TRACES_SAMPLER: "always_off",
      OTEL_DENO_LOG_SEVERITY: "error",
    },
  });
  assert.ok(ok, JSON.stringify(findings));
  assert.deepEqual(receiver.spans().map(({ name }) => name), ["echelon.doctor"]);
  assert.ok(receiver.metrics().some(({ name }) => name === "echelon.doctor"));
  assert.deepEqual(receiver.logs().map(({ body }) => body), ["The doctor was here"]);
  assert.equal(receiver.spans()[0]?.resource["service.name"], "shop");

  assert.deepEqual(
    findings.map(({ check, state }) => `${check} ${state}`),
    [
      "runtime ok",
      "api ok",
      "versions ok",
      "variables skipped",
      "configuration ok",
      "resource ok",
      "traces ok",
      "metrics ok",
      "logs ok",
      "clock ok",
    ],
  );
  assert.match(
    configuration,
    /^traces\+metrics\+logs -> http:.* sampler always_off, service shop$/,
  );
  assert.ok(variables.includes("OTEL_EXPORTER_OTLP_HEADERS=(not shown)"));
  assert.ok(!JSON.stringify([findings, configuration, variables]).includes("secret-token"));
});

Deno.test("The doctor tries each destination of code by its own settings, and says what it cannot try", async () => {
  await using receiver = startReceiver();
  await using second = startReceiver({ status: 401 });
  const to = (url: string) => ({ endpoint: `${url}/v1/traces`, protocol: "http/json" as const });
  const { ok, findings } = await examine({
    config: {
      traces: {
        exporters: [
          { exporter: "otlp", otlp: to(receiver.url), filter: () => false },
          { exporter: "otlp", otlp: { ...to(second.url), compression: "gzip" } },
          "console",
        ],
      },
      metrics: { exporters: [] },
      logs: { exporters: [] },
    },
  });
  assert.equal(ok, false);
  assert.deepEqual(
    findings.filter(({ check }) => check === "traces").map((
      { state, message },
    ) => [state, message]),
    [
      ["ok", `${receiver.url}/v1/traces took one span.`],
      ["problem", "The receiver answers 401: it wants credentials, and none are configured."],
      ["skipped", "The exporter console sends nothing over OTLP/HTTP."],
    ],
  );
  assert.ok(receiver.requests.every(({ encoding }) => encoding === "json"));
});

Deno.test("The doctor sends through the stock exporters where they are chosen", async () => {
  await using receiver = startReceiver();
  const { findings } = await examine({
    config: {
      otlp: { endpoint: receiver.url, transport: "node" },
      metrics: { exporters: [] },
    },
  });
  assert.deepEqual(receiver.spans().map(({ name }) => name), ["echelon.doctor"]);
  assert.equal(receiver.logs().length, 1);
  assert.deepEqual(
    findings.filter(({ check }) => check === "traces" || check === "logs")
      .map(({ state }) => state),
    ["ok", "ok"],
  );
});

Deno.test("The doctor says when the receiver refused what it took, or warns of it", async () => {
  const answers: Record<string, unknown> = {
    "/v1/traces": { partialSuccess: { rejectedSpans: "1", errorMessage: "quota used up" } },
    "/v1/logs": { partialSuccess: { errorMessage: "use another endpoint" } },
  };
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    async (request) => {
      await request.arrayBuffer();
      return Response.json(answers[new URL(request.url).pathname] ?? {});
    },
  );
  const url = `http://127.0.0.1:${server.addr.port}`;
  const { of } = await doctor({
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" },
  });
  assert.deepEqual(of("traces"), [
    `problem: ${url}/v1/traces took the export and refused the span: quota used up. Look at the receiver's own log.`,
  ]);
  assert.deepEqual(of("metrics"), [`ok: ${url}/v1/metrics took one metric.`]);
  assert.deepEqual(of("logs"), [
    `ok: ${url}/v1/logs took one log record.`,
    `warning: ${url}/v1/logs took the log record and warns: use another endpoint.`,
  ]);
});

Deno.test("The doctor says when a receiver's clock is far off", async () => {
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    async (request) => {
      await request.arrayBuffer();
      const date = new Date(Date.now() + 3 * 3_600_000).toUTCString();
      return new Response(null, { headers: { date } });
    },
  );
  const { ok, of } = await doctor({ env: tracesTo(`http://127.0.0.1:${server.addr.port}`) });
  assert.equal(ok, false);
  assert.deepEqual(of("clock"), [
    `problem: This machine's clock is 3 hours behind that of 127.0.0.1:${server.addr.port}. ` +
    "Set the clocks by NTP: telemetry carries this machine's time.",
  ]);
});

Deno.test("The doctor looks whether the port for Prometheus is free", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const env = {
    ...tracesTo("http://127.0.0.1:1"),
    OTEL_TRACES_EXPORTER: "none",
    OTEL_METRICS_EXPORTER: "prometheus",
    OTEL_EXPORTER_PROMETHEUS_HOST: "127.0.0.1",
  };
  const { port } = listener.addr;
  try {
    const taken = await doctor({ env: { ...env, OTEL_EXPORTER_PROMETHEUS_PORT: String(port) } });
    assert.match(
      taken.of("metrics").join(),
      /^warning: Something listens at 127.0.0.1:\d+ already/,
    );
  } finally {
    listener.close();
  }
  const free = await doctor({ env: { ...env, OTEL_EXPORTER_PROMETHEUS_PORT: "0" } });
  assert.deepEqual(free.of("metrics"), ["ok: 127.0.0.1:0 is free for Prometheus to be served on."]);
});

Deno.test("examine() says what the detectors of the resource could not find out", async () => {
  const { findings } = await examine({
    limitMillis: 100,
    config: {
      resourceDetectors: [() => {
        throw new Error("no metadata");
      }, () => new Promise(() => {})],
      traces: { exporters: [] },
      metrics: { exporters: [] },
      logs: { exporters: [] },
    },
  });
  const said = findings.filter(({ check }) => check === "resource");
  assert.ok(said.length >= 2, JSON.stringify(said));
  assert.ok(said.every(({ state }) => state === "warning"));
  assert.match(said.map(({ message }) => message).join(" "), /no metadata/);
});
