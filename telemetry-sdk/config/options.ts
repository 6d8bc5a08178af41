import type { LogsConfig } from "./logs_schema.ts";
import type { MetricsConfig, PrometheusConfig } from "./metrics_schema.ts";
import type { BatchConfig, LimitsConfig, OtlpConfig, TelemetryConfig } from "./schema.ts";
import type { SpanLimitsConfig, TracesConfig } from "./traces_schema.ts";

/** The groups of options, by where they stand in a configuration. */
interface Sections {
  readonly "otlp.": OtlpConfig;
  readonly "limits.": LimitsConfig;
  readonly "traces.": TracesConfig;
  readonly "traces.otlp.": OtlpConfig;
  readonly "traces.batch.": BatchConfig;
  readonly "traces.spanLimits.": SpanLimitsConfig;
  readonly "metrics.": MetricsConfig;
  readonly "metrics.otlp.": OtlpConfig;
  readonly "metrics.prometheus.": PrometheusConfig;
  readonly "logs.": LogsConfig;
  readonly "logs.otlp.": OtlpConfig;
  readonly "logs.batch.": BatchConfig;
  readonly "logs.limits.": LimitsConfig;
}

/** The path of an option in a configuration, such as `traces.batch.maxQueueSize`. */
export type OptionPath =
  | keyof TelemetryConfig & string
  | { [S in keyof Sections]: `${S}${keyof Sections[S] & string}` }[keyof Sections];

/** The type of what stands at a path. */
export type OptionValue<P extends string, T = TelemetryConfig> = P extends keyof T
  ? NonNullable<T[P]>
  : P extends `${infer Head}.${infer Rest}`
    ? Head extends keyof T ? OptionValue<Rest, NonNullable<T[Head]>> : never
  : never;

/**
 * Looks an option up.
 *
 * @param config Where to look.
 * @param path The option's path.
 */
export function optionAt<P extends OptionPath>(
  config: TelemetryConfig,
  path: P,
): OptionValue<P> | undefined {
  let found: unknown = config;
  for (const key of path.split(".")) {
    if (!isSection(found)) return undefined;
    found = found[key];
  }
  // The path's type tells what is found at its end.
  return found as OptionValue<P> | undefined;
}

/** A configuration in the making. */
export type Draft = Record<string, unknown>;

/**
 * Puts an option in its place, and makes the sections around it.
 *
 * @param draft Where to put it.
 * @param path The option's path.
 * @param value What it is set to.
 */
export function setOption(draft: Draft, path: OptionPath, value: unknown): void {
  const keys = path.split(".");
  const last = keys.pop() ?? path;
  let section = draft;
  for (const key of keys) {
    const next = section[key];
    section = section[key] = isSection(next) ? next : {};
  }
  section[last] = value;
}

/** Whether a value is a group of options, and not an exporter, a sampler or a list. */
export function isSection(value: unknown): value is Draft {
  return typeof value === "object" && value !== null &&
    (Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null);
}

/**
 * Whether an item of `exporters` is a destination with settings of its own. An exporter that wraps another may
 * well keep it under the same name.
 *
 * @param item The item.
 */
export function isDestination<D extends { readonly exporter: unknown }>(
  item: D | D["exporter"],
): item is D {
  return isSection(item) && "exporter" in item &&
    !("export" in item && typeof item.export === "function");
}
