import assert from "node:assert/strict";
import { openKv } from "../../../framework/orm/open_kv.ts";
import { inMemoryTelemetry } from "../../_telemetry.ts";

Deno.test("watch() is one span from the call to the end of the stream", async () => {
  using telemetry = inMemoryTelemetry();
  using kv = await openKv(":memory:");
  const reader = kv.watch<[number]>([["a"]]).getReader();
  assert.equal((await reader.read()).value?.[0].value, null);
  await kv.set(["a"], 1);
  assert.equal((await reader.read()).value?.[0].value, 1);
  assert.deepEqual(telemetry.spans().map(({ name }) => name), ["kv.set"]);
  await reader.cancel();
  const watch = telemetry.spans()[1];
  assert.equal(watch?.name, "kv.watch");
  assert.equal(watch.kind, "CLIENT");
  assert.equal(watch.attributes["db.response.returned_rows"], 2);
});

Deno.test("watch() ends its stream and its span when the KV is closed", async () => {
  using telemetry = inMemoryTelemetry();
  const kv = await openKv(":memory:");
  const reader = kv.watch([["a"]]).getReader();
  await reader.read();
  const next = reader.read();
  kv.close();
  assert.deepEqual(await next, { done: true, value: undefined });
  assert.deepEqual(telemetry.spans().map(({ name }) => name), ["kv.watch"]);
});

Deno.test("watch() records the time to its first answer, while it goes on", async () => {
  using telemetry = inMemoryTelemetry();
  using kv = await openKv(":memory:");
  const reader = kv.watch([["a"]]).getReader();
  await reader.read();
  const duration = (await telemetry.metrics())
    .find(({ name }) => name === "db.client.operation.duration");
  assert.deepEqual(
    duration?.points.map(({ attributes }) => attributes["db.operation.name"]),
    ["watch"],
  );
  await reader.cancel();
});
