import assert from "node:assert/strict";
import { metrics } from "@opentelemetry/api";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { PrometheusReader } from "../../telemetry-sdk/metrics/prometheus.ts";
import { testApp } from "../_app.ts";
import { parseExposition } from "../_exposition.ts";

/** Serves real requests, and reads what `/metrics` then says of them. */
async function scrapeAfterTraffic() {
  const app = testApp().exposeMetrics();
  const orders = app.metrics.counter("shop.orders", { unit: "{order}" });
  app.get("/orders/:id", () => orders.add(1, { "shop.channel": "web" }));
  app.get("/fail", () => {
    throw new RangeError("no");
  });
  const server = app.listen({ port: 0, handleSignals: false });
  for (const path of ["orders/1", "orders/2", "fail", "nowhere"]) {
    await (await fetch(`${server.url}${path}`)).body?.cancel();
  }
  let text = "";
  // The event loop's delay is there as soon as it has been measured once.
  while (!text.includes("nodejs_eventloop_delay_max")) {
    text = await (await fetch(`${server.url}metrics`)).text();
  }
  await app.stop();
  return parseExposition(text, "prometheus");
}

type Families = Awaited<ReturnType<typeof scrapeAfterTraffic>>;

/** The requests that were counted, but for the scrapes. */
function requests(families: Families): string[] {
  const name = "http_server_request_duration_seconds_count";
  return families.flatMap((family) => family.samples)
    .filter((sample) => sample.name === name && sample.labels.http_route !== "/metrics")
    .map(({ labels, value }) =>
      `${labels.http_route ?? "none"} ${labels.http_response_status_code} ` +
      `${labels.error_type ?? "ok"} ${value}`
    ).sort();
}

Deno.test("exposeMetrics() serves the same families with an SDK and without", async () => {
  const alone = await scrapeAfterTraffic();
  const provider = new MeterProvider({ readers: [new PrometheusReader()] });
  metrics.setGlobalMeterProvider(provider);
  const withSdk = await scrapeAfterTraffic();
  metrics.disable();
  await provider.shutdown();

  for (const families of [alone, withSdk]) {
    assert.deepEqual(requests(families), [
      "/fail 500 RangeError 1",
      "/orders/:id 204 ok 2",
      "none 404 ok 1",
    ]);
    const orders = families.find(({ name }) => name === "shop_orders");
    assert.equal(orders?.samples[0]?.value, 2);
    assert.equal(orders?.samples[0]?.labels.shop_channel, "web");
  }
  const names = (families: Families) =>
    families.map(({ name, type }) => `${name} ${type}`)
      .filter((family) => !family.startsWith("target_info")).sort();
  assert.deepEqual(names(alone), names(withSdk));
  for (const family of ["echelon_http_open_requests gauge", "process_uptime_seconds gauge"]) {
    assert.ok(names(alone).includes(family), `${family} is missing in ${names(alone)}`);
  }
});

Deno.test("an application that exposes no metrics and has no SDK keeps none", async () => {
  const app = testApp().get("/", () => "ok");
  app.metrics.counter("shop.orders").add(1);
  assert.equal((await app.handle(new Request("http://shop.test/"))).status, 200);
  assert.equal((await app.handle(new Request("http://shop.test/metrics"))).status, 404);
});
