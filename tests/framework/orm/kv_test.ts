import assert from "node:assert/strict";
import { KvKeyError, KvLimitError } from "../../../framework/orm/kv_errors.ts";
import { TracedKv, traceKv } from "../../../framework/orm/kv.ts";
import { openKv } from "../../../framework/orm/open_kv.ts";
import type { OrmEmit, OrmEvent } from "../../../framework/orm/telemetry.ts";
import { getActiveSpan, withSpan } from "../../../framework/telemetry/otel.ts";
import { inMemoryTelemetry, type ReceivedSpan } from "../../_telemetry.ts";

const SHOP = { "db.system.name": "deno.kv", "db.namespace": "shop" };

function clientSpan(name: string, attributes: Readonly<Record<string, unknown>>) {
  const operation = name.replace("kv.", "");
  return {
    name,
    kind: "CLIENT",
    status: "UNSET",
    attributes: { ...SHOP, "db.operation.name": operation, ...attributes },
  };
}

function seen(spans: readonly ReceivedSpan[]) {
  return spans.map(({ name, kind, status, attributes }) => ({
    name,
    kind,
    status: status.code,
    attributes,
  }));
}

Deno.test("TracedKv gives each operation its span when an SDK is registered", async () => {
  using telemetry = inMemoryTelemetry();
  using kv = await openKv(":memory:", { namespace: "shop", collection: "product" });
  await withSpan("work", async () => {
    await kv.set(["p", 1], "one");
    await kv.get(["p", 1]);
    await kv.get(["p", 2]);
    await kv.getMany([["p", 1], ["p", 2], ["p", 3]]);
    await kv.delete(["p", 1]);
    await kv.enqueue("message");
  });
  const spans = telemetry.spans();
  const work = spans.pop();
  assert.deepEqual(spans.map(({ parentSpanId }) => parentSpanId), spans.map(() => work?.spanId));
  const collection = { "db.collection.name": "product" };
  assert.deepEqual(seen(spans), [
    clientSpan("kv.set", collection),
    clientSpan("kv.get", { ...collection, "db.result.found": true }),
    clientSpan("kv.get", { ...collection, "db.result.found": false }),
    clientSpan("kv.getMany", {
      ...collection,
      "db.operation.batch.size": 3,
      "db.response.returned_rows": 1,
    }),
    clientSpan("kv.delete", collection),
    clientSpan("kv.enqueue", collection),
  ]);
});

Deno.test("TracedKv never puts a key or a value into telemetry", async () => {
  using telemetry = inMemoryTelemetry();
  using kv = await openKv(":memory:");
  const secret = "ada@example.com";
  await kv.set(["users", secret], secret);
  await kv.atomic().set(["users", secret], secret).commit();
  await assert.rejects(withSpan("work", () => kv.set(["users", secret], secret.repeat(9000))));
  await assert.rejects(
    withSpan("work", () => kv.get(["users", secret.repeat(900)])),
    KvLimitError,
  );
  await assert.rejects(kv.set(["users", secret], { secret: secret.repeat(9000) }), KvLimitError);
  for await (const _ of kv.list({ prefix: ["users"] })) { /* only the span matters */ }
  const written = JSON.stringify(
    telemetry.spans(),
    (_, value) => typeof value === "bigint" ? `${value}` : value,
  );
  assert.equal(telemetry.spans().length, 6);
  assert.ok(!written.includes(secret));
});

Deno.test("TracedKv marks the span and passes the error on when KV fails", async () => {
  using telemetry = inMemoryTelemetry();
  const kv = await openKv(":memory:", { namespace: "shop" });
  kv.close();
  await assert.rejects(kv.get(["p"]), Deno.errors.BadResource);
  const [span] = telemetry.spans();
  assert.equal(span?.status.code, "ERROR");
  assert.equal(span.attributes["error.type"], "BadResource");
  assert.deepEqual(span.events.map(({ name }) => name), ["exception"]);
});

Deno.test("TracedKv counts and times each operation when an SDK is registered", async () => {
  using telemetry = inMemoryTelemetry();
  using kv = await openKv(":memory:", { collection: "product" });
  await kv.set(["p", 1], "one");
  await kv.get(["p", 1]);
  await kv.get(["p", 2]);
  for await (const _ of kv.list({ prefix: [] })) { /* only the metric matters */ }
  const metrics = await telemetry.metrics();
  const points = (name: string) =>
    metrics.find((metric) => metric.name === name)?.points.map(({ attributes }) =>
      attributes["db.operation.name"]
    );
  assert.deepEqual(points("db.client.operation.duration"), ["set", "get", "list"]);
  assert.deepEqual(points("echelon.db.operations"), ["set", "get", "list"]);
});

Deno.test("TracedKv gives what KV gives when no SDK is registered", async () => {
  const bare = await Deno.openKv(":memory:");
  using kv = traceKv(bare);
  const { versionstamp } = await kv.set(["a"], { n: 1 });
  assert.deepEqual(await kv.get(["a"]), { key: ["a"], value: { n: 1 }, versionstamp });
  const [found, missing] = await kv.getMany<[{ n: number }, string]>([["a"], ["b"]]);
  assert.equal(found.value?.n, 1);
  assert.equal(missing.value, null);
  const keys: Deno.KvKey[] = [];
  for await (const { key } of kv.list({ prefix: [] })) keys.push(key);
  assert.deepEqual(keys, [["a"]]);
  await kv.set(["log", kv.commitVersionstamp()], 1);
  await kv.delete(["a"]);
  assert.equal((await bare.get(["a"])).value, null);
});

Deno.test("TracedKv rejects and never throws when a key is bad, as KV does", async () => {
  using kv = await openKv(":memory:");
  const bad = [[], [{}], [null], [undefined], "text"] as unknown as Deno.KvKey[];
  for (const key of bad) {
    for (const call of [() => kv.get(key), () => kv.set(key, 1), () => kv.delete(key)]) {
      const result = call();
      await assert.rejects(result, KvKeyError);
    }
  }
  await assert.rejects(kv.get(["users", { id: 7 } as never]), {
    message: 'Part 1 of the key ["users", …] is of type "object": ' +
      "expected a string, number, bigint, boolean or Uint8Array",
  });
});

Deno.test("TracedKv is another view of the same database when it wraps a traced one", async () => {
  using telemetry = inMemoryTelemetry();
  using kv = await openKv(":memory:", { namespace: "shop" });
  const view = traceKv(kv, { collection: "order" });
  await view.set(["a"], 1);
  await kv.withCollection("user").get(["a"]);
  assert.ok(view instanceof TracedKv);
  assert.deepEqual(seen(telemetry.spans()), [
    clientSpan("kv.set", { "db.collection.name": "order" }),
    clientSpan("kv.get", { "db.collection.name": "user", "db.result.found": true }),
  ]);
});

Deno.test("listenQueue() runs each handler outside any span", async () => {
  using telemetry = inMemoryTelemetry();
  const kv = await openKv(":memory:");
  const handled = Promise.withResolvers<unknown>();
  const listening = withSpan("registration", (span) => {
    assert.equal(getActiveSpan(), span);
    return kv.listenQueue((message) => {
      handled.resolve([message, getActiveSpan()]);
    });
  });
  await kv.enqueue("hello");
  assert.deepEqual(await handled.promise, ["hello", undefined]);
  kv.close();
  await listening;
  assert.deepEqual(telemetry.spans().map(({ name }) => name), ["kv.enqueue", "registration"]);
});

Deno.test("TracedKv tells emit of each operation on a collection, with an SDK or without", async () => {
  const told: string[] = [];
  const emit: OrmEmit = ({ type, data }) => told.push(`${type} ${data.model} ${data.operation}`);
  const work = async () => {
    using kv = await openKv(":memory:", { emit });
    await kv.get(["of", "no", "collection"]);
    const products = kv.withCollection("product");
    await products.set(["p", 1], "one");
    await products.getMany([["p", 1], ["p", 2]]);
    for await (const _ of products.list({ prefix: ["p"] })) { /* only the events matter */ }
    await products.atomic().delete(["p", 1]).commit();
    const watch = products.watch([["p", 1]]).getReader();
    await watch.read();
    await watch.cancel();
  };
  await work();
  const expected = ["set", "getMany", "list", "atomic", "watch"].flatMap((operation) => [
    `orm:query product ${operation}`,
    `orm:result product ${operation}`,
  ]);
  assert.deepEqual(told.splice(0), expected);
  using _telemetry = inMemoryTelemetry();
  await work();
  assert.deepEqual(told, expected);
});

Deno.test("TracedKv tells emit of no result when KV fails", async () => {
  const told: OrmEvent[] = [];
  const kv = await openKv(":memory:", { collection: "product", emit: (event) => told.push(event) });
  kv.close();
  await assert.rejects(kv.get(["p"]), Deno.errors.BadResource);
  const data = { model: "product", operation: "get" };
  assert.deepEqual(told, [{ type: "orm:query", traced: true, data }]);
});
