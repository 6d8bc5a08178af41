import type { TextMapPropagator } from "@opentelemetry/api";
import {
  CompositePropagator,
  W3CBaggagePropagator,
  W3CTraceContextPropagator,
} from "@opentelemetry/core";
import type { PropagatorName } from "../config/schema.ts";

/**
 * Joins the chosen propagators into one.
 *
 * @param choices Names, or propagators of the application's own; none means that nothing crosses the process's border.
 */
export function createPropagator(
  choices: readonly (PropagatorName | TextMapPropagator)[],
): TextMapPropagator {
  return new CompositePropagator({ propagators: choices.map(createOne) });
}

function createOne(choice: PropagatorName | TextMapPropagator): TextMapPropagator {
  if (choice === "tracecontext") return new W3CTraceContextPropagator();
  if (choice === "baggage") return new W3CBaggagePropagator();
  return choice;
}
