import type { Attributes } from "@opentelemetry/api";
import { containerId, type ProcFiles } from "./container_id.ts";
import type { Surroundings } from "./surroundings.ts";

const ID = "container.id";
/** What Podman writes into a container that may know. */
const PODMAN_ID = /^id="([0-9a-f]{64})"$/m;
const SHORT_ID = /^[0-9a-f]{12}$/;

/** The container that the process runs in. */
export function detectContainer(surroundings: Surroundings): Attributes {
  if (!surroundings.isLinux) return {};
  const id = containerId(procFiles(surroundings, ID)) ?? podmanId(surroundings) ??
    dockerId(surroundings);
  return id === undefined ? {} : { [ID]: id };
}

/** Reads what Linux tells of the process's place. */
export function procFiles(surroundings: Surroundings, attribute: string): ProcFiles {
  return {
    cgroup: surroundings.file(attribute, "/proc/self/cgroup") ?? "",
    mountinfo: surroundings.file(attribute, "/proc/self/mountinfo") ?? "",
  };
}

function podmanId(surroundings: Surroundings): string | undefined {
  return PODMAN_ID.exec(surroundings.file(ID, "/run/.containerenv") ?? "")?.[1];
}

/** Docker names a host after the first digits of the container's id, and an id may be abbreviated. */
function dockerId(surroundings: Surroundings): string | undefined {
  if (surroundings.file(ID, "/.dockerenv") === undefined) return undefined;
  const name = surroundings.hostname(ID);
  return name !== undefined && SHORT_ID.test(name) ? name : undefined;
}
