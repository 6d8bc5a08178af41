import assert from "node:assert/strict";
import { startReceiver } from "../_otlp_receiver.ts";
import { run, said, start } from "./_run.ts";

const TICKING = new URL("./_programs/ticking.ts", import.meta.url);

/** A configuration that exports everything to a receiver. */
function configuration(url: string, sampler: string, severity: string): string {
  const destination = (signal: string) =>
    `{ otlp_http: { endpoint: "${url}/v1/${signal}", encoding: json } }`;
  return `
file_format: "1.0"
resource: { attributes: [{ name: service.name, value: from-file }] }
tracer_provider:
  processors: [{ batch: { schedule_delay: 50, exporter: ${destination("traces")} } }]
  sampler: { ${sampler}: }
logger_provider:
  processors: [{ batch: { schedule_delay: 50, exporter: ${destination("logs")} } }]
  logger_configurator/development: { default_config: { minimum_severity: ${severity} } }
`;
}

Deno.test("a configuration file is followed while the process runs, with the permission to read it alone", async () => {
  const path = await Deno.makeTempFile({ suffix: ".yaml" });
  try {
    await using receiver = startReceiver();
    await Deno.writeTextFile(path, configuration(receiver.url, "always_off", "error"));
    await using process = await start({
      program: TICKING,
      ready: /^ready$/,
      env: { OTEL_CONFIG_FILE: path, OTEL_DENO_CONFIG_WATCH: "true" },
      allow: [
        `--allow-read=${path}`,
        "--allow-env=OTEL_*",
        `--allow-net=127.0.0.1:${receiver.port}`,
      ],
    });
    assert.equal(receiver.spans().length, 0);
    await Deno.writeTextFile(path, "tracer_provider: [");
    await process.waitForLine(/the settings before this edit stay$/);
    await Deno.writeTextFile(path, configuration(receiver.url, "always_on", "info"));
    await process.waitForLine(/has changed: the sampler and the levels follow$/);
    await receiver.waitFor(() => receiver.spans().length > 0 && receiver.logs().length > 0);
    assert.equal(receiver.spans()[0]?.resource["service.name"], "from-file");
    assert.equal(receiver.logs()[0]?.body, "tick");
    process.signal("SIGTERM");
    await process.status;
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("a configuration file that says what cannot be switches telemetry off, and says where it is wrong", async () => {
  const path = await Deno.makeTempFile({ suffix: ".yaml" });
  try {
    await Deno.writeTextFile(path, 'file_format: "1.0"\ntracer_provider:\n  procesors: []\n');
    await using process = await run({ env: { OTEL_CONFIG_FILE: path } });
    assert.equal(process.code, 0);
    assert.equal(said(process).length, 1);
    assert.match(said(process)[0] ?? "", /^off: .*\.yaml:3:.*procesors/);
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("a configuration file is overruled by code and overrules the environment", async () => {
  const path = await Deno.makeTempFile({ suffix: ".yaml" });
  try {
    await using receiver = startReceiver();
    await Deno.writeTextFile(path, configuration(receiver.url, "always_on", "info"));
    await using process = await run({
      env: { OTEL_CONFIG_FILE: path, OTEL_TRACES_SAMPLER: "always_off" },
    });
    assert.equal(process.code, 0);
    assert.ok(said(process).includes("OTEL_TRACES_SAMPLER is not used: the file says otherwise"));
    assert.deepEqual(receiver.spans().map(({ name }) => name).sort(), ["child", "parent"]);
  } finally {
    await Deno.remove(path);
  }
});
