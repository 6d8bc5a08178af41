/** An attribute of the resource that could not be found out for want of a permission. */
export interface MissingPermission {
  /** The attribute's name. */
  readonly attribute: string;
  /** The flag that would allow it. */
  readonly flag: string;
  /** Whether it is there only in some places, such as a container: then nobody need miss it. */
  readonly optional: boolean;
}

/**
 * Says in a few words what could not be found out, and what would help.
 *
 * @param missing What could not be found out.
 * @returns Words that follow "no permission to", or `undefined` where nothing is missed. What is optional is not
 * spoken of.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * assert.equal(
 *   describeMissing([
 *     { attribute: "host.name", flag: "--allow-sys=hostname", optional: false },
 *     { attribute: "os.version", flag: "--allow-sys=osRelease", optional: false },
 *     { attribute: "container.id", flag: "--allow-all", optional: true },
 *   ]),
 *   "find out host.name, os.version (--allow-sys=hostname,osRelease)",
 * );
 * ```
 */
export function describeMissing(missing: readonly MissingPermission[]): string | undefined {
  const missed = missing.filter(({ optional }) => !optional);
  if (missed.length === 0) return undefined;
  const attributes = new Set(missed.map(({ attribute }) => attribute));
  const flags = Map.groupBy(
    missed.map(({ flag }) => flag.split("=")),
    ([name = ""]) => name,
  );
  const joined = Array.from(flags, ([name, uses]) => {
    const values = new Set(uses.flatMap(([, value]) => value ?? []));
    return values.size === 0 ? name : `${name}=${[...values].join(",")}`;
  });
  return `find out ${[...attributes].join(", ")} (${joined.join(" ")})`;
}
