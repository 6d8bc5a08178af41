import type { Resource } from "@opentelemetry/resources";
import type { ResolvedConfig } from "../config/resolved.ts";
import { describeMissing } from "../resource/missing.ts";
import { detectResource } from "../resource/resource.ts";
import { ok, type Verdict, warning } from "./finding.ts";
import { withinTime } from "./time_limit.ts";

/** What produces the telemetry, and what is to be said of how it was found out. */
export interface ResourceCheck {
  readonly resource: Resource;
  readonly verdicts: readonly Verdict[];
}

/**
 * Finds out what produces the telemetry, as a start of it does.
 *
 * @param config The effective configuration; where it has nothing started, no detector is asked.
 * @param limitMillis The longest to wait for detectors.
 */
export async function checkResource(
  config: ResolvedConfig,
  limitMillis: number,
): Promise<ResourceCheck> {
  const lines: string[] = [];
  const { resource, missing } = detectResource(
    config.disabled ? { ...config, resourceDetectors: [] } : config,
    { report: (line) => void lines.push(line), timeoutMillis: limitMillis },
  );
  await withinTime(limitMillis, async () => await resource.waitForAsyncAttributes?.())
    .catch((error: Error) => void lines.push(`The resource's detectors come to ${error.message}`));
  const lacking = describeMissing(missing);
  const verdicts = [
    ...lines.map((line) => warning(`${line}.`)),
    ...(lacking === undefined
      ? []
      : [warning(`There is no permission to ${lacking}.`, "Give that flag, or do without.")]),
  ];
  return {
    resource,
    verdicts: verdicts.length > 0
      ? verdicts
      : [ok(`The service is called "${resource.attributes["service.name"]}".`)],
  };
}
