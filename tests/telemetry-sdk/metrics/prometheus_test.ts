import assert from "node:assert/strict";
import { diag, DiagLogLevel } from "@opentelemetry/api";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { PrometheusReader } from "../../../telemetry-sdk/metrics/prometheus.ts";
import { metricView } from "../../../telemetry-sdk/metrics/views.ts";
import { parseExposition } from "../../_exposition.ts";

const SOURCE = Symbol.for("@echelon/prometheus");

function source(): unknown {
  return Reflect.get(globalThis, SOURCE);
}

Deno.test("PrometheusReader.scrape() puts what scopes share under one name", async () => {
  const reader = new PrometheusReader();
  const provider = new MeterProvider({
    readers: [reader],
    resource: resourceFromAttributes({ "service.name": 'the "shop"' }),
  });
  provider.getMeter("a", "1.0.0").createCounter("shop.orders", { unit: "{order}" }).add(1);
  provider.getMeter("b").createCounter("shop.orders").add(2, { path: 'C:\\"x"\n' });
  provider.getMeter("c").createUpDownCounter("shop.carts").add(-1);
  const families = parseExposition(await reader.scrape(), "prometheus");
  assert.deepEqual(families.map(({ name, type }) => [name, type]), [
    ["target_info", "gauge"],
    ["shop_orders", "counter"],
    ["shop_carts", "gauge"],
  ]);
  assert.deepEqual(families[0]?.samples[0]?.labels, { service_name: 'the "shop"' });
  assert.deepEqual(families[1]?.samples.map(({ labels, value }) => [labels, value]), [
    [{ otel_scope_name: "a", otel_scope_version: "1.0.0" }, 1],
    [{ otel_scope_name: "b", path: 'C:\\"x"\n' }, 2],
  ]);
  await provider.shutdown();
});

Deno.test("PrometheusReader.scrape() leaves out what the format cannot hold, and says so once", async () => {
  const warnings: string[] = [];
  const silent = () => {};
  diag.setLogger({
    error: (message) => warnings.push(message),
    warn: (message) => warnings.push(message),
    info: silent,
    debug: silent,
    verbose: silent,
  }, DiagLogLevel.WARN);
  const reader = new PrometheusReader();
  const view = metricView({ instrument: "shop.price", aggregation: { exponential: {} } });
  const provider = new MeterProvider({ readers: [reader], views: [view] });
  try {
    provider.getMeter("a").createHistogram("shop.price").record(1);
    provider.getMeter("a").createCounter("shop_x").add(1);
    provider.getMeter("b").createHistogram("shop.x").record(1);
    const names = { ...namingOf, family: () => "shop_x" };
    for (let scrape = 0; scrape < 2; scrape++) {
      const families = parseExposition(await reader.scrape(names), "prometheus");
      assert.deepEqual(families.slice(1).map(({ name, type }) => [name, type]), [
        ["shop_x", "counter"],
      ]);
    }
  } finally {
    diag.disable();
    await provider.shutdown();
  }
  assert.equal(warnings.length, 2, warnings.join("\n"));
  assert.match(warnings[0] as string, /"shop\.price" is not served: .* exponential/);
  assert.match(warnings[1] as string, /"shop\.x" is not served: "shop_x" is there with another/);
});

const namingOf = { labels: () => ({}) };

Deno.test("PrometheusReader is where /metrics finds it for as long as its provider lives", async () => {
  assert.equal(source(), undefined);
  const reader = new PrometheusReader();
  assert.equal(source(), undefined);
  const provider = new MeterProvider({ readers: [reader] });
  assert.equal(source(), reader);
  const later = new MeterProvider({ readers: [new PrometheusReader()] });
  assert.equal(source(), reader);
  await later.shutdown();
  assert.equal(source(), reader);
  await provider.shutdown();
  assert.equal(source(), undefined);
  await assert.rejects(reader.scrape(), /shutdown/);
});
