/**
 * What the first import costs: a process with an empty script, against one that imports `register.ts` with
 * telemetry off, and with it on. Each iteration is a process from its start to its end.
 */

/** Runs a script to its end. */
async function run(script: "empty" | "register", variables: Record<string, string>): Promise<void> {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--allow-env=OTEL_*",
      "--allow-net=127.0.0.1:9",
      new URL(`_startup/${script}.ts`, import.meta.url).pathname,
    ],
    env: { OTEL_LOG_LEVEL: "none", ...variables },
    stdout: "null",
    stderr: "null",
  }).output();
  if (!success) throw new Error("The script did not end well");
}

const group = "start of a process";

Deno.bench(
  "empty script",
  { group, baseline: true, n: 15, warmup: 3 },
  async () => await run("empty", {}),
);

Deno.bench(
  "register.ts, telemetry off",
  { group, n: 15, warmup: 3 },
  async () => await run("register", { OTEL_SDK_DISABLED: "true" }),
);

Deno.bench(
  "register.ts, telemetry on",
  { group, n: 15, warmup: 3 },
  async () =>
    await run("register", {
      OTEL_TRACES_EXPORTER: "otlp",
      OTEL_METRICS_EXPORTER: "none",
      OTEL_LOGS_EXPORTER: "none",
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9",
    }),
);
