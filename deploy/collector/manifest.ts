import { createHash } from "node:crypto";

/** What is read of the builder's manifest. */
export interface CollectorManifest {
  /** The program's name. */
  readonly name: string;
  /** The version of the core, and so of the builder. */
  readonly version: string;
  /** Tells apart what was built from different manifests, or for different machines. */
  readonly key: string;
  /** The manifest's text, with the folder that the builder writes to. */
  withOutputPath(folder: string): string;
}

/**
 * Reads a manifest of the OpenTelemetry Collector's builder.
 *
 * @param text The manifest: YAML whose `dist` block has a `name` and a `version` on lines of their own.
 * @throws {Error} When it says no name or no version.
 */
export function readManifest(text: string): CollectorManifest {
  const dist = /^dist:\n((?:[ \t]+.*\n|[ \t]*\n)+)/m.exec(text)?.[1] ?? "";
  const setting = (key: string) => {
    const value = new RegExp(`^ +${key}: *["']?([^"'\\s]+)`, "m").exec(dist)?.[1];
    if (value === undefined) throw new Error(`The manifest has no "${key}" under "dist"`);
    return value;
  };
  const name = setting("name");
  const version = setting("version");
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 16);
  return {
    name,
    version,
    key: `${version}-${Deno.build.os}-${Deno.build.arch}-${hash}`,
    // Text in YAML's double quotes is text in JSON's.
    withOutputPath: (folder) =>
      text.replace(/^dist:\n/m, () => `dist:\n  output_path: ${JSON.stringify(folder)}\n`),
  };
}
