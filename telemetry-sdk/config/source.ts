import { DEFAULTS } from "./defaults.ts";
import { optionAt } from "./options.ts";
import type { TelemetryConfig } from "./schema.ts";
import type { Setting } from "./setting.ts";

/** What one source of configuration says, and what it says badly. */
export interface SourceConfig {
  readonly config: TelemetryConfig;
  /** One sentence per bad value. */
  readonly warnings: readonly string[];
}

/** A text that was given for a setting, and where. */
export interface Given {
  /** How the place is called in a warning, such as the variable's name. */
  readonly place: string;
  readonly text: string;
  /** What counts instead where the text is bad; the setting's own unless told. */
  readonly whenBad?: unknown;
}

/**
 * Reads a text by its setting's parser.
 *
 * @param setting What the text is for.
 * @param given The text, and where it stands.
 * @param warnings Where to say what is wrong with it.
 * @returns The value, or `undefined` where the default is to count.
 */
export function readSetting(
  setting: Setting,
  { place, text, whenBad = setting.whenBad }: Given,
  warnings: string[],
): unknown {
  const { value, problem } = setting.parse(text);
  if (problem === undefined) return value;
  const shown = setting.secret === true ? "(not shown)" : `"${setting.show?.(text) ?? text}"`;
  const instead = whenBad ?? optionAt(DEFAULTS, setting.option);
  const outcome = value !== undefined
    ? ""
    : instead === undefined
    ? "; it is ignored"
    : `; using ${JSON.stringify(instead)}`;
  warnings.push(`${place}=${shown}: ${problem}${outcome}`);
  return value ?? whenBad;
}
