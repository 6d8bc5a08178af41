/** Names are parts of keys, which Deno KV limits to 2,048 bytes; a character takes up to three. */
const MAX_NAME_CHARS = 256;

/**
 * Checks a name that is to be a part of a key.
 *
 * @param what What it names.
 * @param name The name.
 * @throws {TypeError} When it is no text, empty, or longer than 256 characters.
 */
export function checkName(what: string, name: string): void {
  if (typeof name !== "string" || name === "" || name.length > MAX_NAME_CHARS) {
    throw new TypeError(
      `Cannot use ${JSON.stringify(name)} as a ${what}: expected 1 to ${MAX_NAME_CHARS} characters`,
    );
  }
}
