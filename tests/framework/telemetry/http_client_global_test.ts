import assert from "node:assert/strict";
import { tracedFetch, traceFetch } from "../../../framework/telemetry/http_client_global.ts";
import { withSpan } from "../../../framework/telemetry/otel.ts";
import { testApp } from "../../_app.ts";
import { startReceiver } from "../../_otlp_receiver.ts";
import { startProcess } from "../../_process.ts";
import { inMemoryTelemetry } from "../../_telemetry.ts";
import { startOrigin } from "./_origin.ts";

const native = Object.getOwnPropertyDescriptor(globalThis, "fetch");

function isNative(): boolean {
  return globalThis.fetch === native?.value;
}

async function request(url: string): Promise<void> {
  await (await fetch(url)).body?.cancel();
}

Deno.test("traceFetch() puts fetch back as it was when the last one is done", () => {
  const first = traceFetch();
  const traced = globalThis.fetch;
  assert(!isNative());
  assert.equal(traced.name, "fetch");
  const second = traceFetch();
  assert.equal(globalThis.fetch, traced);
  first();
  first();
  assert.equal(globalThis.fetch, traced);
  second();
  assert.deepEqual(Object.getOwnPropertyDescriptor(globalThis, "fetch"), native);
});

Deno.test("traceFetch() traces once, whoever asks, and ignores what any of them ignores", async () => {
  await using origin = startOrigin();
  using telemetry = inMemoryTelemetry();
  const undo = [
    traceFetch({ ignore: [`${origin.url}/a`] }),
    traceFetch({ ignore: [`${origin.url}/b`], redact: { queryKeys: ["code-name"] } }),
  ];
  for (const path of ["/a", "/b", "/c?codename=x"]) await request(origin.url + path);
  for (const end of undo) end();
  await request(`${origin.url}/d`);
  const told = telemetry.spans().map(({ attributes }) => attributes["url.full"]);
  assert.deepEqual(told, [`${origin.url}/c?codename=REDACTED`]);
  assert(isNative());
});

Deno.test("traceFetch() leaves alone what somebody has put around it, and traces once there too", async () => {
  await using origin = startOrigin();
  using telemetry = inMemoryTelemetry();
  const undo = traceFetch();
  const traced = globalThis.fetch;
  const around: typeof fetch = (...args) => traced(...args);
  globalThis.fetch = around;
  undo();
  assert.equal(globalThis.fetch, around);
  await request(origin.url);
  assert.equal(telemetry.spans().length, 0);
  const again = traceFetch();
  assert.equal(globalThis.fetch, around);
  await request(origin.url);
  assert.equal(telemetry.spans().length, 1);
  again();
  // Whoever put it there may also take it away again, with ours.
  Object.defineProperty(globalThis, "fetch", native ?? {});
  const last = traceFetch();
  await request(origin.url);
  assert.equal(telemetry.spans().length, 2);
  last();
  assert(isNative());
});

Deno.test("traceFetch() never traces the SDK's own exports", async () => {
  await using origin = startOrigin();
  await using receiver = startReceiver();
  await using process = await startProcess({
    args: ["run", "-A", new URL("_fetch_process.ts", import.meta.url).pathname],
    env: {
      TARGET: `${origin.url}/tea`,
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_METRICS_EXPORTER: "none",
    },
  });
  assert.equal((await process.status).code, 0, process.lines.join("\n"));
  const told = receiver.spans().map(({ kind, attributes }) => [kind, attributes["url.full"]]);
  assert.deepEqual(told, [["CLIENT", `${origin.url}/tea`]]);
});

Deno.test("tracedFetch() traces without the global fetch", async () => {
  await using origin = startOrigin();
  using telemetry = inMemoryTelemetry();
  await (await tracedFetch(origin.url)).body?.cancel();
  assert(isNative());
  assert.equal(telemetry.spans().length, 1);
});

Deno.test("Application has fetch traced from listen() to stop()", async () => {
  await using origin = startOrigin();
  using telemetry = inMemoryTelemetry();
  const app = testApp().get("/", async () => {
    await request(`${origin.url}/tea`);
    return "ok";
  });
  await (await app.handle(new Request("http://shop.test/"))).body?.cancel();
  assert(isNative(), "a test of a handler leaves the process as it is");
  const { url } = app.listen({ port: 0, handleSignals: false });
  telemetry.reset();
  const answer = await (native?.value as typeof fetch)(url);
  assert.equal(await answer.text(), "ok");
  await app.stop();
  assert(isNative());
  const client = telemetry.spans().find(({ kind }) => kind === "CLIENT");
  const controller = telemetry.spans().find(({ name }) => name === "controller");
  assert.equal(client?.attributes["url.full"], `${origin.url}/tea`);
  assert.equal(client?.parentSpanId, controller?.spanId);
});

Deno.test("createHandler() has fetch traced, and stop() ends it", async () => {
  const [one, other] = [testApp().get("/", () => ""), testApp().get("/", () => "")];
  one.createHandler();
  one.createHandler();
  other.createHandler();
  await one.stop();
  assert(!isNative());
  await other.stop();
  assert(isNative());
});

Deno.test("Application measures its requests for /metrics with no SDK, and sends no header", async () => {
  await using origin = startOrigin();
  const app = testApp().exposeMetrics();
  const handler = app.createHandler();
  await request(`${origin.url}/status/404?token=s3cret`);
  const metrics = await (await handler(new Request("http://shop.test/metrics"))).text();
  await app.stop();
  const [line, ...others] = metrics.split("\n")
    .filter((line) => line.startsWith("http_client_request_duration_seconds_count"));
  assert.equal(others.length, 0);
  assert.match(String(line), /server_address="127\.0\.0\.1".* 1$/);
  assert.match(String(line), /http_response_status_code="404"/);
  assert.match(String(line), /error_type="404"/);
  assert.doesNotMatch(metrics, /token|s3cret/);
  assert.equal(origin.seen[0]?.has("traceparent"), false);
});

Deno.test("Application leaves fetch alone when told", async () => {
  const app = testApp({ traceFetch: false }).get("/", () => "");
  app.listen({ port: 0, handleSignals: false });
  assert(isNative());
  await app.stop();
});

Deno.test("Application leaves fetch alone when it cannot listen", async () => {
  const app = testApp({ traceFetch: false }).get("/", () => "");
  const { port } = new URL(app.listen({ port: 0, handleSignals: false }).url);
  assert.throws(() => testApp().listen({ port: Number(port), handleSignals: false }));
  assert(isNative());
  await app.stop();
});

for (const traceFetch of ["yes", null, { ignore: ["no url"] }]) {
  Deno.test(`Application refuses to trace fetch by ${JSON.stringify(traceFetch)}`, () => {
    assert.throws(() => testApp({ traceFetch: traceFetch as unknown as boolean }), TypeError);
  });
}

Deno.test("Application's own rules hold for the requests that its handlers make", async () => {
  await using origin = startOrigin();
  using telemetry = inMemoryTelemetry();
  const handler = async () => {
    await request(`${origin.url}/?code-name=x&order=7`);
    return "ok";
  };
  const apps = [["code-name"], ["order"]].map((queryKeys) =>
    testApp({ operationSpans: false, redact: { queryKeys } }).get("/", handler)
  );
  for (const app of apps) app.createHandler();
  for (const app of apps) await app.handle(new Request("http://shop.test/"));
  await withSpan("a job", handler);
  for (const app of apps) await app.stop();
  const told = telemetry.spans().filter(({ kind }) => kind === "CLIENT")
    .map(({ attributes }) => String(attributes["url.full"]).slice(origin.url.length));
  assert.deepEqual(told, [
    "/?code-name=REDACTED&order=7",
    "/?code-name=x&order=REDACTED",
    "/?code-name=REDACTED&order=7",
  ]);
});
