import assert from "node:assert/strict";
import { run, said } from "../_run.ts";

Deno.test("installDiagLogger() says each message once, and not more than a few", async () => {
  const program = new URL("../_programs/noisy.ts", import.meta.url);
  const lines = said(await run({ program }));
  assert.equal(lines.filter((line) => line.startsWith("Invalid attribute key")).length, 1);
  assert.ok(lines.length <= 21, `${lines.length} lines`);
  assert.ok(!lines.includes("below the level"));
});

Deno.test("installDiagLogger() follows OTEL_LOG_LEVEL", async () => {
  const program = new URL("../_programs/noisy.ts", import.meta.url);
  const quiet = said(await run({ program, env: { OTEL_LOG_LEVEL: "ERROR" } }));
  assert.equal(quiet.length, 1, "the start-up line alone");
  const loud = said(await run({ program, env: { OTEL_LOG_LEVEL: "debug" } }));
  assert.equal(loud.filter((line) => line === "below the level").length, 1000);
});
