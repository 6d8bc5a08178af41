import assert from "node:assert/strict";
import { KvQueueError } from "../../../framework/orm/kv_errors.ts";
import { traceKv } from "../../../framework/orm/kv.ts";
import { inMemoryTelemetry } from "../../_telemetry.ts";
import { startProcess } from "../../_process.ts";
import { fileKv } from "./_fixtures.ts";

Deno.test("openKv() names the database by its file, without its folders", async () => {
  using telemetry = inMemoryTelemetry();
  await using database = await fileKv();
  await database.kv.get(["a"]);
  assert.equal(telemetry.spans()[0]?.attributes["db.namespace"], "test.kv");
});

Deno.test("openKv() gives a KV that refuses queues when it is opened by a remote URL", async () => {
  // As much of KV Connect's protocol as opening a database takes: its metadata exchange.
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    () =>
      Response.json({
        version: 3,
        databaseId: "5f8f1d5c-9d1c-4b4c-8a52-0c6f5bf6a2f1",
        endpoints: [{ url: "/", consistency: "strong" }],
        token: "token",
        expiresAt: "2999-01-01T00:00:00Z",
      }),
  );
  const orm = import.meta.resolve("../../../framework/orm/open_kv.ts");
  await using service = await startProcess({
    args: [
      "eval",
      "--unstable-kv",
      `import { openKv } from "${orm}";
      const kv = await openKv("http://127.0.0.1:${server.addr.port}/");
      const message = await Promise.allSettled([
        kv.enqueue("a"), kv.listenQueue(() => {}), kv.atomic().enqueue("a").commit(),
      ]);
      for (const { reason } of message) console.log(reason.name, reason.message);
      kv.close();`,
    ],
    env: { DENO_KV_ACCESS_TOKEN: "token" },
  });
  assert.equal((await service.status).code, 0, service.lines.join("\n"));
  const advice = "on a KV opened by a remote URL: it serves no queues. " +
    "Open a local KV for the queue, or keep the work in a job store of another kind";
  assert.deepEqual(service.stdout, [
    `KvQueueError Cannot call "enqueue" ${advice}`,
    `KvQueueError Cannot call "listenQueue" ${advice}`,
    `KvQueueError Cannot call "enqueue" ${advice}`,
  ]);
});

Deno.test("traceKv() refuses queues when it is told that the KV is remote", async () => {
  using kv = traceKv(await Deno.openKv(":memory:"), { remote: true });
  await assert.rejects(kv.enqueue("a"), KvQueueError);
  await assert.rejects(kv.withCollection("user").listenQueue(() => {}), KvQueueError);
  await kv.set(["a"], 1);
  assert.equal((await kv.get(["a"])).value, 1);
});
