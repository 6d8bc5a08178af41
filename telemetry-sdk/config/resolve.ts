import { signalEndpoint, type SignalName } from "./endpoint.ts";
import type { SourceConfig } from "./from_env.ts";
import type { OtlpConfig, ResolvedConfig, ResolvedOtlp, TelemetryConfig } from "./schema.ts";
import { OTLP_DEFAULTS, SETTINGS } from "./settings.ts";

/** The time that draining and flushing get together, unless configured. */
const SHUTDOWN_TIMEOUT_MILLIS = 5000;

/** The whole configuration, and everything that is wrong with its sources. */
export interface Resolution {
  readonly config: ResolvedConfig;
  /** One sentence per bad value. */
  readonly warnings: readonly string[];
}

/**
 * Joins the sources of configuration: code wins over the environment, the environment over the defaults.
 *
 * @param code What the application gave, checked.
 * @param env What the environment says, parsed.
 */
export function resolveConfig(code: SourceConfig, env: SourceConfig): Resolution {
  const sources = { code: code.config, env: env.config };
  const traces = resolveTraces(sources);
  const { maxQueueSize, maxExportBatchSize } = traces.batch;
  const warnings = [...env.warnings, ...code.warnings];
  if (maxExportBatchSize > maxQueueSize) {
    warnings.push(
      `a batch of ${maxExportBatchSize} spans does not fit a queue of ${maxQueueSize}; using batches of ${maxQueueSize}`,
    );
  }
  const config: ResolvedConfig = {
    disabled: code.config.disabled ?? env.config.disabled ?? SETTINGS.disabled.fallback,
    serviceName: resolveServiceName(sources),
    resourceAttributes: {
      ...env.config.resourceAttributes,
      ...code.config.resourceAttributes,
    },
    propagators: code.config.propagators ?? env.config.propagators ?? SETTINGS.propagators.fallback,
    traces: {
      ...traces,
      batch: { ...traces.batch, maxExportBatchSize: Math.min(maxExportBatchSize, maxQueueSize) },
    },
    metrics: resolveMetrics(sources),
    diagnosticLevel: code.config.diagnosticLevel ?? env.config.diagnosticLevel ??
      SETTINGS.diagnosticLevel.fallback,
    shutdownTimeoutMillis: code.config.shutdownTimeoutMillis ?? SHUTDOWN_TIMEOUT_MILLIS,
    processHooks: code.config.processHooks ?? true,
  };
  return { config, warnings };
}

interface Sources {
  readonly code: TelemetryConfig;
  readonly env: TelemetryConfig;
}

/** A name of its own wins over one among the attributes, but only within the same source. */
function resolveServiceName({ code, env }: Sources): string | undefined {
  if (code.serviceName !== undefined) return code.serviceName;
  return code.resourceAttributes?.["service.name"] === undefined ? env.serviceName : undefined;
}

function resolveTraces({ code, env }: Sources): ResolvedConfig["traces"] {
  const batch = { ...code.traces?.batch };
  const envBatch = { ...env.traces?.batch };
  const sized = (key: keyof typeof batch) => batch[key] ?? envBatch[key] ?? SETTINGS[key].fallback;
  const exportTimeoutMillis = sized("exportTimeoutMillis");
  return {
    exporters: code.traces?.exporters ?? env.traces?.exporters ?? SETTINGS.tracesExporters.fallback,
    otlp: resolveOtlp("traces", { code, env }, exportTimeoutMillis),
    sampler: code.traces?.sampler ?? env.traces?.sampler ?? SETTINGS.sampler.fallback,
    samplerRatio: code.traces?.samplerRatio ?? env.traces?.samplerRatio ??
      SETTINGS.samplerRatio.fallback,
    batch: {
      maxQueueSize: sized("maxQueueSize"),
      maxExportBatchSize: sized("maxExportBatchSize"),
      scheduledDelayMillis: sized("scheduledDelayMillis"),
      exportTimeoutMillis,
    },
    spanLimits: {
      attributeCountLimit: SETTINGS.attributeCountLimit.fallback,
      attributeValueLengthLimit: SETTINGS.attributeValueLengthLimit.fallback,
      ...env.traces?.spanLimits,
      ...code.traces?.spanLimits,
    },
    spanProcessors: code.traces?.spanProcessors ?? [],
  };
}

function resolveMetrics({ code, env }: Sources): ResolvedConfig["metrics"] {
  const intervalMillis = code.metrics?.intervalMillis ?? env.metrics?.intervalMillis ??
    SETTINGS.metricIntervalMillis.fallback;
  const timeout = code.metrics?.timeoutMillis ?? env.metrics?.timeoutMillis ??
    SETTINGS.metricTimeoutMillis.fallback;
  // The reader throws where the timeout is the longer one.
  const timeoutMillis = Math.min(timeout, intervalMillis);
  return {
    exporters: code.metrics?.exporters ?? env.metrics?.exporters ??
      SETTINGS.metricsExporters.fallback,
    otlp: resolveOtlp("metrics", { code, env }, timeoutMillis),
    intervalMillis,
    timeoutMillis,
    temporality: code.metrics?.temporality ?? env.metrics?.temporality ??
      SETTINGS.temporality.fallback,
    views: code.metrics?.views ?? [],
    readers: code.metrics?.readers ?? [],
  };
}

/** Within one source the signal's own word counts before the shared one; between sources, code before environment. */
function resolveOtlp(
  signal: SignalName,
  { code, env }: Sources,
  limitMillis: number,
): ResolvedOtlp {
  const ranked = [code[signal]?.otlp, code.otlp, env[signal]?.otlp, env.otlp];
  const first = <K extends keyof OtlpConfig>(key: K) =>
    ranked.find((source) => source?.[key] !== undefined)?.[key];
  return {
    endpoint: endpointIn(code, signal) ?? endpointIn(env, signal) ??
      signalEndpoint(OTLP_DEFAULTS.endpoint, signal),
    headers: Object.assign({}, ...ranked.toReversed().map((source) => lowerCased(source?.headers))),
    // An export that its caller has given up would only keep the next one waiting.
    timeoutMillis: Math.min(first("timeoutMillis") ?? OTLP_DEFAULTS.timeoutMillis, limitMillis),
    compression: first("compression") ?? OTLP_DEFAULTS.compression,
    protocol: first("protocol") ?? OTLP_DEFAULTS.protocol,
    transport: first("transport") ?? OTLP_DEFAULTS.transport,
  };
}

function endpointIn(source: TelemetryConfig, signal: SignalName): string | undefined {
  const own = source[signal]?.otlp?.endpoint;
  const base = source.otlp?.endpoint;
  return own ?? (base === undefined ? undefined : signalEndpoint(base, signal));
}

/** Header names from different sources must meet under one spelling. */
function lowerCased(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}
