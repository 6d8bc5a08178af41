import type { SourceConfig } from "./from_env.ts";
import type {
  BatchConfig,
  MetricsConfig,
  OtlpConfig,
  TelemetryConfig,
  TracesConfig,
} from "./schema.ts";
import { otlpSettings, samplerSetting, type Setting, SETTINGS } from "./settings.ts";

/**
 * Checks what the application gave. Texts and numbers pass the same parsers as those of the environment: types
 * do not keep out NaN, -1 or an address without a host. What is bad is left out and said.
 *
 * @param code What the application gave.
 */
export function configFromCode(code: TelemetryConfig): SourceConfig {
  const warnings: string[] = [];

  function checked<T extends string | number>(
    option: string,
    given: T | undefined,
    setting: Setting<T>,
  ): T | undefined {
    if (given === undefined) return undefined;
    const { value, problem } = setting.parse(String(given));
    const shown = setting.show?.(String(given)) ?? given;
    if (problem !== undefined) warnings.push(`option ${option}="${shown}": ${problem}`);
    return value ?? setting.whenBad;
  }

  /** A bad header is named and never shown: its value is a secret as often as not. */
  function checkedHeaders(option: string, given: OtlpConfig["headers"]): OtlpConfig["headers"] {
    if (given === undefined) return undefined;
    return Object.fromEntries(
      Object.entries(given).filter(([name, value], index) => {
        try {
          new Headers([[name, value]]);
          return true;
        } catch {
          warnings.push(`option ${option}: header ${index + 1} is not valid; it is left out`);
          return false;
        }
      }),
    );
  }

  function otlp(scope: "" | "traces." | "metrics.", given: OtlpConfig = {}): OtlpConfig {
    const settings = otlpSettings(OTLP_SCOPES[scope]);
    const option = `${scope}otlp`;
    return {
      ...given,
      endpoint: checked(`${option}.endpoint`, given.endpoint, settings.endpoint),
      headers: checkedHeaders(`${option}.headers`, given.headers),
      timeoutMillis: checked(
        `${option}.timeoutMillis`,
        given.timeoutMillis,
        settings.timeoutMillis,
      ),
      compression: checked(`${option}.compression`, given.compression, settings.compression),
      protocol: checked(`${option}.protocol`, given.protocol, settings.protocol),
    };
  }

  function batch(given: BatchConfig = {}): BatchConfig {
    const one = (key: keyof BatchConfig) =>
      checked(`traces.batch.${key}`, given[key], SETTINGS[key]);
    return {
      maxQueueSize: one("maxQueueSize"),
      maxExportBatchSize: one("maxExportBatchSize"),
      scheduledDelayMillis: one("scheduledDelayMillis"),
      exportTimeoutMillis: one("exportTimeoutMillis"),
    };
  }

  function traces(given: TracesConfig = {}): TracesConfig {
    return {
      ...given,
      otlp: otlp("traces.", given.otlp),
      sampler: typeof given.sampler === "object"
        ? given.sampler
        : checked("traces.sampler", given.sampler, samplerSetting(given.samplerRatio)),
      samplerRatio: checked("traces.samplerRatio", given.samplerRatio, SETTINGS.samplerRatio),
      batch: batch(given.batch),
    };
  }

  function metrics(given: MetricsConfig = {}): MetricsConfig {
    const { intervalMillis, timeoutMillis, temporality } = given;
    return {
      ...given,
      otlp: otlp("metrics.", given.otlp),
      intervalMillis: checked(
        "metrics.intervalMillis",
        intervalMillis,
        SETTINGS.metricIntervalMillis,
      ),
      timeoutMillis: checked("metrics.timeoutMillis", timeoutMillis, SETTINGS.metricTimeoutMillis),
      temporality: checked("metrics.temporality", temporality, SETTINGS.temporality),
    };
  }

  const config: TelemetryConfig = {
    ...code,
    otlp: otlp("", code.otlp),
    traces: traces(code.traces),
    metrics: metrics(code.metrics),
    diagnosticLevel: checked("diagnosticLevel", code.diagnosticLevel, SETTINGS.diagnosticLevel),
    shutdownTimeoutMillis: checked(
      "shutdownTimeoutMillis",
      code.shutdownTimeoutMillis,
      SETTINGS.scheduledDelayMillis,
    ),
  };
  return { config, warnings };
}

const OTLP_SCOPES = { "": "", "traces.": "TRACES_", "metrics.": "METRICS_" } as const;
