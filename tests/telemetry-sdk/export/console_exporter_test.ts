import assert from "node:assert/strict";
import { run } from "../_run.ts";

for (const mode of ["capture", "replace"]) {
  Deno.test(`printingExporter() prints where OTEL_DENO_CONSOLE=${mode} has Deno take the console`, async () => {
    await using process = await run({
      env: {
        OTEL_DENO_CONSOLE: mode,
        OTEL_TRACES_EXPORTER: "console",
        OTEL_METRICS_EXPORTER: "console",
        OTEL_LOGS_EXPORTER: "none",
      },
    });
    assert.equal(process.code, 0);
    const printed = process.stdout.join("\n");
    assert.match(printed, /^ {2}name: "parent",$/m);
    assert.match(printed, /^ {2}name: "child",$/m);
    assert.match(printed, /otel\.sdk\.span\.started/);
  });
}
