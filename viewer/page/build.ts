/**
 * Builds the page: the program, the style sheet and the document, into `dist/` or the folder that
 * is given. The result is in the repository, so that nobody needs to build; a test holds that it is
 * what the sources make.
 *
 * ```sh
 * deno task viewer:build
 * ```
 *
 * @module
 */

import { fileURLToPath } from "node:url";

const page = new URL("./", import.meta.url);

/** In this order: what comes later goes before what comes earlier. */
const STYLES = [
  "base",
  "services",
  "shell",
  "overlays",
  "shell_narrow",
  "toolbar",
  "traces",
  "trace",
  "waterfall",
  "details",
  "trace_narrow",
  "map",
  "metrics",
  "logs",
  "pipeline",
];

async function buildScript(target: string): Promise<void> {
  const bundle = await new Deno.Command(Deno.execPath(), {
    args: [
      "bundle",
      "--quiet",
      "--platform=browser",
      "--minify",
      `--output=${target}/app.js`,
      fileURLToPath(new URL("main.tsx", page)),
    ],
    stdin: "null",
  }).output();
  if (!bundle.success) throw new Error(new TextDecoder().decode(bundle.stderr));
}

async function buildStyles(target: string): Promise<void> {
  const sheets = [
    new URL(import.meta.resolve("uplot/dist/uPlot.min.css")),
    ...STYLES.map((name) => new URL(`styles/${name}.css`, page)),
  ];
  const texts = await Promise.all(sheets.map((sheet) => Deno.readTextFile(sheet)));
  await Deno.writeTextFile(`${target}/app.css`, texts.map(shorten).join("\n"));
}

/** Takes away what a browser does not read. No text of these sheets holds two spaces or a comment. */
function shorten(css: string): string {
  return css.replace(/\/\*.*?\*\//gs, "").replace(/\s+/g, " ").replace(/ ?([{};,]) ?/g, "$1")
    .trim();
}

const [target = fileURLToPath(new URL("dist", page))] = Deno.args;
await Deno.mkdir(target, { recursive: true });
await buildScript(target);
// Only now: on a fresh machine it is bundling that brings the packages whose sheet is read here.
await buildStyles(target);
await Deno.copyFile(new URL("index.html", page), `${target}/index.html`);
