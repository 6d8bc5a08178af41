import assert from "node:assert/strict";
import { repository, sourceFiles } from "./_architecture/import_graph.ts";
import { type Member, readMembers } from "./_architecture/members.ts";
import { inspectSource } from "./_architecture/source_rules.ts";

const members = readMembers();

/** An npm import of a `deno.json`. */
interface Pin {
  readonly folder: string;
  readonly name: string;
  readonly version: string;
}

/** Splits `npm:@scope/name@1.2.3/sub/path`; the version is empty when there is none. */
function parsePin(folder: string, target: string): Pin {
  const match = /^npm:\/?((?:@[^/@]+\/)?[^/@]+)(?:@([^/]+))?/.exec(target);
  assert.ok(match?.[1], `"${target}" in ${folder}/deno.json is no npm import`);
  return { folder, name: match[1], version: match[2] ?? "" };
}

function pinsOf(list: readonly Member[]): Pin[] {
  return list.flatMap(({ folder, config }) =>
    Object.values(config.imports ?? {})
      .filter((target) => target.startsWith("npm:"))
      .map((target) => parsePin(folder, target))
  );
}

/** The packages that come in more than one version. */
function ambiguous(
  versions: readonly Pick<Pin, "name" | "version">[],
): Record<string, readonly string[]> {
  const byName = Map.groupBy(versions, ({ name }) => name);
  const several = [...byName].map(([name, found]) =>
    [name, [...new Set(found.map(({ version }) => version))]] as const
  ).filter(([, found]) => found.length > 1);
  return Object.fromEntries(several);
}

/** The packages of a lock file's `npm` section, whose keys end in the peers: `a@1.0.0_b@2.0.0`. */
function lockedPackages(
  keys: readonly string[],
): Pick<Pin, "name" | "version">[] {
  return keys.map((key) => {
    const match = /^((?:@[^/]+\/)?[^@]+)@([^_]+)/.exec(key);
    assert.ok(match?.[1] && match[2], `Key "${key}" of the lock file is unknown`);
    return { name: match[1], version: match[2] };
  });
}

/** Whether a specifier goes around the members' `deno.json`, where versions are pinned. */
function isUnpinned(specifier: string): boolean {
  return /^(jsr|npm|https?|data|blob):/.test(specifier);
}

async function readLocked(): Promise<Pick<Pin, "name" | "version">[]> {
  const lock = JSON.parse(await Deno.readTextFile(`${repository}deno.lock`));
  assert.equal(lock.jsr, undefined, "deno.lock holds packages of JSR");
  assert.equal(lock.remote, undefined, "deno.lock holds modules by URL");
  return lockedPackages(Object.keys(lock.npm));
}

const EXACT = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/;

Deno.test("parsePin() splits name, version and subpath", () => {
  const pin = (target: string) => {
    const { name, version } = parsePin("tests", target);
    return `${name} ${version}`;
  };
  assert.equal(pin("npm:@scope/name@1.2.3/sub/path"), "@scope/name 1.2.3");
  assert.equal(pin("npm:name@^1"), "name ^1");
  assert.equal(pin("npm:name/sub"), "name ");
});

Deno.test("every npm import of every member is pinned exactly", () => {
  const isLoose = ({ version }: Pin) => !EXACT.test(version);
  const loose = ["npm:a", "npm:a@1", "npm:a@^1.0.0", "npm:a@1.x", "npm:a@latest"];
  assert.ok(loose.every((target) => isLoose(parsePin("tests", target))));
  assert.equal(isLoose(parsePin("tests", "npm:a@1.0.0-rc.1")), false);
  assert.deepEqual(pinsOf(members).filter(isLoose), []);
});

Deno.test("all members pin a package to the same version", () => {
  const made = [parsePin("a", "npm:x@1.0.0"), parsePin("b", "npm:x@1.0.1")];
  assert.deepEqual(ambiguous(made), { x: ["1.0.0", "1.0.1"] });
  assert.deepEqual(ambiguous(pinsOf(members)), {});
});

Deno.test("no OpenTelemetry package is locked in two versions", async () => {
  const made = lockedPackages([
    "@opentelemetry/core@2.12.0_@opentelemetry+api@1.9.1",
    "@opentelemetry/core@2.12.1_@opentelemetry+api@1.9.1",
    "long@5.3.2",
  ]);
  assert.deepEqual(ambiguous(made), {
    "@opentelemetry/core": ["2.12.0", "2.12.1"],
  });
  const locked = await readLocked();
  assert.ok(locked.length > 0);
  assert.deepEqual(
    ambiguous(locked.filter(({ name }) => name.startsWith("@opentelemetry/"))),
    {},
  );
});

Deno.test("the OpenTelemetry API is exactly 1.9.1, as the SDK's 2.x line needs", async () => {
  const isApi = ({ name }: Pick<Pin, "name">) => name === "@opentelemetry/api";
  const versions = [...pinsOf(members), ...await readLocked()].filter(isApi)
    .map(({ version }) => version);
  assert.deepEqual([...new Set(versions)], ["1.9.1"]);
});

Deno.test("members import from npm only", () => {
  const elsewhere = members.flatMap(({ config }) => Object.values(config.imports ?? {})).filter((
    target,
  ) => !/^(npm:|\.{1,2}\/)/.test(target));
  assert.deepEqual(elsewhere, []);
});

Deno.test("no source goes around the pinned imports", async (t) => {
  await t.step("is told apart", () => {
    const { specifiers } = inspectSource(
      "example.ts",
      `import "jsr:@std/assert";
       export * from "https://deno.land/x/a/mod.ts";
       export { b } from "npm:b";
       const late = await import("npm:c@1");
       type D = import("npm:d").D;
       import "@opentelemetry/api";
       import "node:path";
       const text = 'import "jsr:@std/path"'; // import "jsr:@std/fs"`,
    );
    assert.deepEqual(specifiers.filter(isUnpinned), [
      "jsr:@std/assert",
      "https://deno.land/x/a/mod.ts",
      "npm:b",
      "npm:c@1",
      "npm:d",
    ]);
  });
  await t.step("holds in the sources", async () => {
    const folders = members.map(({ folder }) => folder).filter(Boolean);
    const offences: string[] = [];
    for (const file of sourceFiles([...folders, "viewer", "main.ts"])) {
      const source = await Deno.readTextFile(repository + file);
      for (const specifier of inspectSource(file, source).specifiers) {
        if (isUnpinned(specifier)) offences.push(`${file}: ${specifier}`);
      }
    }
    assert.deepEqual(offences, []);
  });
});
