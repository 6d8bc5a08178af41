import { join } from "node:path";
import { buildCollector, program } from "./build_collector.ts";
import { findGo, goCandidates } from "./go_toolchain.ts";
import { type CollectorManifest, readManifest } from "./manifest.ts";

const MANIFEST = new URL("./manifest.yaml", import.meta.url);
const UNFINISHED = "building-";

/** Where a collector is kept and how one is come by; all of it has a default. */
export interface CollectorOptions {
  /** The folder that keeps collectors, one for each manifest. */
  readonly cache?: string;
  /** The programs that may be Go. */
  readonly goCandidates?: readonly string[];
  /** Told what takes its time. */
  readonly say?: (line: string) => void;
}

/** Reads the manifest that stands beside this file. */
export async function shippedManifest(): Promise<CollectorManifest> {
  return readManifest(await Deno.readTextFile(MANIFEST));
}

/** `$XDG_CACHE_HOME/echelon/collector`, or its like on this system. */
export function defaultCache(): string {
  const home = Deno.env.get("HOME") || Deno.env.get("USERPROFILE") || Deno.cwd();
  const base = Deno.env.get("XDG_CACHE_HOME") || Deno.env.get("LOCALAPPDATA") ||
    join(home, ".cache");
  return join(base, "echelon", "collector");
}

/**
 * Looks for a collector that is there already.
 *
 * @returns Its path, or undefined.
 */
export async function cachedCollector(
  { cache = defaultCache() }: CollectorOptions = {},
): Promise<string | undefined> {
  const path = collectorPath(cache, await shippedManifest());
  return await exists(path) ? path : undefined;
}

/**
 * Gives the path of a collector that runs, and builds it first where there is none.
 *
 * @throws {CollectorUnavailableError} When it cannot be built on this machine.
 * @throws {Error} When the build fails.
 */
export async function getCollector(
  { cache = defaultCache(), goCandidates: candidates = goCandidates(), say = () => {} }:
    CollectorOptions = {},
): Promise<string> {
  const manifest = await shippedManifest();
  const path = collectorPath(cache, manifest);
  if (await exists(path)) return path;
  const go = await findGo(candidates);
  await Deno.mkdir(cache, { recursive: true });
  // The system lets go of the lock when its holder ends, in whatever way.
  using lock = await Deno.open(join(cache, "lock"), { create: true, write: true });
  await lock.lock(true);
  if (await exists(path)) return path;
  await removeUnfinished(cache);
  const folder = await Deno.makeTempDir({ dir: cache, prefix: UNFINISHED });
  try {
    const finished = await buildCollector({ go, manifest, folder, say });
    // On one file system, so that it is there whole or not at all.
    await Deno.rename(finished, join(cache, manifest.key));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  return path;
}

function collectorPath(cache: string, { key, name }: CollectorManifest): string {
  return join(cache, key, program(name));
}

async function exists(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** What a build left behind that was killed. Only the holder of the lock may take it away. */
async function removeUnfinished(cache: string): Promise<void> {
  for await (const { name } of Deno.readDir(cache)) {
    if (name.startsWith(UNFINISHED)) await Deno.remove(join(cache, name), { recursive: true });
  }
}
