import { ConfigFileError, quoted } from "./config_file_error.ts";
import { type ConfigDocument, type KeyPath, keyText } from "./document.ts";
import type { FileSection } from "./file_key.ts";
import { ROOT } from "./keys.ts";
import type { FilePlace } from "./place.ts";

/** What a file of people's own is far below; aliases can make more of a few lines than memory holds. */
const MOST_KEYS = 20_000;

/**
 * Refuses a key that means nothing: a mistyped one would be left out without a word, and with it perhaps
 * a whole signal. So does a key that is known and cannot be followed here.
 *
 * @param document The file.
 * @throws {ConfigFileError} At the first such key.
 */
export function refuseUnknownKeys(document: ConfigDocument): void {
  let seen = 0;

  function walk(node: unknown, part: FileSection, path: KeyPath): void {
    for (const { key, position, value } of document.entries(node)) {
      const own = [...path, key];
      if (++seen > MOST_KEYS) {
        throw new ConfigFileError(document.path, "there are too many keys", { position });
      }
      const row = Object.hasOwn(part.keys, key) ? part.keys[key] : undefined;
      if (row === undefined) {
        if (part.open) continue;
        const known = Object.keys(part.keys).join(", ");
        throw new ConfigFileError(
          document.path,
          `the key ${quoted(key)} is not known; expected ${
            known === "" ? "none" : `one of ${known}`
          }`,
          { position, key: keyText(own) },
        );
      }
      if (row.refused !== undefined) {
        throw new ConfigFileError(document.path, row.refused, { position, key: keyText(own) });
      }
      const below = row.section?.();
      if (below === undefined) continue;
      if (row.list !== true) walk(value, below, own);
      else document.items(value).forEach((item, index) => walk(item, below, [...own, index]));
    }
  }

  walk(document.root, ROOT, []);
}

/**
 * Says which of the keys that are given have no effect here.
 *
 * @param model What the file says.
 * @param place Where that stands: the file itself.
 */
export function warnUnused(model: object, place: FilePlace): void {
  warnUnusedIn(model, ROOT, place);
}

function warnUnusedIn(given: unknown, part: FileSection, place: FilePlace): void {
  if (typeof given !== "object" || given === null) return;
  for (const [key, value] of Object.entries(given)) {
    const row = Object.hasOwn(part.keys, key) ? part.keys[key] : undefined;
    const here = place.at(key);
    if (row?.unused !== undefined && saysSomething(value)) {
      here.warn(`it is not used: ${row.unused}`);
    }
    const below = row?.section?.();
    if (below === undefined) continue;
    if (!Array.isArray(value)) warnUnusedIn(value, below, here);
    else value.forEach((item, index) => warnUnusedIn(item, below, here.at(index)));
  }
}

/** Whether there is anything in it but null: a reference to a variable that is unset asks for nothing. */
function saysSomething(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return value !== null && value !== undefined;
  return Object.values(value).some(saysSomething);
}
