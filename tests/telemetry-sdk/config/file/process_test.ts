import assert from "node:assert/strict";
import { startReceiver } from "../../../_otlp_receiver.ts";
import { run } from "../../_run.ts";
import { ConfigFileOnDisk, versioned } from "./_file.ts";

const PROGRAM = new URL("./_programs/from_file.ts", import.meta.url);

/** Runs the program on a file, with the given permissions and no others. */
async function runOn(
  file: ConfigFileOnDisk,
  { allow, env = {}, program = PROGRAM }: {
    readonly program?: URL;
    readonly allow: readonly string[];
    readonly env?: Readonly<Record<string, string>>;
  },
): Promise<{ readonly stdout: readonly string[]; readonly stderr: readonly string[] }> {
  await using process = await run({ program, mode: file.path, allow, env });
  const { stdout, stderr, code } = process;
  assert.equal(code, 0, stderr.join("\n"));
  return { stdout: stdout.map((line) => line.replaceAll(file.path, "telemetry.yaml")), stderr };
}

const SIGNALS = versioned(`resource:
  attributes: [ { name: service.name, value: from-file } ]
tracer_provider:
  processors:
    - batch:
        exporter:
          otlp_http:
            endpoint: \${OTEL_EXPORTER_OTLP_ENDPOINT}/v1/traces
            headers_list: \${OTEL_EXPORTER_OTLP_HEADERS}
meter_provider:
  readers:
    - periodic:
        exporter:
          otlp_http:
            endpoint: \${OTEL_EXPORTER_OTLP_ENDPOINT}/v1/metrics
            encoding: json
logger_provider:
  processors:
    - simple:
        exporter:
          otlp_http:
            endpoint: \${OTEL_EXPORTER_OTLP_ENDPOINT}/v1/logs
`);

Deno.test("a process exports as the file says with no permissions but to read it, its variables and the collector", async () => {
  await using receiver = startReceiver();
  using file = new ConfigFileOnDisk(SIGNALS);
  const { stdout } = await runOn(file, {
    allow: [
      `--allow-read=${file.path}`,
      "--allow-env=OTEL_*",
      `--allow-net=${new URL(receiver.url).host}`,
    ],
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_EXPORTER_OTLP_HEADERS: "x-key=secret" },
  });
  assert.deepEqual(stdout, ["done"]);
  assert.deepEqual(receiver.spans().map(({ name }) => name), ["from the file"]);
  assert.equal(receiver.resource()["service.name"], "from-file");
  assert.ok(receiver.metrics().some(({ name }) => name === "counted"));
  assert.deepEqual(receiver.logs().map(({ body }) => body), ["said"]);
});

Deno.test("a process is told by name which variable of the file it may not read", async () => {
  using file = new ConfigFileOnDisk(versioned("disabled: ${SWITCH:-true}\n"));
  const { stdout } = await runOn(file, {
    allow: [`--allow-read=${file.path}`, "--allow-env=OTEL_*"],
    env: { SWITCH: "false" },
  });
  assert.deepEqual(stdout, [
    'warning: telemetry.yaml:2:11: "SWITCH": no permission to read the variable ' +
    "(--allow-env=SWITCH); it counts as unset",
    "done",
  ]);
});

Deno.test("a process reads the file without the environment", async () => {
  using file = new ConfigFileOnDisk(versioned("disabled: true\nlog_level: warn\n"));
  const { stdout } = await runOn(file, { allow: [`--allow-read=${file.path}`] });
  assert.deepEqual(stdout, ["done"]);
});

Deno.test("a process that may not read the file is told the flag", async () => {
  using file = new ConfigFileOnDisk(versioned("disabled: true\n"));
  const { stdout } = await runOn(file, { allow: ["--allow-env=OTEL_*"] });
  assert.deepEqual(stdout, [
    "ConfigFileError: telemetry.yaml: no permission to read the file (--allow-read=telemetry.yaml)",
  ]);
});

Deno.test("a process loads what reads the file when there is one to read", async () => {
  using file = new ConfigFileOnDisk(versioned("disabled: true\n"));
  const { stdout } = await runOn(file, {
    program: new URL("./_programs/loaded.ts", import.meta.url),
    allow: [`--allow-read=${file.path}`],
  });
  assert.deepEqual(stdout, [
    "before: nothing",
    "after: yaml and @opentelemetry/configuration",
  ]);
});

Deno.test("a process says nothing of a variable whose value looks like YAML", async () => {
  using file = new ConfigFileOnDisk(
    versioned("distribution:\n  other:\n    key: ${OTEL_SECRET}\n"),
  );
  const { stdout, stderr } = await runOn(file, {
    allow: [`--allow-read=${file.path}`, "--allow-env=OTEL_*"],
    env: { OTEL_SECRET: "!hunter2 x" },
  });
  assert.equal(stdout.at(-1), "done");
  assert.doesNotMatch([...stdout, ...stderr].join("\n"), /hunter2/);
});
