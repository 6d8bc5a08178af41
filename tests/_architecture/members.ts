import { posix } from "node:path";
import { repository } from "./import_graph.ts";

/** What these tests read of a `deno.json`. */
export interface MemberConfig {
  readonly imports?: Readonly<Record<string, string>>;
  readonly exports?: string | Readonly<Record<string, string>>;
  readonly workspace?: readonly string[];
}

/** A member of the workspace, or the workspace's root itself. */
export interface Member {
  /** The folder, relative to the repository; empty for the root. */
  readonly folder: string;
  readonly config: MemberConfig;
}

/** The root and every member that it names. */
export function readMembers(): Member[] {
  const root = readConfig("");
  const folders = (root.workspace ?? []).map((path) => posix.normalize(path));
  return ["", ...folders].map((folder) => ({
    folder,
    config: readConfig(folder),
  }));
}

function readConfig(folder: string): MemberConfig {
  const path = posix.join(repository, folder, "deno.json");
  return JSON.parse(Deno.readTextFileSync(path));
}

/** The files that members export, relative to the repository. */
export function publicFaces(members: readonly Member[]): Set<string> {
  return new Set(members.flatMap(({ folder, config: { exports = {} } }) => {
    const targets = typeof exports === "string" ? [exports] : Object.values(exports);
    return targets.map((target) => posix.join(folder, target));
  }));
}
