/**
 * Writes the reference into `docs/configuration.md`, below its marker: `deno task docs:reference`.
 *
 * @module
 */

import { configurationReference } from "./reference.ts";

const PAGE = new URL("../../docs/configuration.md", import.meta.url);
const MARKER = "<!-- From here on made by `deno task docs:reference`";

const page = await Deno.readTextFile(PAGE);
const at = page.indexOf("\n", page.indexOf(MARKER));
if (at < 0) throw new Error(`${PAGE.pathname} has no line that begins with "${MARKER}"`);
await Deno.writeTextFile(PAGE, `${page.slice(0, at)}\n\n${configurationReference()}\n`);
