import assert from "node:assert/strict";
import { relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** One import, re-export, dynamic import or imported type. */
export interface Import {
  /** The importing file, relative to the repository. */
  readonly from: string;
  /** The imported file, relative to the repository; or a package without version: `npm:name`. */
  readonly to: string;
}

/** The directory that holds the workspace. */
export const repository = fileURLToPath(new URL("../../", import.meta.url));

/** Every TypeScript file of the given files and folders; what does not exist yet has none. */
export function sourceFiles(roots: readonly string[]): string[] {
  return roots.flatMap((root) => {
    const info = statOf(root);
    if (info === undefined) return [];
    if (info.isFile) return [root];
    return [...Deno.readDirSync(repository + root)].flatMap((entry) => {
      const path = `${root}/${entry.name}`;
      if (entry.isDirectory) return sourceFiles([path]);
      return /\.tsx?$/.test(entry.name) ? [path] : [];
    });
  }).sort();
}

function statOf(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(repository + path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** The part of the output of `deno info --json` that is read here. */
interface InfoOutput {
  readonly modules: readonly {
    readonly specifier: string;
    readonly error?: string;
    readonly dependencies?: readonly {
      readonly specifier: string;
      readonly code?: Resolution;
      readonly type?: Resolution;
    }[];
  }[];
}

interface Resolution {
  readonly specifier?: string;
  readonly error?: string;
}

/**
 * Every import that the files make, as the runtime resolves it.
 *
 * @param files Paths relative to the workspace.
 * @param workspace The directory that holds the workspace, with a slash at its end.
 * @throws {Error} When a file or an import cannot be resolved: a rule could not see it.
 */
export async function readImports(
  files: readonly string[],
  workspace: string = repository,
): Promise<Import[]> {
  const specifiers = new Set(
    files.map((file) => pathToFileURL(workspace + file).href),
  );
  const { modules } = await denoInfo(specifiers, workspace);
  const imports: Import[] = [];
  for (const { specifier: from, error, dependencies = [] } of modules) {
    assert.equal(error, undefined);
    if (!specifiers.delete(from)) continue;
    for (const { specifier, code, type } of dependencies) {
      // A file that is imported for its values and its types has both: one is enough.
      const resolved = code ?? type;
      const to = resolved?.specifier;
      assert.ok(to !== undefined, `${from}: ${resolved?.error ?? specifier}`);
      imports.push({ from: pathOf(from, workspace), to: pathOf(to, workspace) });
    }
  }
  assert.deepEqual([...specifiers], [], "Files are missing in the graph");
  return imports;
}

/** Asks once for all files, through a module of no more than their imports. */
async function denoInfo(
  specifiers: Iterable<string>,
  workspace: string,
): Promise<InfoOutput> {
  const entry = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    const lines = Array.from(
      specifiers,
      (specifier) => `import ${JSON.stringify(specifier)};\n`,
    );
    await Deno.writeTextFile(entry, lines.join(""));
    const { success, stdout, stderr } = await new Deno.Command(
      Deno.execPath(),
      { args: ["info", "--json", `--config=${workspace}deno.json`, entry] },
    ).output();
    assert.ok(success, new TextDecoder().decode(stderr));
    return JSON.parse(new TextDecoder().decode(stdout));
  } finally {
    await Deno.remove(entry);
  }
}

function pathOf(specifier: string, workspace: string): string {
  if (specifier.startsWith("file:")) {
    return relative(workspace, fileURLToPath(specifier));
  }
  return specifier.replace(/^npm:\/?(@[^/]+\/[^/@]+|[^/@]+).*$/, "npm:$1");
}
