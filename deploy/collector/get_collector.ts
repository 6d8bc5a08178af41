/**
 * `deno task collector`: a real OpenTelemetry Collector without Docker.
 *
 * Without arguments it prints the collector's path. With arguments it runs the collector with them.
 * `--if-possible` alone ends with 0 where the collector cannot be had, and says why.
 */
import { join } from "node:path";
import { defaultCache, getCollector } from "./collector_cache.ts";
import { CollectorUnavailableError } from "./unavailable_error.ts";

function say(line: string): void {
  // deno-lint-ignore no-console
  console.error(`collector: ${line}`);
}

async function main(args: readonly string[]): Promise<number> {
  const ifPossible = args.length === 1 && args[0] === "--if-possible";
  let path: string;
  try {
    path = await getCollector({ say });
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return ifPossible && error instanceof CollectorUnavailableError ? 0 : 1;
  }
  if (args.length > 0 && !ifPossible) return await runCollector(path, args);
  await Deno.stdout.write(new TextEncoder().encode(`${path}\n`));
  return 0;
}

async function runCollector(path: string, args: readonly string[]): Promise<number> {
  // The configurations' own default is a directory of the system, where a service may write.
  const storage = Deno.env.get("STORAGE_DIR") ?? join(defaultCache(), "storage");
  const child = new Deno.Command(path, { args: [...args], env: { STORAGE_DIR: storage } }).spawn();
  // A terminal sends Ctrl+C to both; a supervisor sends SIGTERM to this process only.
  Deno.addSignalListener("SIGINT", () => {});
  if (Deno.build.os !== "windows") {
    Deno.addSignalListener("SIGTERM", () => child.kill("SIGTERM"));
  }
  return (await child.status).code;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
