import { join } from "node:path";
import { type GoToolchain, runWithGo } from "./go_toolchain.ts";
import type { CollectorManifest } from "./manifest.ts";
import { CollectorUnavailableError } from "./unavailable_error.ts";

const BUILDER = "go.opentelemetry.io/collector/cmd/builder";

/** What a build needs. */
export interface BuildOptions {
  readonly go: GoToolchain;
  readonly manifest: CollectorManifest;
  /** An empty folder that may be filled and is thrown away by the caller. */
  readonly folder: string;
  /** Told of each step. */
  readonly say: (line: string) => void;
}

/**
 * Builds the collector that the manifest describes.
 *
 * @returns The folder that holds it and nothing half done: what is in it has run once.
 * @throws {CollectorUnavailableError} When Go cannot fetch modules.
 * @throws {Error} When the build fails, or gives something else than was asked for.
 */
export async function buildCollector(
  { go, manifest, folder, say }: BuildOptions,
): Promise<string> {
  const env = { GOBIN: join(folder, "bin") };
  const builder = `${BUILDER}@v${manifest.version}`;
  const asked = await runWithGo(go, [go.path, "list", "-m", builder], { cwd: folder, env });
  if (!asked.success) {
    throw new CollectorUnavailableError(
      `${go.version} cannot fetch the module "${builder}": ${lastLines(asked.output)}`,
    );
  }

  say(`building ${manifest.name} ${manifest.version} with ${go.version}; this takes some minutes`);
  const install = ["install", "-trimpath", "-ldflags=-s -w", builder] as const;
  const installed = await runWithGo(go, [go.path, ...install], { cwd: folder, env });
  if (!installed.success) throw failure("The builder could not be built", installed.output);

  const sources = join(folder, "sources");
  const config = join(folder, "manifest.yaml");
  await Deno.writeTextFile(config, manifest.withOutputPath(sources));
  const run = [join(folder, "bin", program("builder")), `--config=${config}`] as const;
  const built = await runWithGo(go, run, { cwd: folder, env });
  if (!built.success) throw failure("The collector could not be built", built.output);

  const finished = join(folder, "finished");
  const file = program(manifest.name);
  await Deno.mkdir(finished);
  await Deno.rename(join(sources, file), join(finished, file));
  const { output } = await runWithGo(go, [join(finished, file), "--version"], { cwd: folder, env });
  const expected = `${manifest.name} version ${manifest.version}`;
  if (output !== expected) {
    throw new Error(
      `The collector was built but answers "${lastLines(output)}" in place of "${expected}"`,
    );
  }
  return finished;
}

/** A program's file name on this system. */
export function program(name: string): string {
  return Deno.build.os === "windows" ? `${name}.exe` : name;
}

function failure(what: string, output: string): Error {
  return new Error(`${what}:\n${lastLines(output, 30)}`);
}

function lastLines(output: string, count = 3): string {
  return output.split("\n").slice(-count).join("\n");
}
