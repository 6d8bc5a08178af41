import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  buildContext,
  environmentOf,
  execForm,
  type Instruction,
  readDockerfile,
} from "../deploy/_dockerfile.ts";
import { startProcess } from "../_process.ts";

const root = new URL("../../", import.meta.url);

/** A folder in which the Dockerfile was followed, as far as that goes without an engine. */
interface Image extends AsyncDisposable {
  /** Stands for the image's `/`. */
  readonly folder: string;
  readonly workdir: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Copies, runs and sets what the Dockerfile says, in a folder that stands for `/`. */
async function build(instructions: readonly Instruction[]): Promise<Image> {
  const folder = await Deno.makeTempDir({ prefix: "echelon-image-" });
  const context = await buildContext(root);
  const environment = { DENO_DIR: join(folder, "deno-dir") };
  let workdir = folder;
  for (const { name, text } of instructions) {
    switch (name) {
      case "WORKDIR":
      case "VOLUME":
        await Deno.mkdir(join(folder, text), { recursive: true });
        if (name === "WORKDIR") workdir = join(folder, text);
        break;
      case "COPY":
        await copy(text, { context, workdir });
        break;
      case "RUN":
        // A shell prepares what belongs to whom, which a folder of ours need not.
        if (text.startsWith("[")) await run(text, { environment, workdir });
    }
  }
  return {
    folder,
    workdir,
    environment: { ...environmentOf(instructions), ...environment },
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

async function copy(
  text: string,
  { context, workdir }: { readonly context: readonly string[]; readonly workdir: string },
): Promise<void> {
  const paths = text.split(" ");
  const target = paths.pop() ?? "";
  for (const source of paths) {
    const files = context.filter((path) => path === source || path.startsWith(`${source}/`));
    assert.ok(files.length > 0, `COPY ${text}: the build context has no ${source}`);
    for (const file of files) {
      // Into a folder goes a file by its name, and what is in a folder.
      const within = file === source ? source.split("/").at(-1) ?? "" : file.slice(source.length);
      const to = join(workdir, target, within);
      await Deno.mkdir(dirname(to), { recursive: true });
      await Deno.copyFile(join(fileURLToPath(root), file), to);
    }
  }
}

async function run(
  text: string,
  { environment, workdir }: {
    readonly environment: Record<string, string>;
    readonly workdir: string;
  },
): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: execForm(text).slice(1),
    cwd: workdir,
    env: environment,
  }).output();
  assert.ok(success, `RUN ${text}: ${new TextDecoder().decode(stderr)}`);
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

Deno.test("the image's commands make a service that is healthy, and its check sees when not", async () => {
  const instructions = await readDockerfile();
  await using image = await build(instructions);
  // In the folder, and not in the machine's root.
  const placed = (text: string) => text.replaceAll("/data/", `${image.folder}/data/`);
  const last = (wanted: string) => instructions.findLast(({ name }) => name === wanted)?.text ?? "";
  const env = Object.fromEntries(
    Object.entries({ ...image.environment, PORT: String(freePort()), HOST: "127.0.0.1" })
      .map(([name, value]) => [name, placed(value)]),
  );
  const telemetry = {
    OTEL_TRACES_EXPORTER: "none",
    OTEL_METRICS_EXPORTER: "none",
    OTEL_LOGS_EXPORTER: "none",
  };
  const [, ...args] = execForm(placed(last("CMD")));
  await using service = await startProcess({
    args,
    cwd: image.workdir,
    env: { ...env, ...telemetry },
    ready: /"url":"([^"]+)\/"/,
  });
  const products = await fetch(`${service.url}/products`);
  assert.equal((await products.json()).length, 20);

  const health = execForm(last("HEALTHCHECK").replace(/^.*CMD /, "")).slice(1);
  const check = async () => {
    await using probe = await startProcess({ args: health, cwd: image.workdir, env });
    return (await probe.status).code;
  };
  assert.equal(await check(), 0);
  service.signal("SIGTERM");
  assert.equal((await service.status).code, 0);
  assert.equal(await check(), 1);
  await Deno.stat(join(image.folder, "data", "shop.db"));
});
