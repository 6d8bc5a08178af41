import assert from "node:assert/strict";
import { examine } from "../../../telemetry-sdk/doctor.ts";
import type { TelemetryConfig } from "../../../telemetry-sdk/mod.ts";

/** What is found about the traces that are sent to a server that answers like this. */
async function tracesFindings(
  answer: (request: Request) => Response,
  otlp: (url: string) => NonNullable<TelemetryConfig["otlp"]> = (endpoint) => ({ endpoint }),
): Promise<string> {
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    async (request) => {
      await request.arrayBuffer();
      return answer(request);
    },
  );
  const { findings } = await examine({
    limitMillis: 2000,
    config: {
      otlp: otlp(`http://127.0.0.1:${server.addr.port}`),
      metrics: { exporters: [] },
      logs: { exporters: [] },
    },
  });
  return findings.filter(({ check }) => check === "traces").map(({ state, message, advice }) =>
    `${state}: ${message}${advice === undefined ? "" : ` ${advice}`}`
  ).join("\n");
}

const page = (status: number) =>
  new Response("<h1>Hello</h1>", { status, headers: { "content-type": "text/html" } });

Deno.test("examine() recognises a web server that is no OTLP receiver", async () => {
  for (const status of [200, 404, 405]) {
    assert.equal(
      await tracesFindings(() => page(status)),
      `problem: An HTTP server answers ${status} (text/html) there, and no OTLP receiver at "/v1/traces". ` +
        "Look at the endpoint's host, port and path: something else answers there.",
    );
  }
});

Deno.test("examine() says when a signal's own endpoint lacks its path", async () => {
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    () => new Response(null, { status: 404 }),
  );
  const { findings } = await examine({
    config: {
      traces: { otlp: { endpoint: `http://127.0.0.1:${server.addr.port}` } },
      metrics: { exporters: [] },
      logs: { exporters: [] },
    },
  });
  assert.equal(
    findings.find(({ check }) => check === "traces")?.advice,
    "A signal's own endpoint is used as it stands: end it with /v1/traces.",
  );
});

Deno.test("examine() says which encoding a receiver takes instead", async () => {
  const onlyJson = (status: number) => (request: Request) =>
    request.headers.get("content-type") === "application/json"
      ? Response.json({})
      : new Response("only JSON", { status });
  for (const status of [400, 415]) {
    assert.equal(
      await tracesFindings(onlyJson(status)),
      `problem: The receiver refuses http/protobuf with ${status}, and takes http/json. ` +
        "Set OTEL_EXPORTER_OTLP_PROTOCOL=http/json.",
    );
  }
  assert.match(
    await tracesFindings(() => new Response(null, { status: 415 })),
    /^problem: The receiver refuses http\/protobuf with 415, and http\/json too\. /,
  );
});

Deno.test("examine() says that credentials are missing, or refused", async () => {
  const refuse = (status: number) => () => new Response(null, { status });
  assert.match(
    await tracesFindings(refuse(401)),
    /^problem: The receiver answers 401: it wants credentials, and none are configured\. Give them by OTEL_EXPORTER_OTLP_HEADERS/,
  );
  assert.match(
    await tracesFindings(refuse(403), (endpoint) => ({
      endpoint,
      headers: { Authorization: "Bearer x" },
    })),
    /^problem: The receiver answers 403: the credentials are refused\. /,
  );
});

Deno.test("examine() says where a receiver redirects to", async () => {
  assert.match(
    await tracesFindings(() =>
      new Response(null, { status: 308, headers: { location: "https://collector.example/" } })
    ),
    /^problem: The receiver redirects to "https:\/\/collector\.example\/"; telemetry follows no redirect\. /,
  );
});

Deno.test("examine() says that a receiver cannot take anything now", async () => {
  assert.match(
    await tracesFindings(() => new Response("queue full", { status: 503 })),
    /^problem: The receiver is reached, and cannot take anything now: the receiver answered 503: queue full/,
  );
});

Deno.test("examine() shows no secret that a receiver sends back", async () => {
  const found = await tracesFindings(
    (request) =>
      new Response(`no ${request.headers.get("authorization")} for ${request.url}`, {
        status: 400,
        headers: { "content-type": "text/plain" },
      }),
    (endpoint) => ({
      endpoint: `${endpoint}/?key=hunter22`,
      headers: { authorization: "Bearer secret-token" },
    }),
  );
  assert.match(found, /^problem: The export failed: the receiver answered 400: no REDACTED for /);
  assert.doesNotMatch(found, /secret-token|hunter22/);
});

Deno.test("examine() doubts a receiver that answers in another encoding", async () => {
  assert.match(
    await tracesFindings(() => new Response("OK")),
    /^ok: .*\nwarning: .* answers with text\/plain, where an OTLP receiver answers with application\/x-protobuf\. /,
  );
});
