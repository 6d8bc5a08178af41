import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
} from "@opentelemetry/sdk-trace-base";
import type { SamplerName } from "../config/traces_schema.ts";

/**
 * Makes one of the standard's samplers.
 *
 * @param name Its name in the specification.
 * @param ratio The share of traces that the ratio samplers keep, from 0 to 1.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createSampler } from "@echelon/telemetry-sdk";
 *
 * const sampler = createSampler("traceidratio", 0.1);
 * assert.equal(String(sampler), "TraceIdRatioBased{0.1}");
 * ```
 */
export function createSampler(name: SamplerName, ratio = 1): Sampler {
  switch (name) {
    case "always_on":
      return new AlwaysOnSampler();
    case "always_off":
      return new AlwaysOffSampler();
    case "traceidratio":
      return new TraceIdRatioBasedSampler(ratio);
    case "parentbased_always_on":
      return new ParentBasedSampler({ root: new AlwaysOnSampler() });
    case "parentbased_always_off":
      return new ParentBasedSampler({ root: new AlwaysOffSampler() });
    case "parentbased_traceidratio":
      return new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) });
  }
}
