import assert from "node:assert/strict";
import { Cache } from "../../../framework/cache/cache.ts";
import { KvStore } from "../../../framework/cache/kv_store.ts";
import { MemoryStore } from "../../../framework/cache/memory_store.ts";
import type { CacheEvent } from "../../../framework/cache/telemetry.ts";
import { withSpan } from "../../../framework/telemetry/otel.ts";
import { Logger } from "../../../framework/telemetry/logger.ts";
import { inMemoryTelemetry, type SpanTree } from "../../_telemetry.ts";
import { Clock } from "./_clock.ts";

function span(
  name: string,
  attributes: SpanTree["attributes"],
  more: Partial<SpanTree> = {},
): SpanTree {
  return { name, kind: "INTERNAL", attributes, children: [], ...more };
}

/** Spans that follow each other within a microsecond have no order, so none is compared. */
function unordered(spans: readonly SpanTree[] | undefined): unknown[] {
  const textOf = (span: unknown) => Deno.inspect(span, { depth: 9, sorted: true });
  return (spans ?? [])
    .map((span) => ({ ...span, children: unordered(span.children) }))
    .sort((one, other) => textOf(one) < textOf(other) ? -1 : 1);
}

Deno.test("every cache operation is a span with what the catalogue says", async () => {
  using telemetry = inMemoryTelemetry();
  using kv = await Deno.openKv(":memory:");
  const memory = new MemoryStore();
  const cache = new Cache({ stores: [memory, new KvStore(kv)] });
  await withSpan("request", async () => {
    await cache.set("p1", "tea", { ttl: 60 });
    await cache.set("p2", "tea", { ttl: Infinity });
    await cache.get("p1");
    memory.clear();
    await cache.get("p1");
    await cache.getOrSet("p3", () => withSpan("query", () => Promise.resolve(1)), { ttl: 5 });
    await cache.delete("p1");
    await cache.invalidateTag("t");
    await cache.clear();
  });
  const [request] = telemetry.spanTree();
  assert.deepEqual(
    unordered(request?.children),
    unordered([
      span("cache.set", { "cache.key": "p1", "cache.ttl": 60 }),
      span("cache.set", { "cache.key": "p2" }),
      span("cache.get", { "cache.key": "p1", "cache.hit": true, "cache.source": "memory" }, {
        events: ["cache.hit"],
      }),
      span("cache.get", { "cache.key": "p1", "cache.hit": true, "cache.source": "kv" }, {
        events: ["cache.hit"],
      }),
      span("cache.get", { "cache.key": "p3", "cache.hit": false }, { events: ["cache.miss"] }),
      span("query", {}),
      span("cache.set", { "cache.key": "p3", "cache.ttl": 5 }),
      span("cache.delete", { "cache.key": "p1" }),
      span("cache.delete", { "cache.tag": "t" }),
      span("cache.clear", {}),
    ]),
  );
});

Deno.test("keys and tags stay out of spans when told, also those of a failure", async () => {
  using telemetry = inMemoryTelemetry();
  const cache = new Cache({ keys: "omit", stores: [new MemoryStore({ maxBytes: 200 })] });
  await cache.set("secret-key", 1, { tags: ["secret-tag"] });
  await cache.get("secret-key");
  await cache.getOrSet("secret-other", () => 2);
  await assert.rejects(cache.set("secret-key", "x".repeat(500)));
  cache.refreshInBackground("secret-key", () => Promise.resolve());
  await cache.settled();
  await cache.invalidateTag("secret-tag");
  await cache.delete("secret-key");
  const spans = telemetry.spans();
  assert.equal(spans.length, 8);
  const told = Deno.inspect(spans, { depth: 9, strAbbreviateSize: Infinity });
  assert.doesNotMatch(told.replaceAll(import.meta.dirname ?? "", ""), /secret-/);
});

Deno.test("hits and misses are counted once for each look-up, waiters too", async () => {
  using telemetry = inMemoryTelemetry();
  const cache = new Cache({ name: "prices" });
  const load = () => Promise.resolve(1);
  await Promise.all([1, 2, 3].map(() => cache.getOrSet("key", load)));
  await cache.get("key");
  await cache.getOrSet("key", load);
  const metrics = await telemetry.metrics();
  const points = metrics
    .filter(({ name }) => /^echelon\.cache\.(hits|misses)$/.test(name))
    .map(({ name, points }) => [name, points.map((point) => [point.value, point.attributes])]);
  assert.deepEqual(Object.fromEntries(points), {
    "echelon.cache.hits": [[2, { "cache.name": "prices", "cache.source": "memory" }]],
    "echelon.cache.misses": [[3, { "cache.name": "prices" }]],
  });
  const names = telemetry.spans().map(({ name }) => name);
  assert.deepEqual(names.filter((name) => name === "cache.set").length, 1);
  assert.deepEqual(names.filter((name) => name === "cache.get").length, 5);
});

Deno.test("a refresh is a trace of its own, linked to the request that asked for it", async () => {
  using telemetry = inMemoryTelemetry();
  const clock = new Clock();
  const cache = new Cache({ now: clock.now });
  const terms = { ttl: 10, staleWhileRevalidate: 10 };
  await cache.set("key", "old", terms);
  clock.advance(10);
  telemetry.reset();
  const gate = Promise.withResolvers<void>();
  await withSpan("request", () =>
    cache.getOrSet("key", () =>
      withSpan("query", async () => {
        await gate.promise;
        return "new";
      }), terms));
  gate.resolve();
  await cache.settled();
  const trees = telemetry.spanTree();
  assert.deepEqual(
    unordered(trees),
    unordered([
      span("request", {}, {
        children: [
          span("cache.get", { "cache.key": "key", "cache.hit": true, "cache.source": "memory" }, {
            events: ["cache.hit"],
          }),
        ],
      }),
      span("cache.refresh", { "cache.key": "key" }, {
        links: ["request"],
        children: [span("query", {}), span("cache.set", { "cache.key": "key", "cache.ttl": 10 })],
      }),
    ]),
  );
  const [request, refresh] = ["request", "cache.refresh"].map((name) =>
    telemetry.spans().find((span) => span.name === name)
  );
  assert.notEqual(request?.traceId, refresh?.traceId);
});

Deno.test("a store that fails is recorded on the span of the operation, and on no other", async () => {
  using telemetry = inMemoryTelemetry();
  const kv = await Deno.openKv(":memory:");
  const logger = new Logger({ sinks: [] });
  const cache = new Cache({ stores: [new KvStore(kv)], logger });
  kv.close();
  await withSpan("request", () => cache.getOrSet("key", () => 1));
  const [request] = telemetry.spanTree();
  assert.equal(request?.status, undefined);
  const told = request?.children.map(({ name, status, events, attributes }) =>
    [name, status, attributes["error.type"], events?.join()].join(" ")
  );
  assert.deepEqual(told?.sort(), [
    "cache.get ERROR BadResource exception,cache.miss",
    "cache.set ERROR BadResource exception",
  ]);
});

Deno.test("a cache tells emit of look-ups and writes when no SDK is registered", async () => {
  const told: unknown[] = [];
  const cache = new Cache({ emit: ({ type, data }) => told.push([type, data]) });
  const key = "p1";
  await cache.getOrSet(key, () => "tea", { ttl: Infinity });
  await cache.get(key);
  await assert.rejects(cache.getOrSet("p2", () => Promise.reject(new RangeError("no"))));
  assert.deepEqual(told, [
    ["cache:get", { key }],
    ["cache:miss", { key }],
    ["cache:set", { key, ttlSeconds: Infinity }],
    ["cache:get", { key }],
    ["cache:hit", { key, source: "memory" }],
    ["cache:get", { key: "p2" }],
    ["cache:miss", { key: "p2" }],
  ]);
});

Deno.test("a cache tells emit of no key when keys are left out", async () => {
  const told: CacheEvent[] = [];
  const cache = new Cache({ keys: "omit", emit: (event) => told.push(event) });
  await cache.set("secret", 1, { ttl: 60 });
  await cache.get("secret");
  assert.deepEqual(told, [
    { type: "cache:set", traced: true, data: { ttlSeconds: 60 } },
    { type: "cache:get", traced: true, data: {} },
    { type: "cache:hit", traced: true, data: { source: "memory" } },
  ]);
});

Deno.test("a cache's entries in memory are observed", async () => {
  using telemetry = inMemoryTelemetry();
  const cache = new Cache({ name: "observed" });
  await cache.set("a", 1);
  await cache.set("b", 2);
  const size = (await telemetry.metrics()).find(({ name }) => name === "echelon.cache.size");
  const point = size?.points.find(({ attributes }) => attributes["cache.name"] === "observed");
  assert.equal(point?.value, 2);
});
