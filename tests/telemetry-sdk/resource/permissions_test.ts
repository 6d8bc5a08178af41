import assert from "node:assert/strict";
import type { Attributes } from "@opentelemetry/api";
import { run } from "../_run.ts";

interface Detected {
  readonly attributes: Attributes;
  readonly flags: readonly string[];
  readonly said: string;
}

async function detect(
  allow: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Detected> {
  const program = new URL("./_detect.ts", import.meta.url);
  await using process = await run({ program, allow, env });
  assert.equal(process.code, 0, process.stderr.join("\n"));
  assert.deepEqual(process.stderr, []);
  return JSON.parse(process.stdout.join(""));
}

const ALWAYS = [
  "host.arch",
  "os.type",
  "process.creation.time",
  "process.executable.name",
  "process.pid",
  "process.runtime.description",
  "process.runtime.name",
  "process.runtime.version",
  "service.instance.id",
  "service.name",
  "telemetry.distro.name",
  "telemetry.distro.version",
  "telemetry.sdk.language",
  "telemetry.sdk.name",
  "telemetry.sdk.version",
];

Deno.test("detectResource() finds what needs no permission when it has none", async () => {
  const { attributes, flags, said } = await detect([]);
  assert.deepEqual(Object.keys(attributes).sort(), ALWAYS);
  assert.equal(attributes["service.name"], "echelon");
  assert.equal(attributes["process.executable.name"], "deno");
  assert.equal(said, "find out host.name, os.version (--allow-sys=hostname,osRelease)");
  assert.ok(flags.includes("process.owner --allow-sys=uid,gid,username"), flags.join("\n"));
  assert.ok(flags.includes("k8s.pod.name --allow-env=POD_NAME"), flags.join("\n"));
});

Deno.test("detectResource() finds each thing by its own permission and no more", async () => {
  const some = await detect(["--allow-sys=hostname"]);
  assert.deepEqual(Object.keys(some.attributes).sort(), [...ALWAYS, "host.name"].sort());
  assert.equal(some.attributes["host.name"], Deno.hostname());
  assert.equal(some.said, "find out os.version (--allow-sys=osRelease)");

  const both = await detect(["--allow-sys=hostname,osRelease"]);
  assert.equal(both.attributes["os.version"], Deno.osRelease());
  assert.equal(both.said, "");

  const owner = await detect(["--allow-sys=uid,gid,username"]);
  assert.equal(typeof owner.attributes["process.owner"], "string");
  assert.equal(owner.attributes["host.name"], undefined);
});

Deno.test("detectResource() reads variables of a pod when it may", async () => {
  const env = {
    KUBERNETES_SERVICE_HOST: "10.0.0.1",
    POD_NAME: "shop-7d9",
    POD_NAMESPACE: "shops",
    NODE_NAME: "node-1",
  };
  const allowed = await detect([`--allow-env=${Object.keys(env).join(",")}`], env);
  assert.equal(allowed.attributes["k8s.pod.name"], "shop-7d9");
  assert.equal(allowed.attributes["k8s.namespace.name"], "shops");
  assert.equal(allowed.attributes["k8s.node.name"], "node-1");

  const denied = await detect([], env);
  assert.equal(denied.attributes["k8s.pod.name"], undefined);
});

Deno.test({
  name: "detectResource() says that /proc needs all permissions when it may read files",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const { flags } = await detect(["--allow-read"]);
    assert.ok(flags.includes("container.id --allow-all"), flags.join("\n"));
    assert.ok(!flags.some((flag) => flag.includes("--allow-read")), flags.join("\n"));
  },
});

Deno.test("detectResource() misses nothing when it has all permissions", async () => {
  const { attributes, flags } = await detect(["-A"]);
  assert.deepEqual(flags, []);
  assert.deepEqual(ALWAYS.filter((name) => !(name in attributes)), []);
  assert.ok(!JSON.stringify(attributes).includes("_detect.ts"), "the command line stays out");
});
