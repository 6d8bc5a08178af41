import assert from "node:assert/strict";
import { createTracedFetch } from "../../../framework/telemetry/http_client.ts";
import { withSpan } from "../../../framework/telemetry/otel.ts";
import { extractFromHeaders } from "../../../framework/telemetry/otel_context.ts";
import { context, propagation } from "@opentelemetry/api";
import { testApp } from "../../_app.ts";
import { inMemoryTelemetry } from "../../_telemetry.ts";
import { startOrigin } from "./_origin.ts";

const native = globalThis.fetch;
const OTHER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

Deno.test("createTracedFetch() joins two applications in one trace", async () => {
  using telemetry = inMemoryTelemetry();
  const shop = testApp({ operationSpans: false, traceFetch: false })
    .get("/tea/:id", (ctx) => ({ id: ctx.params.id }));
  const { url } = shop.listen({ port: 0, handleSignals: false });
  const front = testApp({ operationSpans: false })
    .get("/", async () => await createTracedFetch(native)(`${url}tea/7`));
  const response = await front.handle(new Request("http://front.test/"));
  assert.deepEqual(await response.json(), { id: "7" });
  await shop.stop();
  const tree = telemetry.spanTree().map(({ name, kind, children }) => ({
    name,
    kind,
    children: children.map(({ name, kind, children }) => ({
      name,
      kind,
      children: children.map(({ name, kind }) => ({ name, kind })),
    })),
  }));
  assert.deepEqual(tree, [{
    name: "GET /",
    kind: "SERVER",
    children: [{
      name: "GET",
      kind: "CLIENT",
      children: [{ name: "GET /tea/:id", kind: "SERVER" }],
    }],
  }]);
});

Deno.test("createTracedFetch() keeps the trace that its caller has set", async () => {
  await using origin = startOrigin();
  using _telemetry = inMemoryTelemetry();
  const headers = { traceparent: OTHER, tracestate: "shop=1" };
  await (await createTracedFetch(native)(origin.url, { headers })).body?.cancel();
  assert.equal(origin.seen[0]?.get("traceparent"), OTHER);
  assert.equal(origin.seen[0]?.get("tracestate"), "shop=1");
});

Deno.test("createTracedFetch() takes the place of the request whose headers are passed on", async () => {
  await using origin = startOrigin();
  using telemetry = inMemoryTelemetry();
  const headers = new Headers({ traceparent: OTHER });
  await context.with(extractFromHeaders(headers), () =>
    withSpan("proxy", async () => {
      await (await createTracedFetch(native)(origin.url, { headers })).body?.cancel();
    }));
  const [client, proxy] = telemetry.spans();
  assert.equal(proxy?.traceId, "0af7651916cd43dd8448eb211c80319c");
  assert.equal(
    origin.seen[0]?.get("traceparent"),
    `00-${client?.traceId}-${client?.spanId}-01`,
  );
});

Deno.test("createTracedFetch() writes over a trace header that means nothing", async () => {
  await using origin = startOrigin();
  using telemetry = inMemoryTelemetry();
  const headers = { traceparent: "none" };
  await (await createTracedFetch(native)(origin.url, { headers })).body?.cancel();
  const [client] = telemetry.spans();
  assert.equal(
    origin.seen[0]?.get("traceparent"),
    `00-${client?.traceId}-${client?.spanId}-01`,
  );
});

Deno.test("createTracedFetch() sends baggage, unless its caller has set some", async () => {
  await using origin = startOrigin();
  using _telemetry = inMemoryTelemetry();
  const fetch = createTracedFetch(native);
  const baggage = propagation.createBaggage({ tenant: { value: "7" } });
  await context.with(propagation.setBaggage(context.active(), baggage), async () => {
    await (await fetch(origin.url)).body?.cancel();
    await (await fetch(origin.url, { headers: { baggage: "own=1" } })).body?.cancel();
  });
  const [ours, own] = origin.seen;
  assert.equal(ours?.get("baggage"), "tenant=7");
  assert.equal(own?.get("baggage"), "own=1");
  assert.match(String(own?.get("traceparent")), /^00-/);
});
