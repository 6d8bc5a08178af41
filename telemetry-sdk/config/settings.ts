import { GENERAL } from "./general_settings.ts";
import { LOGS } from "./log_settings.ts";
import { METRICS } from "./metric_settings.ts";
import { otlpSettings } from "./otlp_settings.ts";
import type { Setting } from "./setting.ts";
import { TRACES } from "./trace_settings.ts";

/** Everything that can be configured by a text, in the order of the reference. */
export const SETTINGS: readonly Setting[] = [
  ...GENERAL,
  ...otlpSettings("otlp."),
  ...TRACES,
  ...otlpSettings("traces.otlp."),
  ...METRICS,
  ...otlpSettings("metrics.otlp."),
  ...LOGS,
  ...otlpSettings("logs.otlp."),
];

/**
 * What counts instead of a bad value. A mistyped sampler beside a ratio asks for a share of the traces, and not
 * for the default, which is all of them.
 *
 * @param setting What the value is for.
 * @param beside What the same source says beside it.
 */
export function whenBad(
  setting: Setting,
  beside: { readonly isRatioGiven: boolean },
): unknown {
  return setting.option === "traces.sampler" && beside.isRatioGiven
    ? "parentbased_traceidratio"
    : setting.whenBad;
}
