import assert from "node:assert/strict";
import { KvKeyError, KvLimitError } from "../../../framework/orm/kv_errors.ts";
import { openKv } from "../../../framework/orm/open_kv.ts";
import { inMemoryTelemetry } from "../../_telemetry.ts";

Deno.test("commit() is one span with the number of mutations", async () => {
  using telemetry = inMemoryTelemetry();
  using kv = await openKv(":memory:");
  const result = await kv.atomic()
    .check({ key: ["a"], versionstamp: null })
    .set(["a"], 1)
    .delete(["b"])
    .sum(["sum"], 1n)
    .min(["min"], 1n)
    .max(["max"], 1n)
    .mutate({ type: "set", key: ["c"], value: 1 }, { type: "delete", key: ["d"] })
    .enqueue("message")
    .commit();
  assert.ok(result.ok);
  assert.deepEqual(telemetry.spanTree(), [{
    name: "kv.atomic",
    kind: "CLIENT",
    attributes: {
      "db.system.name": "deno.kv",
      "db.operation.name": "atomic",
      "db.namespace": ":memory:",
      "db.operation.batch.size": 8,
      "db.result.committed": true,
    },
    children: [],
  }]);
});

Deno.test("commit() tells a lost check as an outcome, not as an error", async () => {
  using telemetry = inMemoryTelemetry();
  using kv = await openKv(":memory:");
  const stale = { key: ["a"], versionstamp: "00000000000000990000" };
  assert.deepEqual(await kv.atomic().check(stale).set(["a"], 1).commit(), { ok: false });
  const [span] = telemetry.spans();
  assert.equal(span?.status.code, "UNSET");
  assert.equal(span.attributes["db.result.committed"], false);
  assert.equal(span.attributes["error.type"], undefined);
});

Deno.test("commit() takes as many mutations and checks as KV does", async () => {
  using kv = await openKv(":memory:");
  const full = kv.atomic();
  for (let i = 0; i < 1000; i++) full.delete([i]);
  for (let i = 0; i < 100; i++) full.check({ key: [i], versionstamp: null });
  assert.ok((await full.commit()).ok);
  await assert.rejects(full.enqueue("one more").commit(), {
    name: "KvLimitError",
    message: "Cannot put 1,001 mutations into one call: Deno KV takes 1,000 at most",
  });
  const checks = kv.atomic();
  for (let i = 0; i < 101; i++) checks.check({ key: [i], versionstamp: null });
  await assert.rejects(checks.commit(), { name: "KvLimitError", actual: 101, limit: 100 });
});

Deno.test("commit() names KV's refusal when the whole transaction is too large", async () => {
  using kv = await openKv(":memory:");
  const atomic = kv.atomic();
  for (let i = 0; i < 13; i++) atomic.set([i], { text: "a".repeat(65_000) });
  await assert.rejects(atomic.commit(), (error: KvLimitError) => {
    assert.equal(error.name, "KvLimitError");
    assert.equal(error.limit, 819_200);
    assert.ok(error.cause instanceof TypeError);
    return true;
  });
  assert.equal((await kv.get([0])).versionstamp, null);
});

Deno.test("commit() names the largest value when one of many is too large", async () => {
  using kv = await openKv(":memory:");
  const atomic = kv.atomic().set(["small"], { a: 1 }).set(["large"], { a: "a".repeat(66_000) });
  await assert.rejects(atomic.commit(), /^KvLimitError: The value of the key \["large"\] takes/);
});

Deno.test("commit() rejects, with nothing written, when a key was bad", async () => {
  using kv = await openKv(":memory:");
  const atomic = kv.atomic().set(["a"], 1).set([], 1);
  await assert.rejects(atomic.commit(), KvKeyError);
  await assert.rejects(kv.atomic().sum(["a".repeat(2047)], 1n).commit(), KvLimitError);
  await assert.rejects(
    kv.atomic().check({ key: [null as never], versionstamp: null }).commit(),
    KvKeyError,
  );
  assert.equal((await kv.get(["a"])).versionstamp, null);
});
