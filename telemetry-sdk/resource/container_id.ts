import { type Mount, parseMounts } from "./mounts.ts";

/** What Linux tells a process about its place. */
export interface ProcFiles {
  /** `/proc/self/cgroup`. */
  readonly cgroup: string;
  /** `/proc/self/mountinfo`. */
  readonly mountinfo: string;
}

/**
 * An id in a control group's path, as Docker, containerd, CRI-O, Podman and ECS write it: alone, after a word and
 * a dash or a colon, before `.scope`.
 */
const IN_CGROUP = /(?:^|[/:-])([0-9a-f]{64}|[0-9a-f]{32}-\d{6,12})(?:\.scope)?(?=\/|$)/g;
/** The files that Docker and Podman mount into a container lie in a folder named after it. */
const IN_MOUNT = /\/(?:overlay-)?containers\/([0-9a-f]{64})\/(?:userdata\/)?[\w.-]+$/;
const MOUNTED = new Set(["/etc/hostname", "/etc/hosts", "/etc/resolv.conf", "/run/.containerenv"]);

/** A pod's id: in a control group's path, where systemd wants other signs, or in what is mounted. */
const POD_IN_CGROUP =
  /kubepods[^\n]*[/-]pod([0-9a-f]{8}(?:[-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}|[0-9a-f]{32})/;
const POD_IN_MOUNT = /\/pods\/([0-9a-f-]{32,36})\/etc-hosts$/;
const CONTAINER_NAME = /\/pods\/[0-9a-f-]{32,36}\/containers\/([^/]+)\/[^/]+$/;

/**
 * The id of the container that the process runs in.
 *
 * @param files What Linux tells of it; empty where it cannot be read.
 */
export function containerId(files: ProcFiles): string | undefined {
  const mounts = parseMounts(files.mountinfo);
  const paths = files.cgroup.split("\n").map((line) => line.split(":").slice(2).join(":"));
  const roots = mounts.filter(({ point }) => point.startsWith("/sys/fs/cgroup")).map(({ root }) =>
    root
  );
  const inCgroup = firstOf(
    [...paths, ...roots],
    (path) => path.matchAll(IN_CGROUP).toArray().at(-1)?.[1],
  );
  if (inCgroup !== undefined) return inCgroup;
  // In a pod these files belong to the container that only holds the pod together.
  if (podUid(files) !== undefined) return undefined;
  return firstOf(
    mounts.filter(({ point }) => MOUNTED.has(point)),
    ({ root }: Mount) => IN_MOUNT.exec(root)?.[1],
  );
}

/** The id of the Kubernetes pod that the process runs in. */
export function podUid({ cgroup, mountinfo }: ProcFiles): string | undefined {
  const inCgroup = POD_IN_CGROUP.exec(cgroup)?.[1]?.replaceAll("_", "-");
  return inCgroup ?? inMount(mountinfo, "/etc/hosts", POD_IN_MOUNT);
}

/** The name of the container within its pod. */
export function podContainerName({ mountinfo }: ProcFiles): string | undefined {
  return inMount(mountinfo, "/dev/termination-log", CONTAINER_NAME);
}

function inMount(mountinfo: string, point: string, pattern: RegExp): string | undefined {
  const mount = parseMounts(mountinfo).find((candidate) => candidate.point === point);
  return mount && pattern.exec(mount.root)?.[1];
}

function firstOf<T>(
  items: readonly T[],
  find: (item: T) => string | undefined,
): string | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
