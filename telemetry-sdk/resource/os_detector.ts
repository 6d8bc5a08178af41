import type { Attributes } from "@opentelemetry/api";
import type { Surroundings } from "./surroundings.ts";

/** OpenTelemetry's word for an operating system, where it is not Deno's own. */
const TYPES: Readonly<Record<string, string>> = { android: "linux", illumos: "solaris" };

/** The operating system. */
export function detectOs(surroundings: Surroundings): Attributes {
  const release = surroundings.isLinux
    ? surroundings.file("os.description", "/etc/os-release") ?? ""
    : "";
  return {
    "os.type": TYPES[Deno.build.os] ?? Deno.build.os,
    "os.version": surroundings.system("os.version", {
      kinds: ["osRelease"],
      look: () => Deno.osRelease(),
    }),
    "os.name": valueOf(release, "NAME"),
    "os.description": valueOf(release, "PRETTY_NAME"),
  };
}

/** A value of `/etc/os-release`, which is written for a shell: with or without quotes. */
function valueOf(release: string, name: string): string | undefined {
  const value = new RegExp(`^${name}=(.*)$`, "m").exec(release)?.[1]?.trim();
  return value?.replace(/^(["'])(.*)\1$/, "$2") || undefined;
}
