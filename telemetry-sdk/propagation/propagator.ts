import type { TextMapPropagator } from "@opentelemetry/api";
import type { PropagatorName } from "../config/schema.ts";
import { B3Propagator } from "./b3.ts";
import { BaggagePropagator } from "./baggage.ts";
import { CompositePropagator } from "./composite.ts";
import { TraceContextPropagator } from "./trace_context.ts";

const BUILT_IN: Readonly<Record<PropagatorName, () => TextMapPropagator>> = {
  tracecontext: () => new TraceContextPropagator(),
  baggage: () => new BaggagePropagator(),
  b3: () => new B3Propagator("single"),
  b3multi: () => new B3Propagator("multi"),
};

/**
 * Joins the chosen propagators into one, in which a failure of one stays its own.
 *
 * @param choices Names, or propagators of the application's own, in the order in which they are asked; none means
 * that nothing crosses the process's border.
 * @throws {TypeError} When a name is not known.
 */
export function createPropagator(
  choices: readonly (PropagatorName | TextMapPropagator)[],
): TextMapPropagator {
  return new CompositePropagator([...new Set(choices)].map(createOne));
}

function createOne(choice: PropagatorName | TextMapPropagator): TextMapPropagator {
  if (typeof choice !== "string") return choice;
  if (Object.hasOwn(BUILT_IN, choice)) return BUILT_IN[choice]();
  throw new TypeError(
    `Propagator "${choice}" is not known; known are ${Object.keys(BUILT_IN).join(", ")}`,
  );
}
