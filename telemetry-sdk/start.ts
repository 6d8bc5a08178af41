import { metrics, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { redactedUrl } from "./config/endpoint.ts";
import { EnvironmentReader } from "./config/env.ts";
import { configFromCode } from "./config/from_code.ts";
import { configFromEnv } from "./config/from_env.ts";
import { withinPermissions } from "./config/permissions.ts";
import { resolveConfig } from "./config/resolve.ts";
import type { ResolvedConfig, TelemetryConfig } from "./config/schema.ts";
import { ExportReport } from "./export/report.ts";
import { installDiagLogger } from "./lifecycle/diag_logger.ts";
import { type Globals, isDenoTelemetryActive, registerGlobals } from "./lifecycle/globals.ts";
import { installProcessHooks } from "./lifecycle/process_hooks.ts";
import { processLifecycle } from "./lifecycle/process_lifecycle.ts";
import { say } from "./lifecycle/say.ts";
import { shutDown, type SignalPipeline } from "./lifecycle/shutdown.ts";
import { describeStart } from "./lifecycle/start_line.ts";
import { createMetrics } from "./metrics/pipeline.ts";
import { createPropagator } from "./propagation/propagator.ts";
import { createResource } from "./resource/resource.ts";
import type { Telemetry } from "./telemetry.ts";
import { createTraces } from "./traces/pipeline.ts";

/** Copies of this package in one process meet here, so that only the first one starts. */
const RUNNING = Symbol.for("@echelon/telemetry-sdk");
const holder: typeof globalThis & { [RUNNING]?: Telemetry } = globalThis;

/**
 * Starts traces and metrics and registers them with the OpenTelemetry API. What the configuration leaves out
 * comes from the `OTEL_*` variables, then from the specification's defaults.
 *
 * It never throws: where telemetry cannot start, one line on stderr says why, and the result is not active. A
 * second call gives back what runs already.
 *
 * @param config What code decides about telemetry.
 *
 * @example
 * ```ts
 * import { startTelemetry } from "@echelon/telemetry-sdk";
 *
 * const telemetry = startTelemetry({
 *   serviceName: "shop",
 *   traces: { exporters: [], sampler: "parentbased_traceidratio", samplerRatio: 0.1 },
 *   metrics: { exporters: [] },
 * });
 * await telemetry.shutdown();
 * ```
 */
export function startTelemetry(config: TelemetryConfig = {}): Telemetry {
  if (holder[RUNNING] !== undefined) return holder[RUNNING];
  try {
    return start(config) ?? inactive();
  } catch (error) {
    say(`off: ${error instanceof Error ? error.message : error}`);
    return inactive();
  }
}

function start(code: TelemetryConfig): Telemetry | undefined {
  const reader = new EnvironmentReader();
  const resolved = resolveConfig(configFromCode(code), configFromEnv((name) => reader.read(name)));
  if (resolved.config.disabled) return undefined;
  for (const warning of resolved.warnings) say(warning);
  if (isDenoTelemetryActive()) {
    throw new Error(
      "OTEL_DENO=true has Deno's own telemetry running; unset OTEL_DENO to use this one",
    );
  }
  const { config, missing } = withinPermissions(resolved.config, reader.denied);
  const left = [
    ...config.traces.exporters,
    ...config.metrics.exporters,
    ...config.traces.spanProcessors,
  ];
  const nothingLeft = left.length + config.metrics.readers.length === 0;
  if (missing.length > 0) {
    say(`${nothingLeft ? "off: " : ""}no permission to ${missing.join(", nor to ")}`);
  }
  return missing.length > 0 && nothingLeft ? undefined : run(config);
}

function run(config: ResolvedConfig): Telemetry {
  const resource = createResource(config);
  const reports = {
    traces: new ExportReport({
      destination: redactedUrl(config.traces.otlp.endpoint),
      items: "spans",
      say,
    }),
    metrics: new ExportReport({
      destination: redactedUrl(config.metrics.otlp.endpoint),
      items: "metrics",
      say,
    }),
  };
  const traces = config.traces.exporters.length + config.traces.spanProcessors.length > 0
    ? createTraces(config.traces, resource, reports.traces)
    : undefined;
  const meters = config.metrics.exporters.length + config.metrics.readers.length > 0
    ? createMetrics(config.metrics, resource, reports.metrics)
    : undefined;
  const signals: SignalPipeline[] = [traces, meters].filter((signal) => signal !== undefined);
  const unregister = registerOrClose(signals, {
    contextManager: new AsyncLocalStorageContextManager(),
    propagator: createPropagator(config.propagators),
    tracerProvider: traces?.provider,
    meterProvider: meters?.provider,
  });
  const removeDiagLogger = installDiagLogger(config.diagnosticLevel);

  const lifecycle = processLifecycle();
  let removeHooks = () => {};
  let stopped: Promise<void> | undefined;
  const stop = (drains?: typeof lifecycle.drains) =>
    stopped ??= shutDown({
      signals,
      timeoutMillis: config.shutdownTimeoutMillis,
      say,
      ...(drains && { drains }),
    });

  const telemetry: Telemetry = {
    active: true,
    tracerProvider: traces?.provider ?? trace.getTracerProvider(),
    meterProvider: meters?.provider ?? metrics.getMeterProvider(),
    async forceFlush() {
      await Promise.allSettled(signals.map((signal) => signal.forceFlush()));
    },
    async shutdown() {
      await stop();
      removeHooks();
      if (lifecycle.telemetry === telemetry) delete lifecycle.telemetry;
      if (holder[RUNNING] === telemetry) delete holder[RUNNING];
      removeDiagLogger();
      unregister();
    },
    stats: () => ({
      ...(traces && { traces: { ...traces.stats(), exports: reports.traces.counts } }),
      ...(meters && { metrics: { exports: reports.metrics.counts } }),
    }),
  };
  if (config.processHooks) {
    removeHooks = installProcessHooks(() => stop(lifecycle.drains));
    lifecycle.telemetry = telemetry;
  }
  holder[RUNNING] = telemetry;
  say(describeStart(config, resource));
  return telemetry;
}

/** Registers what was made; where that is refused, what was made must not go on exporting nothing. */
function registerOrClose(signals: readonly SignalPipeline[], globals: Globals): () => void {
  try {
    return registerGlobals(globals);
  } catch (error) {
    for (const signal of signals) {
      signal.abandon();
      void signal.shutdown();
    }
    throw error;
  }
}

/** Stands for telemetry that is off: the API's own no-op providers, or whatever else is registered there. */
function inactive(): Telemetry {
  return {
    active: false,
    tracerProvider: trace.getTracerProvider(),
    meterProvider: metrics.getMeterProvider(),
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
    stats: () => ({}),
  };
}
