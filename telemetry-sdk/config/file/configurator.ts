import type { FilePlace } from "./place.ts";

interface Switch {
  readonly enabled?: boolean | null;
}

/** What a configurator of tracers or of meters says. */
export interface Configurator {
  readonly defaultConfig: Switch | undefined;
  readonly entries: readonly { readonly config: Switch }[] | undefined;
  /** The key under which the entries stand. */
  readonly list: string;
}

/**
 * Refuses a configurator that turns something off: to leave it out would send what was not to be sent.
 *
 * @param configurator What it says.
 * @param place Where that stands.
 * @throws {ConfigFileError} When it turns something off.
 */
export function refuseSwitchedOff(configurator: Configurator, place: FilePlace): void {
  const { defaultConfig, entries = [], list } = configurator;
  const problem = list === "tracers"
    ? "single tracers cannot be turned off; expected a sampler that drops their spans"
    : "single meters cannot be turned off; expected views with the aggregation drop";
  if (defaultConfig?.enabled === false) place.at("default_config", "enabled").refuse(problem);
  entries.forEach(({ config }, index) => {
    if (config.enabled === false) place.at(list, index, "config", "enabled").refuse(problem);
  });
}
