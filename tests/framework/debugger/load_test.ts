import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { TracedKv } from "../../../framework/orm/kv.ts";
import { withSpan } from "../../../framework/telemetry/otel.ts";
import { startProcess } from "../../_process.ts";
import type { SpanTree } from "../../_telemetry.ts";
import { attached } from "./_attached.ts";

Deno.test("500 requests at once nest each KV span where it belongs", async () => {
  using at = attached();
  const { dbg, telemetry } = at;
  using kv = new TracedKv(await Deno.openKv(":memory:"));
  telemetry.reset();
  const later = () => new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
  const serve = (requestId: string) =>
    withSpan(
      "request",
      { root: true, attributes: { requestId } },
      () =>
        dbg.run("middleware", { name: "auth", index: 0 }, async () => {
          await later();
          return await dbg.run("middleware", { name: requestId, index: 1 }, async () => {
            await later();
            return await dbg.run("controller", { name: requestId }, () =>
              withSpan("cache.get", { attributes: { requestId } }, async () => {
                await later();
                await kv.get(["orders", requestId]);
              }));
          });
        }, { requestId }),
    );
  const ids = Array.from({ length: 500 }, (_, n) => `r-${n}`);
  await Promise.all(ids.map(serve));

  const chainOf = ({ name, attributes, children }: SpanTree): unknown[] => [
    `${name} ${attributes["requestId"] ?? attributes["code.function.name"] ?? ""}`.trim(),
    ...children.flatMap(chainOf),
  ];
  const chains = telemetry.spanTree().map(chainOf);
  const expected = ids.map((id) => [
    `request ${id}`,
    "middleware.auth",
    `middleware.${id}`,
    `controller ${id}`,
    `cache.get ${id}`,
    "kv.get",
  ]);
  assert.deepEqual(chains.sort(), expected.sort());
});

Deno.test("100,000 requests with a bridge attached leave no memory behind", async () => {
  const program = fileURLToPath(import.meta.resolve("./_requests_process.ts"));
  await using process = await startProcess({
    // A small young generation, so that what the process holds is what the program keeps.
    args: ["run", "--allow-env", "--v8-flags=--expose-gc,--max-semi-space-size=2", program],
  });
  const [, json = ""] = await process.waitForLine(/^result (.+)/, { timeoutMillis: 120_000 });
  await process.status;
  const { early, late, open } = JSON.parse(json);
  assert.ok(open <= 1_000, `${open} requests have open pairs`);
  for (const kind of ["rss", "heapUsed"]) {
    assert.ok(late[kind] <= early[kind] * 1.15, `${kind}: ${early[kind]} became ${late[kind]}`);
  }
});
