import assert from "node:assert/strict";
import { traceKv } from "../../../framework/orm/kv.ts";
import { openKv } from "../../../framework/orm/open_kv.ts";
import { getActiveSpan, withSpan } from "../../../framework/telemetry/otel.ts";
import { inMemoryTelemetry } from "../../_telemetry.ts";

async function fill(kv: Deno.Kv, count: number): Promise<void> {
  const atomic = kv.atomic();
  for (let i = 0; i < count; i++) atomic.set(["n", i], i);
  await atomic.commit();
}

Deno.test("list() is one span that ends with the last entry", async () => {
  using kv = await openKv(":memory:");
  await fill(kv, 250);
  using telemetry = inMemoryTelemetry();
  await withSpan("work", async (work) => {
    let seen = 0;
    for await (const { value } of kv.list<number>({ prefix: ["n"] }, { batchSize: 100 })) {
      assert.equal(value, seen++);
      assert.equal(getActiveSpan(), work);
      assert.equal(telemetry.spans().length, 0);
    }
    assert.equal(seen, 250);
    assert.equal(telemetry.spans().length, 1);
  });
  const [work] = telemetry.spanTree();
  assert.deepEqual(work?.children.map(({ name, attributes }) => [name, attributes]), [["kv.list", {
    "db.system.name": "deno.kv",
    "db.operation.name": "list",
    "db.namespace": ":memory:",
    "db.response.returned_rows": 250,
  }]]);
});

Deno.test("list() ends its span when the loop is left early", async () => {
  using kv = await openKv(":memory:");
  await fill(kv, 10);
  using telemetry = inMemoryTelemetry();
  for await (const { value } of kv.list<number>({ prefix: ["n"] })) if (value === 3) break;
  await assert.rejects(async () => {
    for await (const _ of kv.list({ prefix: ["n"] })) throw new Error("stop");
  }, /stop/);
  assert.deepEqual(
    telemetry.spans().map((span) => [
      span.attributes["db.response.returned_rows"],
      span.status.code,
    ]),
    [[4, "UNSET"], [1, "UNSET"]],
  );
});

Deno.test("list() runs each step in its span", async () => {
  using telemetry = inMemoryTelemetry();
  const bare = await Deno.openKv(":memory:");
  using kv = traceKv(bare);
  await fill(bare, 2);
  const names: (string | undefined)[] = [];
  const list = bare.list.bind(bare);
  bare.list = <T>(selector: Deno.KvListSelector) => {
    const entries = list<T>(selector);
    const next = entries.next.bind(entries);
    entries.next = () => withSpan("step", () => next());
    return entries;
  };
  for await (const _ of kv.list({ prefix: ["n"] })) {
    names.push(getActiveSpan()?.spanContext().spanId);
  }
  const [tree] = telemetry.spanTree();
  assert.equal(tree?.name, "kv.list");
  assert.deepEqual(tree.children.map(({ name }) => name), ["step", "step", "step"]);
  assert.deepEqual(names, [undefined, undefined]);
});

Deno.test("list() marks its span when KV fails", async () => {
  using telemetry = inMemoryTelemetry();
  using kv = await openKv(":memory:");
  await assert.rejects(async () => {
    for await (const _ of kv.list({ prefix: [] }, { cursor: "!!!" })) assert.fail();
  }, /invalid cursor/);
  assert.deepEqual(telemetry.spans().map(({ name, status }) => [name, status.code]), [
    ["kv.list", "ERROR"],
  ]);
});

Deno.test("list() gives cursors that go on where it stood", async () => {
  using _telemetry = inMemoryTelemetry();
  using kv = await openKv(":memory:");
  await fill(kv, 5);
  const first = kv.list<number>({ prefix: ["n"] }, { limit: 2 });
  for await (const _ of first) { /* to its end */ }
  const rest: number[] = [];
  for await (const { value } of kv.list<number>({ prefix: ["n"] }, { cursor: first.cursor })) {
    rest.push(value);
  }
  assert.deepEqual(rest, [2, 3, 4]);
  assert.deepEqual(await first.next(), { done: true, value: undefined });
});
