import assert from "node:assert/strict";
import { ConfigFileError } from "../../../../telemetry-sdk/config/file/config_file_error.ts";
import {
  configFromFile,
  type FileConfig,
} from "../../../../telemetry-sdk/config/file/from_file.ts";

/** A configuration file in a folder of its own; disposing of it removes both. */
export class ConfigFileOnDisk implements Disposable {
  readonly #folder = Deno.makeTempDirSync();
  /** Where it is. */
  readonly path = `${this.#folder}/telemetry.yaml`;

  /** @param text What stands in it. */
  constructor(text: string) {
    this.write(text);
  }

  /** Writes another text in the place of what was there. */
  write(text: string): void {
    Deno.writeTextFileSync(this.path, text);
  }

  /** Puts another file in its place, as editors do. */
  replace(text: string): void {
    Deno.writeTextFileSync(`${this.path}.new`, text);
    Deno.renameSync(`${this.path}.new`, this.path);
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.#folder, { recursive: true });
  }
}

/** Puts the version on top, which every file has. */
export function versioned(text: string): string {
  return `file_format: "1.1"\n${text}`;
}

/** Reads a file with the given text; its path in warnings is left out. */
export function readFile(
  text: string,
  variables: Readonly<Record<string, string>> = {},
): FileConfig {
  using file = new ConfigFileOnDisk(text);
  const read = configFromFile({ path: file.path, env: (name) => variables[name] });
  return {
    ...read,
    warnings: read.warnings.map((warning) => warning.replaceAll(file.path, "telemetry.yaml")),
  };
}

/** What is said of a file that is refused, its path left out. */
export function refusal(text: string, variables: Readonly<Record<string, string>> = {}): string {
  using file = new ConfigFileOnDisk(text);
  try {
    configFromFile({ path: file.path, env: (name) => variables[name] });
  } catch (error) {
    assert.ok(error instanceof ConfigFileError, `not a ConfigFileError: ${error}`);
    assert.equal(error.file, file.path);
    return error.message.replaceAll(file.path, "telemetry.yaml");
  }
  assert.fail(`the file was not refused:\n${text}`);
}
