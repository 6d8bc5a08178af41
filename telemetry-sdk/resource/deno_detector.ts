import type { Attributes } from "@opentelemetry/api";

/** OpenTelemetry's word for an architecture, where it is not Deno's own. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x86_64: "amd64", aarch64: "arm64" };

/**
 * What this process is and where it runs, as far as it may say so without asking.
 *
 * The command line is left out on purpose: it carries secrets.
 */
export function detectDeno(): Attributes {
  const { deno, v8, typescript } = Deno.version;
  return {
    "process.pid": Deno.pid,
    "process.runtime.name": "deno",
    "process.runtime.version": deno,
    "process.runtime.description": `Deno ${deno}, V8 ${v8}, TypeScript ${typescript}`,
    "host.arch": ARCHITECTURES[Deno.build.arch] ?? Deno.build.arch,
    "os.type": Deno.build.os,
    ...whereAllowed("hostname", () => ({ "host.name": Deno.hostname() })),
    ...whereAllowed("osRelease", () => ({ "os.version": Deno.osRelease() })),
  };
}

/** Deno prompts for a permission that is neither granted nor denied, so it is looked up first. */
function whereAllowed(kind: "hostname" | "osRelease", detect: () => Attributes): Attributes {
  return Deno.permissions.querySync({ name: "sys", kind }).state === "granted" ? detect() : {};
}
