import defer * as configuration from "@opentelemetry/configuration";
import type { PropagatorConfigModel } from "@opentelemetry/configuration";
import { PROPAGATOR_NAMES, REFUSED_PROPAGATORS } from "../names.ts";
import type { PropagatorName } from "../schema.ts";
import { shownValue } from "./document.ts";
import type { FilePlace } from "./place.ts";

/**
 * Reads the propagators. One that is not made here is left out and said.
 *
 * @param model What the file says.
 * @param place Where that stands.
 */
export function readPropagators(
  { composite, composite_list: list }: PropagatorConfigModel,
  place: FilePlace,
): readonly PropagatorName[] {
  const names = configuration.mergePropagatorCompositeConfig(composite, list)
    ?.flatMap((propagator) => Object.keys(propagator)) ?? [];
  const listed = new Set(list?.split(",").map((name) => name.trim()));
  const known = names.flatMap((name) => {
    const word = name.toLowerCase();
    const found = PROPAGATOR_NAMES.find((one) => one === word);
    if (found === undefined && word !== "none") {
      const reason = Object.entries(REFUSED_PROPAGATORS).find(([refused]) => refused === word)?.[1];
      const key = listed.has(name) ? "composite_list" : "composite";
      place.at(key).warn(
        `the propagator ${shownValue(name)} is left out: ` +
          (reason ?? `expected one of ${PROPAGATOR_NAMES.join(", ")}`),
      );
    }
    return found ?? [];
  });
  return [...new Set(known)];
}
