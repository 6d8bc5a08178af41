import {
  EXPORTER_NAMES,
  METRIC_EXPORTER_NAMES,
  PROPAGATOR_NAMES,
  RESOURCE_DETECTOR_NAMES,
} from "./names.ts";
import {
  type Draft,
  isDestination,
  isSection,
  optionAt,
  type OptionPath,
  setOption,
} from "./options.ts";
import type { TelemetryConfig } from "./schema.ts";
import { SETTINGS, whenBad } from "./settings.ts";
import { readSetting, type SourceConfig } from "./source.ts";
import { unknownOptions } from "./code_options.ts";

/**
 * Checks what the application gave. Texts and numbers pass the same parsers as those of the environment: types
 * do not keep out NaN, -1 or an address without a host. What is bad is left out and said.
 *
 * @param code What the application gave.
 */
export function configFromCode(code: TelemetryConfig): SourceConfig {
  const warnings = unknownOptions(code);
  const draft = copySections(code);
  for (const setting of SETTINGS) {
    const given = optionAt(code, setting.option);
    const place = `option ${setting.option}`;
    if (isText(given)) {
      const beside = { isRatioGiven: code.traces?.samplerRatio !== undefined };
      const text = String(given);
      setOption(
        draft,
        setting.option,
        readSetting(setting, { place, text, whenBad: whenBad(setting, beside) }, warnings),
      );
    } else if (setting.option.endsWith("otlp.headers") && isSection(given)) {
      setOption(draft, setting.option, soundHeaders(place, given, warnings));
    }
  }
  for (const [option, names] of LISTS) {
    const given = optionAt(code, option);
    if (given === undefined) continue;
    if (!Array.isArray(given)) {
      warnings.push(`option ${option}: expected a list; it is ignored`);
      setOption(draft, option, undefined);
    } else {
      const sound = given.flatMap((item: unknown, index) =>
        soundItem(item, { option, index, names }, warnings)
      );
      setOption(draft, option, sound);
    }
  }
  return { config: draft, warnings };
}

/** The options that are lists of names and objects, and the names. */
const LISTS: readonly (readonly [OptionPath, readonly string[]])[] = [
  ["propagators", PROPAGATOR_NAMES],
  ["resourceDetectors", RESOURCE_DETECTOR_NAMES],
  ["traces.exporters", EXPORTER_NAMES],
  ["metrics.exporters", METRIC_EXPORTER_NAMES],
  ["logs.exporters", EXPORTER_NAMES],
];

interface Place {
  readonly option: OptionPath;
  readonly index: number;
  readonly names: readonly string[];
}

/** A name, an object of the application's, or a destination with its own settings checked. */
function soundItem(item: unknown, place: Place, warnings: string[]): readonly unknown[] {
  const { option, index, names } = place;
  const at = `${option}[${index}]`;
  const expected = names.map((name) => `"${name}"`).join(", ");
  if (typeof item === "string") {
    const name = names.find((known) => known === item.trim().toLowerCase());
    if (name !== undefined) return [name];
    warnings.push(`option ${at}="${item}": expected ${expected} or an object; it is left out`);
    return [];
  }
  if (typeof item !== "object" && typeof item !== "function" || item === null) {
    warnings.push(`option ${at}: expected ${expected} or an object; it is left out`);
    return [];
  }
  if (!isSection(item) || !isDestination<Draft & { readonly exporter: unknown }>(item)) {
    return [item];
  }
  const [exporter] = soundItem(item.exporter, place, warnings);
  return exporter === undefined ? [] : [{ ...soundDestination(item, place, warnings), exporter }];
}

/** A destination has the options of its signal; they are checked as the signal's own are. */
function soundDestination(given: Draft, { option, index }: Place, warnings: string[]): Draft {
  const signal = option.slice(0, option.indexOf(".") + 1);
  const draft = { ...given };
  for (const section of ["otlp", "batch"]) {
    if (isSection(draft[section])) draft[section] = { ...draft[section] };
  }
  for (const setting of SETTINGS) {
    if (!setting.option.startsWith(signal)) continue;
    const path = setting.option.slice(signal.length);
    const keys = path.split(".");
    const last = keys.pop() ?? path;
    const section = keys.length === 0 ? draft : draft[keys[0] ?? ""];
    if (keys.length > 1 || !isSection(section)) continue;
    const value = section[last];
    const place = `option ${option}[${index}].${path}`;
    if (isText(value)) {
      section[last] = readSetting(setting, { place, text: String(value) }, warnings);
    } else if (path === "otlp.headers" && isSection(value)) {
      section[last] = soundHeaders(place, value, warnings);
    }
  }
  return draft;
}

function isText(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

/** A bad header is named and never shown: its value is a secret as often as not. */
function soundHeaders(place: string, given: Draft, warnings: string[]): Draft {
  return Object.fromEntries(
    Object.entries(given).filter(([name, value], index) => {
      try {
        new Headers([[name, String(value)]]);
        return true;
      } catch {
        warnings.push(`${place}: header ${index + 1} is not valid; it is left out`);
        return false;
      }
    }),
  );
}

/** A copy whose groups of options can be changed; everything else is the application's own. */
function copySections(code: TelemetryConfig): Draft {
  const copy = (section: Draft, depth: number): Draft =>
    Object.fromEntries(
      Object.entries(section).map((
        [key, value],
      ) => [key, depth > 0 && isSection(value) ? copy(value, depth - 1) : value]),
    );
  return copy({ ...code }, 2);
}
