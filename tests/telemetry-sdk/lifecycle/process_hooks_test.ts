import assert from "node:assert/strict";
import { Collector } from "../_collector.ts";
import { run, said, start } from "../_run.ts";

const READY = /^ready$/;

function assertDelivered(
  collector: Collector,
  names: readonly string[] = ["child", "parent"],
): void {
  assert.deepEqual(collector.spanNames, names);
  assert.equal(collector.of("metrics").length, 1);
}

function exportingTo(collector: Collector): Record<string, string> {
  return { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
}

Deno.test("a program that ends by itself delivers its telemetry and exits with 0", async () => {
  await using collector = new Collector();
  const { code } = await run({ env: exportingTo(collector) });
  assert.equal(code, 0);
  assertDelivered(collector);
});

for (const [name, number] of [["SIGTERM", 15], ["SIGINT", 2]] as const) {
  Deno.test(`a program stopped by ${name} delivers its telemetry and exits with 128 + ${number}`, async () => {
    await using collector = new Collector();
    await using process = await start({ mode: "wait", env: exportingTo(collector), ready: READY });
    process.signal(name);
    assert.equal((await process.status).code, 128 + number);
    assertDelivered(collector);
  });
}

Deno.test("a service stopped by a signal drains first, and exits with 0", async () => {
  await using collector = new Collector();
  await using process = await start({ mode: "drain", env: exportingTo(collector), ready: READY });
  process.signal("SIGTERM");
  assert.equal((await process.status).code, 0);
  assert.deepEqual(process.stdout, ["ready", "drained, aborted: false"]);
  assertDelivered(collector, ["child", "parent", "drained"]);
});

Deno.test("a second signal ends the program at once", async () => {
  await using collector = new Collector();
  const env = exportingTo(collector);
  await using process = await start({ mode: "drain for ever", env, ready: READY });
  process.signal("SIGTERM");
  // Two signals of one kind may arrive as one.
  process.signal("SIGINT");
  const { code } = await process.status;
  assert.ok(code === 130 || code === 143, String(code));
  assert.deepEqual(collector.received, []);
});

for (
  const [mode, line] of [
    ["throw", /^error: Uncaught \(in promise\) TypeError: thrown at the top$/],
    ["throw later", /^error: Uncaught TypeError: thrown in a callback$/],
    ["reject", /^error: Uncaught \(in promise\) TypeError: rejected$/],
  ] as const
) {
  Deno.test(`a program that dies (${mode}) delivers its telemetry, and Deno reports the error`, async () => {
    await using collector = new Collector();
    const process = await run({ mode, env: exportingTo(collector) });
    assert.equal(process.code, 1);
    assert.equal(process.stderr.filter((text) => line.test(text)).length, 1);
    assertDelivered(collector);
  });
}

Deno.test("a rejection that the application handles does not end it", async () => {
  await using collector = new Collector();
  const process = await run({ mode: "handled", env: exportingTo(collector) });
  assert.equal(process.code, 0);
  assert.deepEqual(process.stdout, ["handled"]);
  assertDelivered(collector);
});

Deno.test("a program whose receiver hangs ends all the same, and says what was lost", async () => {
  await using collector = Collector.hanging();
  const program = new URL("../_programs/impatient.ts", import.meta.url);
  const process = await run({ program, env: exportingTo(collector) });
  assert.equal(process.code, 0);
  assert.deepEqual(said(process).slice(1), [
    "lost at shutdown: 2 spans, 1 metric export (no end to the export within 100 ms)",
  ]);
});

Deno.test("a program without a receiver says so once per signal, and what was lost", async () => {
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const endpoint = `http://127.0.0.1:${listener.addr.port}`;
  listener.close();
  const process = await run({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } });
  assert.equal(process.code, 0);
  const [, ...lines] = said(process);
  assert.equal(lines.length, 3);
  assert.match(lines[0] ?? "", /^export of (spans|metrics) to .* is failing since .*refused/);
  assert.match(lines[1] ?? "", /^export of (spans|metrics) to .* is failing since .*refused/);
  assert.equal(lines[2], "lost at shutdown: 2 spans, 1 metric export (the export failed)");
});
