import { optionAt } from "./options.ts";
import { SETTINGS } from "./settings.ts";
import type { SourceConfig } from "./source.ts";

/** A source of configuration, and how it is called. */
export interface Source extends SourceConfig {
  readonly name: "code" | "the file" | "environment";
}

/**
 * Says where a source is overruled by a stronger one that says something else, so that nobody wonders why
 * a variable has no effect.
 *
 * @param sources From the strongest.
 */
export function contradictions(sources: readonly Source[]): string[] {
  return SETTINGS.flatMap((setting) => {
    // Joined, not overruled.
    if (/headers$|resourceAttributes$/.test(setting.option)) return [];
    const said = sources.flatMap(({ name, config }) => {
      const value = optionAt(config, setting.option);
      return value === undefined ? [] : [{ name, value }];
    });
    const [winner, ...others] = said;
    const loser = others.find(({ name, value }) =>
      name === "environment" && !isSame(value, winner?.value)
    );
    if (winner === undefined || loser === undefined) return [];
    return [`${setting.variable ?? setting.option} is not used: ${winner.name} says otherwise`];
  });
}

function isSame(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => item === other[index]);
  }
  return one === other;
}
