import { userInfo } from "node:os";
import type { Attributes } from "@opentelemetry/api";
import type { Surroundings } from "./surroundings.ts";

/** What this process is. The command line is left out on purpose: it carries secrets. */
export function detectProcess(surroundings: Surroundings): Attributes {
  const { deno, v8, typescript } = Deno.version;
  return {
    "process.pid": Deno.pid,
    "process.creation.time": new Date(performance.timeOrigin).toISOString(),
    "process.executable.name": surroundings.system("process.executable.name", {
      kinds: [],
      look: () => Deno.execPath().split(/[/\\]/).at(-1) ?? null,
    }),
    "process.owner": surroundings.system("process.owner", {
      kinds: ["uid", "gid", "username"],
      look: () => userInfo().username,
    }),
    "process.runtime.name": "deno",
    "process.runtime.version": deno,
    "process.runtime.description": `Deno ${deno}, V8 ${v8}, TypeScript ${typescript}`,
  };
}
