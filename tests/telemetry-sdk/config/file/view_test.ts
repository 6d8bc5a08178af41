import assert from "node:assert/strict";
import {
  AggregationTemporality,
  DataPointType,
  InMemoryMetricExporter,
  MeterProvider,
  type MetricData,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { readFile, refusal, versioned } from "./_file.ts";

function withViews(views: string): string {
  return versioned(
    `meter_provider:\n  readers: [ periodic: { exporter: { console: } } ]\n  views:\n${views}\n`,
  );
}

/** What instruments record under the views of a file. */
async function recorded(
  views: string,
  record: (provider: MeterProvider) => void,
): Promise<ReadonlyMap<string, MetricData>> {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 1_000_000 });
  const { config } = readFile(withViews(views));
  const provider = new MeterProvider({
    readers: [reader],
    views: [...config.metrics?.views ?? []],
  });
  record(provider);
  await provider.forceFlush();
  const metrics = exporter.getMetrics().flatMap(({ scopeMetrics }) =>
    scopeMetrics.flatMap(({ metrics }) => metrics)
  );
  await provider.shutdown();
  return new Map(metrics.map((metric) => [metric.descriptor.name, metric]));
}

Deno.test("configFromFile() makes views that select, rename, thin out and put together", async () => {
  const metrics = await recorded(
    `
    - selector: { instrument_name: basket, instrument_type: counter, unit: "1", meter_name: shop }
      stream: { name: cart, description: all of it, attribute_keys: { included: [ "k*" ], excluded: [ key2 ] } }
    - selector: { instrument_name: dropped }
      stream: { aggregation: { drop: } }
    - selector: { instrument_type: histogram }
      stream: { aggregation: { explicit_bucket_histogram: { boundaries: [1, 2.5], record_min_max: false } } }
`,
    (provider) => {
      const shop = provider.getMeter("shop");
      shop.createCounter("basket", { unit: "1" }).add(1, { key1: 1, key2: 2, other: 3 });
      shop.createCounter("dropped").add(1);
      shop.createHistogram("price").record(2);
      provider.getMeter("other").createCounter("unit").add(1);
    },
  );
  assert.deepEqual([...metrics.keys()].sort(), ["cart", "price", "unit"]);
  const cart = metrics.get("cart");
  assert.equal(cart?.descriptor.description, "all of it");
  assert.deepEqual(cart?.dataPoints[0]?.attributes, { key1: 1 });
  const price = metrics.get("price");
  assert.ok(price?.dataPointType === DataPointType.HISTOGRAM);
  assert.deepEqual(price.dataPoints[0]?.value.buckets.boundaries, [1, 2.5]);
  assert.equal(price.dataPoints[0]?.value.min, undefined);
});

Deno.test("configFromFile() makes every aggregation, and limits the series", async () => {
  const metrics = await recorded(
    `
    - { selector: { instrument_name: sum }, stream: { aggregation: { sum: } } }
    - { selector: { instrument_name: last }, stream: { aggregation: { last_value: } } }
    - { selector: { instrument_name: usual }, stream: { aggregation: { default: } } }
    - { selector: { instrument_name: buckets }, stream: { aggregation: { explicit_bucket_histogram: } } }
    - { selector: { instrument_name: exp }, stream: { aggregation: { base2_exponential_bucket_histogram: { max_size: 20 } } } }
    - { selector: { instrument_name: many }, stream: { aggregation_cardinality_limit: 2 } }
`,
    (provider) => {
      const meter = provider.getMeter("m");
      for (const name of ["sum", "last", "usual", "buckets", "exp"]) {
        meter.createHistogram(name).record(3);
      }
      const many = meter.createCounter("many");
      for (let index = 0; index < 9; index++) many.add(1, { index });
    },
  );
  const type = (name: string) => metrics.get(name)?.dataPointType;
  assert.equal(type("sum"), DataPointType.SUM);
  assert.equal(type("last"), DataPointType.GAUGE);
  assert.equal(type("usual"), DataPointType.HISTOGRAM);
  assert.equal(type("exp"), DataPointType.EXPONENTIAL_HISTOGRAM);
  const buckets = metrics.get("buckets");
  assert.ok(buckets?.dataPointType === DataPointType.HISTOGRAM);
  assert.equal(buckets.dataPoints[0]?.value.buckets.boundaries.length, 15);
  assert.equal(metrics.get("many")?.dataPoints.length, 2);
});

Deno.test("configFromFile() has a view without a criterion mean every instrument", async () => {
  const metrics = await recorded(
    "    - { selector: {}, stream: { attribute_keys: { excluded: [ user ] } } }",
    (provider) => provider.getMeter("m").createCounter("c").add(1, { user: "a", kind: "b" }),
  );
  assert.deepEqual(metrics.get("c")?.dataPoints[0]?.attributes, { kind: "b" });
});

Deno.test("configFromFile() refuses a view that the SDK could not make", () => {
  const rows: Readonly<Record<string, string>> = {
    "{ selector: { instrument_name: a* }, stream: { name: b } }":
      '5:54: "meter_provider.views[0].stream.name": "b" would be the name of several',
    "{ selector: { meter_name: a }, stream: { name: b } }": '"b" would be the name of several',
    "{ selector: { instrument_name: a*b* }, stream: {} }":
      '"a*b*": expected a name with one * at most',
    "{ selector: { instrument_name: a? }, stream: {} }": '"a?": expected a name with one * at most',
    "{ selector: {}, stream: { aggregation_cardinality_limit: 1 } }":
      "1: expected an integer from 2",
    "{ selector: {}, stream: { aggregation: { explicit_bucket_histogram: { boundaries: [2, 1] } } } }":
      "expected finite bounds in ascending order",
  };
  for (const [view, said] of Object.entries(rows)) {
    const message = refusal(withViews(`    - ${view}`));
    assert.ok(message.includes(said), `"${said}" is not in "${message}"`);
  }
});
