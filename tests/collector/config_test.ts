import assert from "node:assert/strict";
import { collectorCommand, collectorTest, startCollector } from "./_collector.ts";
import { makeCertificate } from "./_certificate.ts";

/** Every way in which the shipped files are meant to be put together. */
const COMBINATIONS: readonly (readonly string[])[] = [
  ["otel-collector.yaml"],
  ["otel-collector.yaml", "deploy/collector/tls.yaml"],
  ["otel-collector.yaml", "deploy/collector/push_own_metrics.yaml"],
  ["otel-collector.yaml", "deploy/collector/gateway.yaml"],
  ["otel-collector.yaml", "deploy/collector/gateway.yaml", "deploy/collector/tls.yaml"],
  ["deploy/collector/agent.yaml"],
  ["deploy/collector/agent.yaml", "deploy/collector/tls.yaml"],
];

async function runCollector(
  subcommand: readonly string[],
  configs: readonly string[],
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  await using certificate = await makeCertificate();
  const [program, ...args] = collectorCommand(subcommand, configs);
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args,
    clearEnv: true,
    env: {
      COLLECTOR_ID: "test",
      OTLP_CERT_FILE: certificate.certFile,
      OTLP_KEY_FILE: certificate.keyFile,
    },
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

for (const configs of COMBINATIONS) {
  collectorTest(`validate passes for ${configs.join(" + ")}`, async () => {
    const { code, stdout, stderr } = await runCollector(["validate"], configs);
    assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: "", stderr: "" });
  });
}

collectorTest("validate fails when a configuration names what is not there", async () => {
  const wrong = `yaml:service::pipelines::logs::exporters: [nowhere]`;
  const { code, stderr } = await runCollector(["validate"], ["otel-collector.yaml", wrong]);
  assert.equal(code, 1);
  assert.match(stderr, /nowhere/);
});

collectorTest("the test of the files in deploy/collector leaves none out", async () => {
  const tested = new Set(COMBINATIONS.flat());
  const folder = new URL("../../deploy/collector/", import.meta.url);
  for await (const { name } of Deno.readDir(folder)) {
    const isConfig = name.endsWith(".yaml") && name !== "manifest.yaml";
    if (isConfig) assert.ok(tested.has(`deploy/collector/${name}`), name);
  }
});

collectorTest("every pipeline that takes from outside begins with the memory limiter", async () => {
  for (const configs of COMBINATIONS) {
    const subcommand = ["print-config", "--format=json", "--mode=unredacted"];
    const { stdout } = await runCollector(subcommand, configs);
    const { pipelines }: {
      readonly pipelines: Record<string, { receivers: string[]; processors: string[] }>;
    } = JSON.parse(stdout).service;
    const outside = Object.values(pipelines).filter(({ receivers }) => receivers.includes("otlp"));
    assert.equal(outside.length, 3);
    for (const { processors } of outside) assert.equal(processors[0], "memory_limiter");
  }
});

collectorTest(
  "the collector starts without a warning, is well, and tells its own metrics",
  async () => {
    await using collector = await startCollector();
    assert.deepEqual(
      collector.process.lines.filter((line) => !line.includes(`"level":"info"`)),
      [],
    );
    const health = await fetch(collector.healthUrl);
    assert.match(`${health.status} ${await health.text()}`, /^200 .*Server available/);
    const metrics = await (await fetch(collector.metricsUrl)).text();
    assert.match(metrics, /^otelcol_process_uptime/m);
    const { code } = await collector.process.stop();
    assert.equal(code, 0);
  },
);

Deno.test("docs/collector.md lists the variables of otel-collector.yaml and their defaults", async () => {
  const read = (path: string) => Deno.readTextFile(new URL(`../../${path}`, import.meta.url));
  const settings = (await read("otel-collector.yaml")).matchAll(/\$\{env:(\w+):-([^}]*)\}/g);
  const documented = (await read("docs/collector.md")).matchAll(
    /^\| (`[A-Z_`, ]+`) +\| (`.*?) *\|/gm,
  );
  const words = (cell = "") => [...cell.matchAll(/`([^`]+)`/g)].map(([, word]) => word);
  const rows = [...documented].flatMap(([, names, values]) => {
    const defaults = words(values);
    return words(names).map((name, index) => [name, defaults[index]] as const);
  });
  assert.deepEqual(
    Object.fromEntries(rows),
    Object.fromEntries([...settings].map(([, name, value]) => [name, value])),
  );
});
