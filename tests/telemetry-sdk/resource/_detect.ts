/** Prints what the detectors find under the permissions that it is run with. */
import { createPropagator } from "../../../telemetry-sdk/propagation/propagator.ts";
import { describeMissing } from "../../../telemetry-sdk/resource/missing.ts";
import { detectResource } from "../../../telemetry-sdk/resource/resource.ts";

createPropagator(["tracecontext", "baggage", "b3", "b3multi"]);
const { resource, missing } = detectResource({ serviceName: undefined, resourceAttributes: {} });
// deno-lint-ignore no-console
console.log(JSON.stringify({
  attributes: resource.attributes,
  flags: missing.map(({ attribute, flag }) => `${attribute} ${flag}`),
  said: describeMissing(missing) ?? "",
}));
