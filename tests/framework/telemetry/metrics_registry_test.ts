import assert from "node:assert/strict";
import type { Attributes } from "@opentelemetry/api";
import {
  MetricsRegistry,
  type MetricsRegistryOptions,
} from "../../../framework/telemetry/metrics_registry.ts";
import { parseExposition, type Sample } from "../../_exposition.ts";

function registryUnderTest(options: MetricsRegistryOptions = {}) {
  const problems: string[] = [];
  const registry = new MetricsRegistry({
    onProblem: (problem) => problems.push(problem),
    ...options,
  });
  const samples = async (): Promise<Sample[]> =>
    parseExposition(await registry.expose("openmetrics"), "openmetrics")
      .flatMap((family) => family.samples);
  return { registry, problems, samples };
}

function asAttributes(value: unknown): Attributes {
  return value as Attributes;
}

Deno.test("MetricsRegistry keeps counters, up-down counters and gauges by their labels", async () => {
  const { registry, problems, samples } = registryUnderTest();
  const orders = registry.counter("shop.orders", { unit: "{order}" });
  orders.add(1, { channel: "web", paid: true });
  orders.add(2, { paid: true, channel: "web" });
  orders.add(1);
  registry.counter("shop.orders").add(4);
  const carts = registry.upDownCounter("shop.carts");
  carts.add(5);
  carts.add(-7);
  const heat = registry.gauge("shop.heat", { unit: "Cel" });
  heat.record(20);
  heat.record(-3.5);
  assert.deepEqual(await samples(), [
    { name: "shop_orders_total", labels: { channel: "web", paid: "true" }, value: 3 },
    { name: "shop_orders_total", labels: {}, value: 5 },
    { name: "shop_carts", labels: {}, value: -2 },
    { name: "shop_heat_celsius", labels: {}, value: -3.5 },
  ]);
  assert.deepEqual(problems, []);
});

Deno.test("MetricsRegistry counts a measurement in the bucket whose bound it does not exceed", async () => {
  const { registry, samples } = registryUnderTest();
  const wait = registry.histogram("wait", { unit: "s", buckets: [0.1, 1] });
  for (const value of [0, 0.1, 0.100001, 1, 7]) wait.record(value);
  const values = (await samples()).map(({ name, labels, value }) =>
    `${name.replace("wait_seconds_", "")} ${labels["le"] ?? ""} ${value}`
  );
  assert.deepEqual(values, [
    "bucket 0.1 2",
    "bucket 1.0 4",
    "bucket +Inf 5",
    "sum  8.200001",
    "count  5",
  ]);
});

Deno.test("MetricsRegistry leaves out what nobody has recorded", async () => {
  const { registry } = registryUnderTest();
  registry.counter("silent");
  assert.equal(await registry.expose("prometheus"), "");
});

Deno.test("MetricsRegistry finds the series of frozen attributes, also after others", async () => {
  const { registry, samples } = registryUnderTest();
  const bound: Attributes = Object.freeze({ route: "/a" });
  const [hits, misses] = [registry.counter("hits"), registry.counter("misses")];
  for (let times = 0; times < 3; times++) {
    hits.add(1, bound);
    hits.add(1, { route: "/a" });
    misses.add(1, bound);
  }
  assert.deepEqual((await samples()).map(({ value }) => value), [6, 3]);
});

Deno.test("MetricsRegistry makes one series of attributes that become the same labels", async () => {
  const { registry, samples } = registryUnderTest();
  const counter = registry.counter("c");
  counter.add(1, { "a.b": 1 });
  counter.add(1, { "a_b": "1" });
  counter.add(1, { "a-b": 1 });
  assert.deepEqual(await samples(), [{ name: "c_total", labels: { a_b: "1" }, value: 3 }]);
});

for (
  const [what, value] of [
    ["NaN", NaN],
    ["Infinity", Infinity],
    ["a negative number", -1],
    ["a bigint", 1n],
    ["a string", "1"],
    ["nothing", undefined],
  ] as const
) {
  Deno.test(`MetricsRegistry drops ${what}, tells it once and keeps the series healthy`, async () => {
    const { registry, problems, samples } = registryUnderTest();
    const counter = registry.counter("c");
    const histogram = registry.histogram("h", { buckets: [1] });
    for (let times = 0; times < 3; times++) {
      counter.add(1);
      counter.add(value as number);
      histogram.record(1);
      histogram.record(value as number);
    }
    assert.deepEqual((await samples()).map(({ value }) => value), [3, 3, 3, 3, 3]);
    assert.equal(problems.length, 2);
    assert.match(problems[0] as string, /^Dropped .* "c"/);
    assert.match(problems[1] as string, /^Dropped .* "h"/);
  });
}

const circular: unknown[] = [];
circular.push(circular);
const throwing = {
  get id(): string {
    throw new Error("no id");
  },
};
for (
  const [what, attributes, told] of [
    [
      "a bigint",
      { id: 1n },
      /Left the attribute "id" out of "c": it is a bigint; expected a string/,
    ],
    ["an object", { id: {} }, /it is an object/],
    ["a circular array", { id: circular }, /it is an array of other things/],
    ["NaN", { id: NaN }, /it is NaN/],
    ["null", { id: null }, /it is null/],
    ["a function", { id: () => 1 }, /it is a function/],
    ["a getter that throws", throwing, /it is a getter that throws/],
  ] as const
) {
  Deno.test(`MetricsRegistry counts without the attribute when it is ${what}`, async () => {
    const { registry, problems, samples } = registryUnderTest();
    const counter = registry.counter("c");
    const given = Object.defineProperties(
      { ok: "yes" },
      Object.getOwnPropertyDescriptors(attributes),
    );
    for (let times = 0; times < 3; times++) counter.add(1, asAttributes(given));
    assert.deepEqual(await samples(), [{ name: "c_total", labels: { ok: "yes" }, value: 3 }]);
    assert.equal(problems.length, 1);
    assert.match(problems[0] as string, told);
  });
}

Deno.test("MetricsRegistry counts without attributes when they are no object", async () => {
  const { registry, problems, samples } = registryUnderTest();
  const counter = registry.counter("c");
  const proxy = new Proxy({}, {
    ownKeys: () => {
      throw new Error("no keys");
    },
  });
  for (const wrong of ["text", 7, null, proxy]) counter.add(1, asAttributes(wrong));
  assert.deepEqual(await samples(), [{ name: "c_total", labels: {}, value: 4 }]);
  assert.deepEqual(problems, ['Left the attributes out of "c": expected an object']);
});

Deno.test("MetricsRegistry cuts what is too long for a label", async () => {
  const { registry, problems, samples } = registryUnderTest();
  registry.counter("c").add(1, { id: "x".repeat(1_000_000) });
  assert.equal((await samples())[0]?.labels["id"]?.length, 4_096);
  assert.deepEqual(problems, ['Cut the attribute "id" of "c" to 4096 characters']);
});

Deno.test("MetricsRegistry holds a million label values at its limit, and counts them all", async () => {
  const { registry, problems, samples } = registryUnderTest({ cardinalityLimit: 100 });
  const counter = registry.counter("c");
  for (let id = 0; id < 1_000_000; id++) counter.add(1, { id });
  counter.add(1, { id: 7 });
  const all = await samples();
  assert.equal(all.length, 100);
  assert.deepEqual(all.find(({ labels }) => labels["id"] === "7")?.value, 2);
  assert.deepEqual(all.at(-1), {
    name: "c_total",
    labels: { otel_metric_overflow: "true" },
    value: 1_000_000 - 99,
  });
  assert.equal(problems.length, 1);
  assert.match(problems[0] as string, /^"c" has 100 series/);
});

for (const name of ["", "9lives", "with space", "x".repeat(256), "größe"]) {
  Deno.test(`MetricsRegistry records nothing when a name is "${name.slice(0, 10)}"`, async () => {
    const { registry, problems } = registryUnderTest();
    registry.counter(name).add(1);
    registry.counter(name).add(1);
    assert.equal(await registry.expose("prometheus"), "");
    assert.equal(problems.length, 1);
    assert.match(problems[0] as string, /expected a name of a letter and then/);
  });
}

for (
  const [what, first, second] of [
    ["of another kind", (r) => r.counter("a"), (r) => r.gauge("a")],
    ["that becomes the same", (r) => r.gauge("a.b"), (r) => r.gauge("a_b")],
    ["of a histogram's sample", (r) => r.histogram("a"), (r) => r.gauge("a.count")],
    ["of a counter's sample", (r) => r.counter("a"), (r) => r.gauge("a_total")],
  ] as const satisfies readonly (readonly [
    string,
    (registry: MetricsRegistry) => unknown,
    (registry: MetricsRegistry) => { record(value: number): void },
  ])[]
) {
  Deno.test(`MetricsRegistry keeps the first instrument when a second has the name ${what}`, async () => {
    const { registry, problems } = registryUnderTest();
    first(registry);
    second(registry).record(1);
    assert.deepEqual(await registry.collect(), []);
    assert.equal(problems.length, 1);
    assert.match(problems[0] as string, /would be mixed up with those of the \w+ "a/);
  });
}

Deno.test("MetricsRegistry does not use buckets that do not ascend", () => {
  const { registry, problems } = registryUnderTest();
  registry.histogram("h", { buckets: [1, 1] });
  assert.deepEqual(problems, [
    'The buckets of "h" are not used: expected finite bounds in ascending order',
  ]);
});

Deno.test("MetricsRegistry.observe() asks each observer at each reading, until it is ended", async () => {
  const { registry, samples } = registryUnderTest();
  const jobs = { kind: "observableGauge", name: "jobs" } as const;
  let waiting = 3;
  registry.observe(jobs, (observe) => observe(waiting, { queue: "a" }));
  const end = registry.observe(jobs, async (observe) => {
    await Promise.resolve();
    observe(9, { queue: "b" });
  });
  const values = async () => (await samples()).map(({ labels, value }) => [labels["queue"], value]);
  assert.deepEqual(await values(), [["a", 3], ["b", 9]]);
  waiting = 1;
  end();
  assert.deepEqual(await values(), [["a", 1]]);
});

Deno.test("MetricsRegistry.observe() tells of an observer that fails and asks the others", async () => {
  const { registry, problems, samples } = registryUnderTest();
  const queue = { kind: "observableGauge", name: "queue" } as const;
  registry.observe(queue, () => {
    throw new Error("gone");
  });
  registry.observe(queue, () => Promise.reject(new Error("gone")));
  registry.observe(queue, (observe) => observe(1));
  registry.observe({ kind: "observableCounter", name: "n" }, (observe) => observe(-1));
  await registry.collect();
  assert.deepEqual((await samples()).map(({ value }) => value), [1]);
  assert.deepEqual(problems, [
    'Could not observe "queue": Error: gone',
    'Dropped a negative value of "n": it can only rise',
  ]);
});

Deno.test("MetricsRegistry.observe() waits for no observer that does not answer", async () => {
  const { registry, problems, samples } = registryUnderTest({ observerTimeoutMillis: 1 });
  const queue = { kind: "observableGauge", name: "queue" } as const;
  const late = Promise.withResolvers<void>();
  registry.observe(queue, async (observe) => {
    await late.promise;
    observe(2, { late: true });
  });
  registry.observe(queue, (observe) => observe(1));
  assert.deepEqual((await samples()).map(({ value }) => value), [1]);
  late.resolve();
  assert.deepEqual(problems, ['Could not observe "queue": Error: no answer in 1 ms']);
});

Deno.test("MetricsRegistry goes on when the one who is told of problems throws", async () => {
  const { registry, samples } = registryUnderTest({
    onProblem: () => {
      throw new Error("broken");
    },
  });
  registry.counter("c").add(NaN);
  registry.counter("c").add(1);
  assert.equal((await samples())[0]?.value, 1);
});

Deno.test("MetricsRegistry refuses a limit that leaves no room", () => {
  assert.throws(() => new MetricsRegistry({ cardinalityLimit: 1 }), /an integer from 2/);
});
