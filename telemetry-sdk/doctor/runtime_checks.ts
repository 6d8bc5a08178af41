import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { isDenoTelemetryActive, registerGlobals } from "../lifecycle/globals.ts";
import { createPropagator } from "../propagation/propagator.ts";
import { ok, problem, type Verdict } from "./finding.ts";

/** Whether the runtime's own telemetry keeps the API to itself. */
export function checkDenoTelemetry(): Verdict {
  return isDenoTelemetryActive()
    ? problem(
      "OTEL_DENO has Deno's own telemetry running, and this one refuses to start beside it",
      "Unset OTEL_DENO.",
    )
    : ok("Deno's own telemetry is off.");
}

/** Whether this telemetry can be registered, and whether a child span then shares its parent's trace. */
export function checkRegistration(): Verdict {
  try {
    registerGlobals({
      contextManager: new AsyncLocalStorageContextManager(),
      propagator: createPropagator([]),
    })();
    return ok("The OpenTelemetry API takes this SDK, and spans find their parents.");
  } catch (error) {
    return problem(
      error instanceof Error ? error.message : String(error),
      "Have one SDK in the program, and one version of @opentelemetry/api, 1.9.1.",
    );
  }
}
