import type { ReadVariable } from "./env.ts";
import type { OtlpConfig, TelemetryConfig } from "./schema.ts";
import {
  type OtlpSettings,
  otlpSettings,
  samplerSetting,
  type Setting,
  SETTINGS,
} from "./settings.ts";

/** What one source of configuration says, and what it says badly. */
export interface SourceConfig {
  readonly config: TelemetryConfig;
  /** One sentence per bad value. */
  readonly warnings: readonly string[];
}

/**
 * Turns the `OTEL_*` variables into a configuration. What is unset, or bad without a replacement, stays
 * undefined, so that defaults are filled in at one place only.
 *
 * @param read Gives the value of a variable.
 */
export function configFromEnv(read: ReadVariable): SourceConfig {
  const warnings: string[] = [];

  function value<T>(setting: Setting<T>): T | undefined {
    const text = read(setting.variable);
    if (text === undefined) return undefined;
    const { value, problem } = setting.parse(text);
    if (problem !== undefined) {
      warnings.push(describe(setting, { text, problem, usable: value !== undefined }));
    }
    return value ?? setting.whenBad;
  }

  function otlp(settings: OtlpSettings): OtlpConfig {
    return {
      endpoint: value(settings.endpoint),
      headers: value(settings.headers),
      timeoutMillis: value(settings.timeoutMillis),
      compression: value(settings.compression),
      protocol: value(settings.protocol),
    };
  }

  const samplerRatio = value(SETTINGS.samplerRatio);
  const config: TelemetryConfig = {
    disabled: value(SETTINGS.disabled),
    serviceName: value(SETTINGS.serviceName),
    resourceAttributes: value(SETTINGS.resourceAttributes),
    propagators: value(SETTINGS.propagators),
    diagnosticLevel: value(SETTINGS.diagnosticLevel),
    otlp: otlp(otlpSettings("")),
    traces: {
      exporters: value(SETTINGS.tracesExporters),
      otlp: otlp(otlpSettings("TRACES_")),
      sampler: value(samplerSetting(samplerRatio)),
      samplerRatio,
      batch: {
        maxQueueSize: value(SETTINGS.maxQueueSize),
        maxExportBatchSize: value(SETTINGS.maxExportBatchSize),
        scheduledDelayMillis: value(SETTINGS.scheduledDelayMillis),
        exportTimeoutMillis: value(SETTINGS.exportTimeoutMillis),
      },
      spanLimits: defined({
        attributeCountLimit: value(SETTINGS.spanAttributeCountLimit) ??
          value(SETTINGS.attributeCountLimit),
        attributeValueLengthLimit: value(SETTINGS.spanAttributeValueLengthLimit) ??
          value(SETTINGS.attributeValueLengthLimit),
        eventCountLimit: value(SETTINGS.eventCountLimit),
        linkCountLimit: value(SETTINGS.linkCountLimit),
        attributePerEventCountLimit: value(SETTINGS.eventAttributeCountLimit),
        attributePerLinkCountLimit: value(SETTINGS.linkAttributeCountLimit),
      }),
    },
    metrics: {
      exporters: value(SETTINGS.metricsExporters),
      otlp: otlp(otlpSettings("METRICS_")),
      intervalMillis: value(SETTINGS.metricIntervalMillis),
      timeoutMillis: value(SETTINGS.metricTimeoutMillis),
      temporality: value(SETTINGS.temporality),
    },
  };
  return { config, warnings };
}

/** The SDK's own option types do not accept a property that is present and undefined. */
function defined<T extends Record<string, number | undefined>>(
  values: T,
): { [K in keyof T]?: number } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: number };
}

interface BadValue {
  readonly text: string;
  readonly problem: string;
  /** Whether part of the value could be used all the same. */
  readonly usable: boolean;
}

function describe(setting: Setting<unknown>, { text, problem, usable }: BadValue): string {
  const shown = setting.secret === true ? "(not shown)" : `"${setting.show?.(text) ?? text}"`;
  const instead = setting.whenBad ?? setting.fallback;
  const outcome = usable
    ? ""
    : instead === undefined
    ? "; it is ignored"
    : `; using ${JSON.stringify(instead)}`;
  return `${setting.variable}=${shown}: ${problem}${outcome}`;
}
