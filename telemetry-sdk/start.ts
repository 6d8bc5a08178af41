import { metrics, trace } from "@opentelemetry/api";
import { logs } from "@opentelemetry/api-logs";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { type FollowedFile, loadConfig } from "./config/load.ts";
import type { ResolvedConfig } from "./config/resolved.ts";
import type { TelemetryConfig } from "./config/schema.ts";
import { installDiagLogger } from "./lifecycle/diag_logger.ts";
import { type Globals, isDenoTelemetryActive, registerGlobals } from "./lifecycle/globals.ts";
import { installProcessHooks } from "./lifecycle/process_hooks.ts";
import { processLifecycle } from "./lifecycle/process_lifecycle.ts";
import { say } from "./lifecycle/say.ts";
import { giveUp, shutDown, type SignalPipeline } from "./lifecycle/shutdown.ts";
import { describeStart } from "./lifecycle/start_line.ts";
import { createPropagator } from "./propagation/propagator.ts";
import { describeMissing } from "./resource/missing.ts";
import { detectResource } from "./resource/resource.ts";
import { ForceTracePropagator } from "./sampling/force.ts";
import { activeSignals, createSignals } from "./signals.ts";
import type { Telemetry } from "./telemetry.ts";

/** Copies of this package in one process meet here, so that only the first one starts. */
const RUNNING = Symbol.for("@echelon/telemetry-sdk");
const holder: typeof globalThis & { [RUNNING]?: Telemetry } = globalThis;

/**
 * Starts traces, metrics and logs and registers them with the OpenTelemetry API. What the configuration leaves
 * out comes from the configuration file, then from the `OTEL_*` variables, then from the specification's
 * defaults.
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
 *   logs: { exporters: [] },
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
  const { config, warnings, missing, file } = loadConfig(code);
  if (config.disabled) return undefined;
  for (const warning of warnings) say(warning);
  if (isDenoTelemetryActive()) {
    throw new Error(
      "OTEL_DENO=true has Deno's own telemetry running; unset OTEL_DENO to use this one",
    );
  }
  const nothingLeft = !Object.values(activeSignals(config)).includes(true);
  if (missing.length > 0) {
    say(`${nothingLeft ? "off: " : ""}no permission to ${missing.join(", nor to ")}`);
  }
  return missing.length > 0 && nothingLeft ? undefined : run(config, file);
}

function run(config: ResolvedConfig, file: FollowedFile | undefined): Telemetry {
  const { resource, missing } = detectResource(config, { report: say });
  const lacking = describeMissing(missing);
  if (lacking !== undefined) say(`no permission to ${lacking}`);
  const signals = createSignals(config, resource, say);
  const { forceSecret } = config.traces;
  const unregister = registerOrClose(signals.all, {
    contextManager: new AsyncLocalStorageContextManager(),
    propagator: createPropagator([
      ...config.propagators,
      ...(forceSecret === undefined ? [] : [new ForceTracePropagator({ secret: forceSecret })]),
    ]),
    tracerProvider: signals.traces?.provider,
    meterProvider: signals.metrics?.provider,
    loggerProvider: signals.logs?.provider,
  });
  let removeDiagLogger = installDiagLogger(config.diagnosticLevel);

  const lifecycle = processLifecycle();
  let removeHooks = () => {};
  let stopped: Promise<void> | undefined;
  const stop = (drains?: typeof lifecycle.drains) =>
    stopped ??= shutDown({
      signals: signals.all,
      timeoutMillis: config.shutdownTimeoutMillis,
      say,
      ...(drains && { drains }),
    });

  const telemetry: Telemetry = {
    active: true,
    tracerProvider: signals.traces?.provider ?? trace.getTracerProvider(),
    meterProvider: signals.metrics?.provider ?? metrics.getMeterProvider(),
    loggerProvider: signals.logs?.provider ?? logs.getLoggerProvider(),
    setSampler: (sampler, ratio) => signals.traces?.setSampler(sampler, ratio),
    setSeverity(severity) {
      if (signals.logs !== undefined) signals.logs.provider.minimumSeverity = severity;
    },
    async forceFlush() {
      await Promise.allSettled(signals.all.map((signal) => signal.forceFlush()));
    },
    async shutdown() {
      stopWatching?.();
      await stop();
      removeHooks();
      if (lifecycle.telemetry === telemetry) delete lifecycle.telemetry;
      if (holder[RUNNING] === telemetry) delete holder[RUNNING];
      removeDiagLogger();
      unregister();
    },
    stats: signals.stats,
  };
  if (config.processHooks) {
    removeHooks = installProcessHooks(() => stop(lifecycle.drains));
    lifecycle.telemetry = telemetry;
  }
  const stopWatching = file?.follow((edited, changed) => {
    const { sampler, samplerRatio } = edited.traces;
    // What the edit left alone stays as `setSampler` and `setSeverity` have it. A sampler with a second half is the
    // code's own, and no file can change it.
    if (changed.has("sampler") && (typeof sampler === "string" || !("processor" in sampler))) {
      telemetry.setSampler(sampler, samplerRatio);
    }
    if (changed.has("minimumSeverity")) telemetry.setSeverity(edited.logs.minimumSeverity);
    if (changed.has("diagnosticLevel")) {
      removeDiagLogger = installDiagLogger(edited.diagnosticLevel);
    }
    say(`${file.path} has changed: the sampler and the levels follow`);
  }, say);
  holder[RUNNING] = telemetry;
  say(describeStart(config, resource));
  return telemetry;
}

/** Registers what was made; where that is refused, what was made must not go on exporting nothing. */
function registerOrClose(signals: readonly SignalPipeline[], globals: Globals): () => void {
  try {
    return registerGlobals(globals);
  } catch (error) {
    giveUp(signals);
    throw error;
  }
}

/** Stands for telemetry that is off: the API's own no-op providers, or whatever else is registered there. */
function inactive(): Telemetry {
  return {
    active: false,
    tracerProvider: trace.getTracerProvider(),
    meterProvider: metrics.getMeterProvider(),
    loggerProvider: logs.getLoggerProvider(),
    setSampler() {},
    setSeverity() {},
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
    stats: () => ({}),
  };
}
