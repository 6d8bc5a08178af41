import type { Import } from "./import_graph.ts";

/** Gives the imports that break a rule. */
export type ImportRule = (imports: readonly Import[]) => Import[];

/** The API packages: they do nothing until an application registers an SDK. */
const API_PACKAGES = [
  "npm:@opentelemetry/api",
  "npm:@opentelemetry/api-logs",
  "npm:@opentelemetry/semantic-conventions",
];

function isOpenTelemetry(path: string): boolean {
  return path.startsWith("npm:@opentelemetry/");
}

function isFramework(path: string): boolean {
  return path.startsWith("framework/");
}

function isTelemetrySdk(path: string): boolean {
  return path.startsWith("telemetry-sdk/");
}

/** Rule 1: the framework works with any SDK and with none, so it imports none. */
export const frameworkImportsNoSdk: ImportRule = (imports) =>
  imports.filter(({ from, to }) =>
    isFramework(from) &&
    (isTelemetrySdk(to) || isOpenTelemetry(to) && !API_PACKAGES.includes(to))
  );

/** Rule 2: the SDK meets the framework only at the API's globals. */
export const sdkImportsNoFramework: ImportRule = (imports) =>
  imports.filter(({ from, to }) => isTelemetrySdk(from) && isFramework(to));

const SPEAKS_OPENTELEMETRY = /^framework\/(telemetry\/.+|debugger\/(otel_bridge|span_table)\.ts)$/;

/** Rule 3: few files of the framework know that OpenTelemetry exists. */
export const openTelemetryStaysInItsPlace: ImportRule = (imports) =>
  imports.filter(({ from, to }) =>
    isFramework(from) && isOpenTelemetry(to) && !SPEAKS_OPENTELEMETRY.test(from)
  );

/**
 * The framework's layers from the bottom up; a file imports from its own and from lower ones. A
 * folder that is not named here is a layer of its own beside the ORM, and a file in the root that
 * is not named here belongs to the application.
 */
const LEAVES = ["framework/env.ts", "framework/errors.ts", "framework/lifecycle.ts"];
const LOWER_FOLDERS = ["telemetry", "router", "http"];
const LEAF_RANK = 0;
const SIBLING_RANK = LOWER_FOLDERS.length + 1;
const APP_RANK = SIBLING_RANK + 1;

function folderOf(path: string): string | undefined {
  return /^framework\/([^/]+)\//.exec(path)?.[1];
}

function rankOf(path: string): number {
  if (LEAVES.includes(path)) return LEAF_RANK;
  const folder = folderOf(path);
  if (folder === undefined) return APP_RANK;
  const lower = LOWER_FOLDERS.indexOf(folder);
  return lower < 0 ? SIBLING_RANK : lower + 1;
}

/** The foundations that a sibling may build on; any other folder is itself a sibling. */
function isSibling(folder: string | undefined): boolean {
  return folder !== undefined && folder !== "telemetry" && folder !== "http";
}

/** Rule 4: imports point downwards, and siblings know nothing of each other. */
export const importsPointDown: ImportRule = (imports) =>
  imports.filter(({ from, to }) => {
    if (!isFramework(from) || !isFramework(to) || to.endsWith(".json")) {
      return false;
    }
    const [source, target] = [folderOf(from), folderOf(to)];
    return rankOf(to) > rankOf(from) ||
      source !== target && isSibling(source) && isSibling(target);
  });

/** Rule 5: a `mod.ts` faces outward, so nothing in its folder or below imports it. */
export const modFacesOutward: ImportRule = (imports) =>
  imports.filter(({ from, to }) =>
    to.endsWith("/mod.ts") && from.startsWith(to.slice(0, -"mod.ts".length))
  );

/**
 * Rule 6: viewer, example and the program itself use other members as any user would.
 *
 * @param publicFaces The files that the members export.
 */
export function onlyPublicFaces(publicFaces: ReadonlySet<string>): ImportRule {
  return (imports) =>
    imports.filter(({ from, to }) =>
      /^(viewer\/|example\/|main\.ts$)/.test(from) &&
      /^(framework|telemetry-sdk|viewer|example|tests|bench)\//.test(to) &&
      memberOf(from) !== memberOf(to) && !publicFaces.has(to)
    );
}

function memberOf(path: string): string | undefined {
  return path.split("/", 1)[0];
}
