// Says which packages are loaded before a configuration file is read, and after.
import { createRequire } from "node:module";
import { configFromFile } from "../../../../../telemetry-sdk/config/file/from_file.ts";

const [path = ""] = Deno.args;
const { cache } = createRequire(import.meta.url);

function loaded(): string {
  const modules = Object.keys(cache);
  const packages = ["yaml", "@opentelemetry/configuration"].filter((name) =>
    modules.some((module) => module.includes(`/${name}/`))
  );
  return packages.join(" and ") || "nothing";
}

print(`before: ${loaded()}`);
configFromFile({ path, env: () => undefined });
print(`after: ${loaded()}`);

function print(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}
