import type { Attributes } from "@opentelemetry/api";
import { detectContainer } from "./container_detector.ts";
import type { Surroundings } from "./surroundings.ts";

/** OpenTelemetry's word for an architecture, where it is not Deno's own. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x86_64: "amd64", aarch64: "arm64" };

const MACHINE_ID_FILES = ["/etc/machine-id", "/var/lib/dbus/machine-id"];
const MACHINE_ID = /^(?!0+$)[0-9a-f]{32}$/;

/** The machine. */
export function detectHost(surroundings: Surroundings): Attributes {
  return {
    "host.arch": ARCHITECTURES[Deno.build.arch] ?? Deno.build.arch,
    "host.name": surroundings.hostname("host.name"),
    "host.id": machineId(surroundings),
  };
}

/** A container's machine id is its image's, the same in many places, so that it identifies nothing. */
function machineId(surroundings: Surroundings): string | undefined {
  if (!surroundings.isLinux || detectContainer(surroundings)["container.id"] !== undefined) {
    return undefined;
  }
  for (const path of MACHINE_ID_FILES) {
    const id = surroundings.file("host.id", path)?.trim().toLowerCase();
    if (id !== undefined && MACHINE_ID.test(id)) return id;
  }
  return undefined;
}
