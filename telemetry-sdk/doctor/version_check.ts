import { ok, problem, skipped, type Verdict, warning } from "./finding.ts";

/** From this version on the API breaks tracing with the SDK of this line, without a word. */
const FIRST_UNFIT_MINOR = 10;
const LOCK = "deno.lock";

/**
 * Looks into the lock file for a second version of any OpenTelemetry package.
 *
 * @param directory Where the program is; the lock file may be above it.
 */
export function checkVersions(directory: string): Verdict[] {
  const lock = readLock(directory);
  if (typeof lock !== "string") return [lock];
  const versions = packageVersions(lock);
  if (versions === undefined) return [skipped(`${LOCK} cannot be read as JSON.`)];
  const api = versions.get("@opentelemetry/api") ?? new Set();
  const verdicts: Verdict[] = [];
  const unfit = [...api].filter((version) =>
    !/^1\./.test(version) || Number(version.split(".")[1]) >= FIRST_UNFIT_MINOR
  );
  if (unfit.length > 0 || api.size > 1) {
    verdicts.push(problem(
      `${LOCK} has @opentelemetry/api ${[...api].join(" and ")}: spans lose their parents.`,
      "Keep 1.9.1 alone; `deno why @opentelemetry/api` tells who asks for another one.",
    ));
  }
  for (const [name, found] of versions) {
    if (name === "@opentelemetry/api" || found.size < 2) continue;
    verdicts.push(warning(
      `${LOCK} has ${name} ${[...found].join(" and ")}: two copies that do not know each other.`,
      `Pin one version; \`deno why ${name}\` tells who asks for another one.`,
    ));
  }
  return verdicts.length > 0 ? verdicts : [ok("No OpenTelemetry package is there twice.")];
}

/** The text of the nearest lock file, from a directory upwards. */
function readLock(directory: string): string | Verdict {
  for (let path = directory.replace(/\/+$/, "");; path = path.slice(0, path.lastIndexOf("/"))) {
    const file = `${path}/${LOCK}`;
    if (Deno.permissions.querySync({ name: "read", path: file }).state !== "granted") {
      return skipped(`No permission to read ${LOCK}.`, `Give --allow-read=${LOCK}.`);
    }
    try {
      return Deno.readTextFileSync(file);
    } catch {
      if (path === "" || !path.includes("/")) {
        return skipped(`There is no ${LOCK} here to look for two versions of a package in.`);
      }
    }
  }
}

/** The versions of each OpenTelemetry package; `undefined` where the text is no lock file. */
function packageVersions(lock: string): Map<string, Set<string>> | undefined {
  let npm: unknown;
  try {
    npm = JSON.parse(lock)?.npm ?? {};
  } catch {
    return undefined;
  }
  if (typeof npm !== "object" || npm === null) return undefined;
  const versions = new Map<string, Set<string>>();
  for (const key of Object.keys(npm)) {
    // What follows the underscore are the versions of its peers.
    const [, name, version] = /^(@opentelemetry\/[^@]+)@([^_]+)/.exec(key) ?? [];
    if (name === undefined || version === undefined) continue;
    versions.set(name, (versions.get(name) ?? new Set()).add(version));
  }
  return versions;
}
