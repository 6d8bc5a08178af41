import assert from "node:assert/strict";
import { startReceiver } from "../../_otlp_receiver.ts";
import { run } from "../_run.ts";

const PROGRAM = new URL("./_programs/console.ts", import.meta.url);

for (const mode of ["capture", "replace"]) {
  Deno.test(`OTEL_DENO_CONSOLE=${mode} records each line once, by this SDK and not by Deno`, async () => {
    await using receiver = startReceiver();
    await using process = await run({
      program: PROGRAM,
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_DENO_CONSOLE: mode },
    });
    assert.equal(process.code, 0, process.lines.join("\n"));
    const bodies = receiver.logs().map(({ body }) => String(body));
    const byDeno = receiver.logs().filter(({ scope }) => scope.name === "deno");
    assert.equal(bodies.filter((body) => body.includes("outside any span")).length, 1);
    assert.equal(bodies.filter((body) => body.includes("low on tea")).length, 1);
    assert.ok(byDeno.every(({ body }) => String(body).includes("alone")), "but for console.dir");
    const printed = process.stdout.some((line) => line === "outside any span { n: 1 }");
    assert.equal(printed, mode === "capture");
    assert.equal(process.stdout.filter((line) => line.includes("low on tea")).length, 1);
  });
}
