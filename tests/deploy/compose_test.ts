import assert from "node:assert/strict";
import { readRepositoryFile, readYaml } from "./_queries.ts";

interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly ports?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly healthcheck?: unknown;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly restart?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly deploy?: { readonly resources: { readonly limits: Readonly<Record<string, unknown>> } };
}

interface Compose {
  readonly services: Readonly<Record<"shop" | "collector" | "lgtm", Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const root = new URL("../../", import.meta.url);
const compose = await readYaml<Compose>("compose.yaml");
const services = Object.entries(compose.services);

/** How `docker compose` is called here, if at all. */
async function composeCommand(): Promise<readonly string[] | undefined> {
  for (const [program = "", ...args] of [["docker", "compose"], ["docker-compose"]]) {
    try {
      // The first version, of 2014, does not read what is current.
      const { stdout } = await new Deno.Command(program, { args: [...args, "version"] }).output();
      if (/^Docker Compose version v?(?:[2-9]|\d\d)\./.test(new TextDecoder().decode(stdout))) {
        return [program, ...args];
      }
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return undefined;
}

const command = await composeCommand();

Deno.test({
  name: command === undefined
    ? "docker compose takes compose.yaml (skipped: docker compose is not there)"
    : "docker compose takes compose.yaml",
  ignore: command === undefined,
  async fn() {
    const [program = "", ...args] = command ?? [];
    const { success, stderr } = await new Deno.Command(program, {
      args: [...args, "config", "--quiet"],
      cwd: root,
    }).output();
    assert.ok(success, new TextDecoder().decode(stderr));
  },
});

Deno.test("every image is pinned to a version, the collector to that of its tests", async () => {
  for (const [name, { image, build }] of services) {
    if (build === undefined) assert.match(image ?? "", /^[\w./-]+:\d+\.\d+\.\d+$/, name);
  }
  const { dist } = await readYaml<{ dist: { version: string } }>("deploy/collector/manifest.yaml");
  assert.equal(
    compose.services.collector.image,
    `otel/opentelemetry-collector-contrib:${dist.version}`,
  );
});

Deno.test("every port is published on loopback only, and no password is set", () => {
  for (const [name, { ports = [], environment = {} }] of services) {
    for (const port of ports) assert.match(port, /^127\.0\.0\.1:\d+:\d+$/, name);
    for (const variable of Object.keys(environment)) {
      assert.doesNotMatch(variable, /PASSWORD|SECRET|TOKEN|_KEY$/, name);
    }
  }
});

Deno.test("every service has limits and can get no more rights than it starts with", () => {
  for (const [name, service] of services) {
    const limits = Object.keys(service.deploy?.resources.limits ?? {});
    assert.deepEqual(limits, ["cpus", "memory", "pids"], name);
    assert.ok(service.security_opt?.includes("no-new-privileges:true"), name);
    assert.equal(service.restart, "unless-stopped", name);
  }
  for (const name of ["shop", "collector"] as const) {
    assert.equal(compose.services[name].read_only, true, name);
    assert.deepEqual(compose.services[name].cap_drop, ["ALL"], name);
  }
});

Deno.test("what is mounted is there, and each volume is declared", async () => {
  for (const [name, { volumes = [] }] of services) {
    for (const [source = "", target = ""] of volumes.map((volume) => volume.split(":"))) {
      assert.match(target, /^\//, name);
      if (source.startsWith(".")) await Deno.stat(new URL(source, root));
      else assert.ok(Object.hasOwn(compose.volumes, source), `${name}: ${source}`);
    }
  }
});

Deno.test("every variable that the collector gets is one that otel-collector.yaml reads", async () => {
  const config = await readRepositoryFile("otel-collector.yaml");
  for (const name of Object.keys(compose.services.collector.environment ?? {})) {
    // The one variable that is the Go runtime's.
    assert.ok(name === "GOMEMLIMIT" || config.includes(`\${env:${name}`), name);
  }
});

Deno.test("the collector may use less memory than its container has", () => {
  const { environment, deploy } = compose.services.collector;
  const container = Number.parseInt(String(deploy?.resources.limits.memory));
  assert.ok(Number(environment?.MEMORY_LIMIT_MIB) < 0.85 * container);
});

Deno.test("Tempo listens where the collector sends traces", async () => {
  interface Tempo {
    readonly distributor: {
      readonly receivers: {
        readonly otlp: { readonly protocols: { readonly http: { readonly endpoint: string } } };
      };
    };
  }
  const tempo = await readYaml<Tempo>("deploy/grafana/tempo.yaml");
  const listens = new URL(`http://${tempo.distributor.receivers.otlp.protocols.http.endpoint}`);
  const sends = new URL(compose.services.collector.environment?.TEMPO_ENDPOINT ?? "");
  assert.deepEqual([sends.hostname, sends.port], ["lgtm", listens.port]);
  assert.equal(listens.hostname, "0.0.0.0");
});

Deno.test("Grafana expects metrics as often as the shop exports them", async () => {
  const { datasources } = await readYaml<{
    datasources: { uid: string; jsonData: { timeInterval?: string } }[];
  }>("deploy/grafana/datasources.yaml");
  const interval = datasources.find(({ uid }) => uid === "prometheus")?.jsonData.timeInterval;
  const exports = compose.services.shop.environment?.OTEL_METRIC_EXPORT_INTERVAL;
  assert.equal(`${Number(exports) / 1000}s`, interval);
});
