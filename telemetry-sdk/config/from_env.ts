import type { ReadVariable } from "./env.ts";
import { type Draft, setOption } from "./options.ts";
import { SETTINGS, whenBad } from "./settings.ts";
import { readSetting, type SourceConfig } from "./source.ts";

/** Variables of the specification that mean nothing here, and what to do instead. */
export const UNSUPPORTED: Readonly<Record<string, string>> = {
  OTEL_METRICS_EXEMPLAR_FILTER: "the JavaScript SDK makes no exemplars",
  OTEL_EXPERIMENTAL_CONFIG_FILE: "its name is OTEL_CONFIG_FILE now",
  OTEL_ENTITIES: "entities are not supported; use OTEL_RESOURCE_ATTRIBUTES",
  OTEL_EXPORTER_ZIPKIN_ENDPOINT: "there is no Zipkin exporter; send OTLP to a collector",
  OTEL_EXPORTER_ZIPKIN_TIMEOUT: "there is no Zipkin exporter; send OTLP to a collector",
  OTEL_EXPORTER_OTLP_INSECURE: "it is for gRPC alone; the endpoint's scheme says http or https",
  OTEL_EXPORTER_OTLP_TRACES_INSECURE:
    "it is for gRPC alone; the endpoint's scheme says http or https",
  OTEL_EXPORTER_OTLP_METRICS_INSECURE:
    "it is for gRPC alone; the endpoint's scheme says http or https",
  OTEL_EXPORTER_OTLP_LOGS_INSECURE:
    "it is for gRPC alone; the endpoint's scheme says http or https",
  OTEL_NODE_RESOURCE_DETECTORS: "it is for Node.js; use OTEL_DENO_RESOURCE_DETECTORS",
};

/** The value of {@linkcode UNSUPPORTED} variables that asks for nothing. */
const ASKS_NOTHING: Readonly<Record<string, string>> = {
  OTEL_METRICS_EXEMPLAR_FILTER: "always_off",
};

/**
 * Turns the `OTEL_*` variables into a configuration. What is unset, or bad without a replacement, stays
 * undefined, so that defaults are filled in at one place only.
 *
 * @param read Gives the value of a variable.
 */
export function configFromEnv(read: ReadVariable): SourceConfig {
  const warnings: string[] = [];
  const draft: Draft = {};
  for (const setting of SETTINGS) {
    const place = setting.variable;
    const text = place === undefined ? undefined : read(place);
    if (place === undefined || text === undefined) continue;
    const beside = { isRatioGiven: read("OTEL_TRACES_SAMPLER_ARG") !== undefined };
    const value = readSetting(
      setting,
      { place, text, whenBad: whenBad(setting, beside) },
      warnings,
    );
    if (value !== undefined) setOption(draft, setting.option, value);
  }
  for (const [variable, reason] of Object.entries(UNSUPPORTED)) {
    const text = read(variable);
    if (text !== undefined && text.toLowerCase() !== ASKS_NOTHING[variable]) {
      warnings.push(`${variable}: ${reason}; it is ignored`);
    }
  }
  return { config: draft, warnings };
}
