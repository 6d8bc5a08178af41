import assert from "node:assert/strict";
import { buildContext, environmentOf, execForm, readDockerfile } from "./_dockerfile.ts";
import { readRepositoryFile } from "./_queries.ts";

const root = new URL("../../", import.meta.url);
const instructions = await readDockerfile();
const textsOf = (wanted: string) =>
  instructions.filter(({ name }) => name === wanted).map(({ text }) => text);

interface RootConfig {
  readonly workspace: readonly string[];
  readonly tasks: Readonly<Record<string, { readonly command: string }>>;
}

async function rootConfig(): Promise<RootConfig> {
  return JSON.parse(await readRepositoryFile("deno.json"));
}

Deno.test("the image is pinned and knows every member of the workspace", async () => {
  assert.match(textsOf("FROM").join(), /^denoland\/deno:\d+\.\d+\.\d+$/);
  const copied = new Set(textsOf("COPY").flatMap((text) => text.split(" ").slice(0, -1)));
  for (const member of (await rootConfig()).workspace) {
    const config = `${member.replace(/^\.\//, "")}/deno.json`;
    assert.ok(copied.has(config), `the Dockerfile does not copy ${config}`);
  }
});

Deno.test("the image installs what the lock file says, before the sources change", () => {
  const runs = textsOf("RUN").filter((text) => text.startsWith("["));
  const commands = runs.map((text) => execForm(text).join(" "));
  assert.deepEqual(commands, ["deno install --frozen", "deno cache --frozen main.ts"]);
  const install = instructions.findIndex(({ text }) => text.includes('"install"'));
  const early = instructions.slice(0, install).filter(({ name }) => name === "COPY");
  assert.ok(early.every(({ text }) => /^(?:\S*deno\.(?:json|lock) )+\S+$/.test(text)));
});

Deno.test("the image runs as nobody special, with the permissions of start:otel", async () => {
  assert.deepEqual(textsOf("USER"), ["deno"]);
  const order = instructions.map(({ name }) => name);
  assert.ok(order.lastIndexOf("RUN") < order.indexOf("USER"));
  const kvPath = environmentOf(instructions).KV_PATH ?? "";
  const { tasks } = await rootConfig();
  const task = tasks["start:otel"]?.command.replaceAll(/\$\([^)]*\)/g, kvPath).split(" ") ?? [];
  const command = execForm(textsOf("CMD").join());
  assert.deepEqual(command.filter((word) => word !== "--cached-only").sort(), task.sort());
  assert.ok(command.includes("--cached-only"));
  const [volume = ""] = textsOf("VOLUME");
  assert.ok(kvPath.startsWith(`${volume}/`));
});

Deno.test("the build context holds the sources of the service and nothing else", async () => {
  const context = await buildContext(root);
  const folders = new Set(context.map((path) => path.includes("/") ? path.split("/")[0] : path));
  const expected = ["deno.json", "deno.lock", "example", "framework", "main.ts", "telemetry-sdk"];
  const configs = (await rootConfig()).workspace.map((member) => member.replace(/^\.\//, ""));
  assert.deepEqual([...folders].sort(), [...new Set([...expected, ...configs])].sort());
  for (const member of configs.filter((name) => !expected.includes(name))) {
    const files = context.filter((path) => path.startsWith(`${member}/`));
    assert.deepEqual(files, [`${member}/deno.json`]);
  }
});

Deno.test("the build context leaves out data and secrets that lie among the sources", async () => {
  const folder = await Deno.makeTempDir({ prefix: "echelon-context-" });
  try {
    const files = [
      "example/shop.db",
      "example/shop.db-wal",
      "framework/.env",
      "framework/.env.dev",
    ];
    const kept = ["example/home.ts", "framework/mod.ts", "main.ts"];
    await Deno.mkdir(`${folder}/example`);
    await Deno.mkdir(`${folder}/framework`);
    for (const path of [...files, ...kept, "README.md"]) {
      await Deno.writeTextFile(`${folder}/${path}`, "");
    }
    assert.deepEqual(await buildContext(new URL(`file://${folder}/`)), kept);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
