import assert from "node:assert/strict";
import { join } from "node:path";
import { getCollector } from "../../deploy/collector/collector_cache.ts";
import { findGo } from "../../deploy/collector/go_toolchain.ts";
import { readManifest } from "../../deploy/collector/manifest.ts";
import { CollectorUnavailableError } from "../../deploy/collector/unavailable_error.ts";

/** A folder that goes when it is disposed of. */
async function makeFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await Deno.makeTempDir({ prefix: "echelon-go-" });
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

async function writeProgram(folder: string, name: string, body: string): Promise<string> {
  const path = join(folder, name);
  await Deno.writeTextFile(path, `#!/bin/sh\n${body}`, { mode: 0o755 });
  return path;
}

/**
 * A Go whose builder makes a collector at once. It notes each build in the file `builds`.
 *
 * @param saysVersion The version that the collector tells, and the builder's exit code.
 */
function writeGo(folder: string, saysVersion: string, exitCode = 0): Promise<string> {
  return writeProgram(
    folder,
    "go",
    `case "$1" in
  version) echo "go version go1.26.0 linux/amd64" ;;
  list) ;;
  install) mkdir -p "$GOBIN" && cat > "$GOBIN/builder" <<'END'
#!/bin/sh
echo built >> ${folder}/builds
sources=$(sed -n 's/^  output_path: "\\(.*\\)"$/\\1/p' "\${1#--config=}")
mkdir "$sources"
printf '#!/bin/sh\\necho "echelon-collector version ${saysVersion}"' > "$sources/echelon-collector"
chmod +x "$sources/echelon-collector"
echo "the linker is unwell" >&2
exit ${exitCode}
END
    chmod +x "$GOBIN/builder" ;;
esac`,
  );
}

async function builds(folder: string): Promise<number> {
  return (await Deno.readTextFile(join(folder, "builds"))).split("\n").length - 1;
}

async function manifestVersion(): Promise<string> {
  const manifest = new URL("../../deploy/collector/manifest.yaml", import.meta.url);
  return readManifest(await Deno.readTextFile(manifest)).version;
}

Deno.test("findGo() says what to install when there is no Go", async () => {
  await assert.rejects(findGo(["/no/such/go"]), (error) => {
    assert.ok(error instanceof CollectorUnavailableError);
    assert.match(error.message, /no Go was found.*Install Go 1\.21 or later.*go\.dev\/dl/);
    return true;
  });
});

Deno.test("findGo() passes over a Go that is too old", async () => {
  await using folder = await makeFolder();
  const old = await writeProgram(folder.path, "old", "echo go version go1.20.14 linux/amd64");
  await assert.rejects(findGo([old]), /only go1\.20\.14 at ".*old" was found/);
  const young = await writeProgram(folder.path, "young", "echo go version go2.0 linux/amd64");
  assert.deepEqual(await findGo([old, young]), { path: young, version: "go2.0" });
});

Deno.test("getCollector() builds once, also for two that ask at the same time", async () => {
  await using folder = await makeFolder();
  const go = await writeGo(folder.path, await manifestVersion());
  const options = { cache: join(folder.path, "cache"), goCandidates: [go] };
  const [path, same] = await Promise.all([getCollector(options), getCollector(options)]);
  assert.equal(path, same);
  assert.equal(await getCollector({ ...options, goCandidates: [] }), path);
  assert.equal(await builds(folder.path), 1);
  const { stdout } = await new Deno.Command(path, { args: ["--version"] }).output();
  assert.match(new TextDecoder().decode(stdout), /^echelon-collector version/);
});

Deno.test("getCollector() keeps nothing of a build that failed", async () => {
  await using folder = await makeFolder();
  const options = { cache: join(folder.path, "cache") };
  const failing = await writeGo(folder.path, await manifestVersion(), 1);
  await assert.rejects(
    getCollector({ ...options, goCandidates: [failing] }),
    /The collector could not be built:\nthe linker is unwell/,
  );
  const wrong = await writeGo(folder.path, "0.0.1");
  await assert.rejects(
    getCollector({ ...options, goCandidates: [wrong] }),
    /answers "echelon-collector version 0\.0\.1" in place of "echelon-collector version/,
  );
  const left = await Array.fromAsync(Deno.readDir(options.cache), ({ name }) => name);
  assert.deepEqual(left, ["lock"]);
});

Deno.test("getCollector() takes away what a killed build left behind", async () => {
  await using folder = await makeFolder();
  const cache = join(folder.path, "cache");
  await Deno.mkdir(join(cache, "building-old"), { recursive: true });
  const go = await writeGo(folder.path, await manifestVersion());
  await getCollector({ cache, goCandidates: [go] });
  const left = await Array.fromAsync(Deno.readDir(cache), ({ name }) => name);
  assert.ok(!left.some((name) => name.startsWith("building-")), left.join());
});

Deno.test("getCollector() tells a module that cannot be fetched from a build that fails", async () => {
  await using folder = await makeFolder();
  const offline = await writeProgram(
    folder.path,
    "go",
    `[ "$1" = version ] && echo go version go1.26.0 && exit 0
echo "dial tcp: no route to host" >&2
exit 1`,
  );
  await assert.rejects(
    getCollector({ cache: join(folder.path, "cache"), goCandidates: [offline] }),
    (error) => error instanceof CollectorUnavailableError && /no route to host/.test(error.message),
  );
});

Deno.test("readManifest() refuses a manifest without a version", () => {
  const text = "dist:\n  name: a\nreceivers:\n  - version: 1\n";
  assert.throws(() => readManifest(text), /no "version" under "dist"/);
});
