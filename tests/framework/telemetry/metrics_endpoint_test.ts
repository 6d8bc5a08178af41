import assert from "node:assert/strict";
import { metrics } from "@opentelemetry/api";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { traceRequest } from "../../../framework/telemetry/http_server.ts";
import type { Metrics } from "../../../framework/telemetry/metrics.ts";
import { metricsHandler } from "../../../framework/telemetry/metrics_endpoint.ts";
import { observeQueueDepth } from "../../../framework/telemetry/metrics_gauges.ts";
import { createMetrics } from "../../../framework/telemetry/otel_metrics_factory.ts";
import { PrometheusReader } from "../../../telemetry-sdk/metrics/prometheus.ts";
import { type Family, parseExposition } from "../../_exposition.ts";
import { inMemoryTelemetry } from "../../_telemetry.ts";

const OPEN = "application/openmetrics-text; version=1.0.0";

function scrapeRequest(accept = "*/*"): Request {
  return new Request("http://shop.test/metrics", { headers: { accept } });
}

/** Serves requests over HTTP, and records what each of the layers would. */
async function driveTraffic(app: Metrics): Promise<void> {
  const orders = app.counter("shop.orders", { unit: "{order}", description: "Orders placed" });
  const baskets = app.upDownCounter("shop.baskets", { description: "Baskets that are open" });
  const heat = app.gauge("shop.heat", { unit: "Cel", description: "How warm it is" });
  const prices = app.histogram("shop.price", {
    unit: "{euro}",
    description: "What orders cost",
    buckets: [1, 10],
  });
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (request) => {
    const { pathname: path } = new URL(request.url);
    const route = path.startsWith("/orders/") ? "/orders/:id" : undefined;
    const address = { host: "shop.test", port: undefined, clientAddress: undefined };
    return traceRequest(
      { request, route, path, query: "", scheme: "http", peer: undefined, ...address },
      {
        serve: () => {
          if (path.endsWith("broken")) throw new RangeError("broken");
          orders.add(1, { "shop.channel": 'the "web"\n' });
          return new Response(null, { status: route === undefined ? 404 : 204 });
        },
        recover: () => new Response(null, { status: 500 }),
      },
    );
  });
  for (const path of ["/orders/1", "/orders/2", "/orders/broken", "/nowhere"]) {
    await (await fetch(`http://127.0.0.1:${server.addr.port}${path}`)).body?.cancel();
  }
  await server.shutdown();
  baskets.add(3);
  baskets.add(-1);
  heat.record(-4.5);
  prices.record(10, { "shop.items": 2 });
  const seconds = 0.02;
  app.recordDbOperation({ system: "deno.kv", operation: "get", collection: "orders", seconds });
  app.recordCacheHit("products", "memory");
  app.recordCacheMiss("products");
  app.recordJobsSent({ queue: "mail", count: 2, seconds });
  app.recordJobLag("mail", seconds);
  app.recordJob({ queue: "mail", name: "welcome", seconds });
  app.recordJob({ queue: "mail", name: "welcome", errorType: "TypeError", seconds });
  app.recordAuthAttempt({ scheme: "bearer", operation: "authenticate", success: false });
}

/** What must be the same wherever it is kept: all but the clock's part, and who tells it. */
function comparable(families: readonly Family[]): unknown[] {
  return families.filter(({ name }) => name !== "target_info")
    .map(({ name, type, help, samples }) => ({
      name,
      type,
      help,
      samples: samples.map(({ name, labels, value }) => ({
        name,
        // Each format has a way of its own to write a bound.
        labels: Object.entries(labels)
          .map(([label, value]) => [label, label === "le" ? String(Number(value)) : value] as const)
          .filter(([label]) => !label.startsWith("otel_scope_")).sort().join("; "),
        value: /request_duration_seconds_(sum|bucket)$/.test(name) ? "by the clock" : value,
      })).sort((a, b) => a.name + a.labels < b.name + b.labels ? -1 : 1),
    }))
    .sort((a, b) => a.name < b.name ? -1 : 1);
}

Deno.test("metricsHandler() serves the same families from the registry and from an SDK", async () => {
  using cleanup = new DisposableStack();
  const handler = metricsHandler();
  cleanup.defer(() => handler.release());
  cleanup.defer(observeQueueDepth("mail", () => 7));
  const app = createMetrics();

  await driveTraffic(app);
  const plain = await handler(scrapeRequest());
  assert.equal(plain.headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  assert.equal(plain.headers.get("cache-control"), "no-store");
  const fromRegistry = comparable(parseExposition(await plain.text(), "prometheus"));
  const open = await handler(scrapeRequest(OPEN));
  assert.equal(
    open.headers.get("content-type"),
    "application/openmetrics-text; version=1.0.0; charset=utf-8",
  );
  assert.deepEqual(comparable(parseExposition(await open.text(), "openmetrics")), fromRegistry);

  const provider = new MeterProvider({ readers: [new PrometheusReader()] });
  metrics.setGlobalMeterProvider(provider);
  cleanup.defer(() => metrics.disable());
  await driveTraffic(app);
  const stock = await handler(scrapeRequest(OPEN));
  await provider.shutdown();
  assert.equal(stock.headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  assert.deepEqual(comparable(parseExposition(await stock.text(), "prometheus")), fromRegistry);

  const names = fromRegistry.map((family) => (family as Family).name);
  assert.deepEqual(names, [
    "db_client_operation_duration_seconds",
    "echelon_auth_attempts",
    "echelon_auth_failures",
    "echelon_cache_hits",
    "echelon_cache_misses",
    "echelon_db_operations",
    "echelon_http_requests",
    "echelon_jobs_failed",
    "echelon_jobs_lag_seconds",
    "echelon_jobs_processed",
    "echelon_jobs_queued",
    "http_server_active_requests",
    "http_server_request_duration_seconds",
    "messaging_client_operation_duration_seconds",
    "messaging_client_sent_messages",
    "messaging_process_duration_seconds",
    "shop_baskets",
    "shop_heat_celsius",
    "shop_orders",
    "shop_price",
  ]);
});

Deno.test("metricsHandler() serves from the registry when the SDK cannot be scraped", async () => {
  using telemetry = inMemoryTelemetry();
  const handler = metricsHandler();
  let end = () => {};
  try {
    const app = createMetrics();
    app.counter("shop.orders").add(2);
    app.upDownCounter("shop.carts").add(-2);
    app.gauge("shop.heat").record(2);
    app.histogram("shop.price").record(2);
    end = app.observableGauge("shop.stock", (observe) => observe(2));
    const served = parseExposition(await (await handler(scrapeRequest())).text(), "prometheus");
    const exported = await telemetry.metrics();
    assert.deepEqual(
      served.map(({ name }) => name).sort(),
      exported.map(({ name }) => name.replace(".", "_")).sort(),
    );
    assert.deepEqual(
      served.map(({ samples }) => samples.find(({ name }) => !/_bucket|_count/.test(name))?.value),
      [2, -2, 2, 2, 2],
    );
    assert.deepEqual(
      exported.map(({ points: [point] }) => Number(point?.value ?? point?.sum)),
      [2, -2, 2, 2, 2],
    );
  } finally {
    end();
    handler.release();
  }
});

Deno.test("metricsHandler() asks observers that were there before it, without any recording", async () => {
  const end = observeQueueDepth("mail", () => 7);
  const handler = metricsHandler();
  const text = await (await handler(scrapeRequest())).text();
  end();
  handler.release();
  assert.match(text, /^echelon_jobs_queued\{job_queue="mail"\} 7$/m);
});

Deno.test("metricsHandler() shares one registry until the last handler is released", async () => {
  const [first, second] = [metricsHandler(), metricsHandler()];
  const orders = createMetrics().counter("shop.orders");
  first.release();
  first.release();
  orders.add(1);
  assert.match(await (await second(scrapeRequest())).text(), /shop_orders_total 1/);
  second.release();
  const third = metricsHandler();
  assert.equal(await (await third(scrapeRequest())).text(), "");
  third.release();
});
