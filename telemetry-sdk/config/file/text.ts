import { ConfigFileError } from "./config_file_error.ts";

/** A file that people write has a hundredth of this. */
const MOST_BYTES = 1_000_000;

/**
 * Reads the file, without a prompt for the permission.
 *
 * @param path Its path.
 * @throws {ConfigFileError} When it cannot be read, or cannot be a configuration.
 */
export function readText(path: string): string {
  if (Deno.permissions.querySync({ name: "read", path }).state !== "granted") {
    throw new ConfigFileError(path, `no permission to read the file (--allow-read=${path})`);
  }
  try {
    const { isFile, size } = Deno.statSync(path);
    if (!isFile) throw new ConfigFileError(path, "this is no file");
    if (size > MOST_BYTES) {
      throw new ConfigFileError(path, `${size} bytes are too many; expected ${MOST_BYTES} at most`);
    }
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof ConfigFileError) throw error;
    throw new ConfigFileError(
      path,
      error instanceof Deno.errors.NotFound
        ? "there is no such file"
        : `the file cannot be read: ${error instanceof Error ? error.message : error}`,
      { cause: error },
    );
  }
}
