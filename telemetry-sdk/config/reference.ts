import { CODE_OPTIONS, DESTINATION_OPTIONS } from "./code_options.ts";
import { DEFAULTS } from "./defaults.ts";
import { FILE_KEYS, type FileKeyReference } from "./file/keys.ts";
import { UNSUPPORTED } from "./from_env.ts";
import { optionAt } from "./options.ts";
import type { Setting } from "./setting.ts";
import { SETTINGS } from "./settings.ts";

/** A row of a table: what stands in its cells. */
type Row = readonly string[];

/**
 * The reference of everything that can be configured, as Markdown. It is made from the tables that the parsers
 * use, so it cannot say anything else than they do.
 */
export function configurationReference(): string {
  return [
    "## Variables and options",
    table(["variable", "option in code", "unset", "what it says"], SETTINGS.map(settingRow)),
    "## Options that only code has",
    table(["option in code", "what it says"], rows(CODE_OPTIONS)),
    "## Settings of a destination",
    table(["in an item of `exporters`", "what it says"], rows(DESTINATION_OPTIONS)),
    "## Keys of the configuration file",
    table(["key", "option in code", "what it says"], FILE_KEYS.map(keyRow)),
    "## Variables that mean nothing here",
    table(["variable", "why, and what to do"], rows(UNSUPPORTED)),
  ].join("\n\n");
}

function settingRow(setting: Setting): Row {
  const { variable, option, about } = setting;
  const fallback = optionAt(DEFAULTS, option);
  return [
    variable === undefined ? "–" : code(variable),
    code(option),
    fallback === undefined ? "–" : code(String(fallback)),
    about,
  ];
}

function keyRow({ key, option, about }: FileKeyReference): Row {
  return [code(key), option === undefined ? "–" : code(option), about];
}

function rows(entries: Readonly<Record<string, string>>): Row[] {
  return Object.entries(entries).map(([name, about]) => [code(name), about]);
}

function code(text: string): string {
  return `\`${text}\``;
}

/** A table as `deno fmt` wants it. */
function table(head: Row, body: readonly Row[]): string {
  const widths = head.map((cell, column) =>
    Math.max(...[cell, ...body.map((row) => row[column] ?? "")].map((text) => text.length))
  );
  const line = (cells: Row) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const rule = widths.map((width) => "-".repeat(width));
  return [line(head), line(rule), ...body.map(line)].join("\n");
}
