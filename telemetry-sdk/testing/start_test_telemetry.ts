import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { RandomIdGenerator } from "@opentelemetry/sdk-trace-base";
import { resolveConfig } from "../config/resolve.ts";
import { isDenoTelemetryActive, registerGlobals } from "../lifecycle/globals.ts";
import { EchelonLoggerProvider } from "../logs/provider.ts";
import { createPropagator } from "../propagation/propagator.ts";
import { createSampler } from "../sampling/standard.ts";
import { EchelonTracerProvider, type EchelonTracerProviderOptions } from "../traces/provider.ts";
import { Arrivals } from "./arrivals.ts";
import { FollowingLoggerProvider } from "./following_logger.ts";
import { FollowingMeterProvider } from "./following_meter.ts";
import { FollowingTracerProvider } from "./following_tracer.ts";
import { describeMissing, findAll, findOne, type Lookup, type Query } from "./found.ts";
import { LogRecorder } from "./log_recorder.ts";
import { metricCalled, MetricRecorder, pointWith } from "./metric_recorder.ts";
import { enterTest, leaveTest, type RunningTest, runningTest } from "./running.ts";
import { SequentialIds } from "./sequential_ids.ts";
import { SpanRecorder } from "./span_recorder.ts";
import { spanText } from "./span_text.ts";
import type { TestTelemetry, TestTelemetryOptions } from "./test_telemetry.ts";

/**
 * Registers telemetry that keeps everything in memory, until it is disposed of. It reads no environment, opens
 * no connection and leaves no timer behind. Tests that come one after another in one process do not see each
 * other's telemetry, also where a module keeps its tracer, counters or logger.
 *
 * @param options How it is set up; nothing is needed.
 * @throws {Error} When other telemetry is registered: of another test that still runs, or of the application.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { trace } from "@opentelemetry/api";
 * import { startTestTelemetry } from "@echelon/telemetry-sdk/testing";
 *
 * using telemetry = startTestTelemetry();
 * trace.getTracer("shop").startActiveSpan("checkout", (span) => {
 *   trace.getTracer("shop").startSpan("payment").setAttribute("amount", 12).end();
 *   span.end();
 * });
 * assert.equal(
 *   telemetry.spanTree({ attributes: ["amount"] }),
 *   "INTERNAL checkout\n  INTERNAL payment {amount=12}",
 * );
 * ```
 */
export function startTestTelemetry(options: TestTelemetryOptions = {}): TestTelemetry {
  if (runningTest() !== undefined) {
    throw new Error(
      "Test telemetry is running already: dispose of it first, best by `using telemetry = startTestTelemetry()`",
    );
  }
  if (isDenoTelemetryActive()) {
    throw new Error("OTEL_DENO=true has Deno's own telemetry running; unset OTEL_DENO for tests");
  }
  const arrivals = new Arrivals();
  const spans = new SpanRecorder(arrivals);
  const metrics = new MetricRecorder();
  const logs = new LogRecorder(arrivals);
  const test = createTest(options, { spans, metrics, logs });
  const unregister = registerGlobals({
    contextManager: new AsyncLocalStorageContextManager(),
    propagator: createPropagator(["tracecontext", "baggage"]),
    tracerProvider: new FollowingTracerProvider(),
    meterProvider: new FollowingMeterProvider(),
    loggerProvider: new FollowingLoggerProvider(),
  });
  enterTest(test);

  let ended = false;
  const dispose = () => {
    if (ended) return;
    ended = true;
    unregister();
    leaveTest(test);
    arrivals.close();
  };
  const metric = async (name: string) => metricCalled(await metrics.metrics(), name);

  return {
    spans: () => spans.ended,
    openSpans: () => spans.open,
    findSpan: (query) => findOne(spans.lookup, query),
    findSpans: (query) => findAll(spans.lookup, query),
    spanTree: (shown) => spanText(spans.ended, shown),
    waitForSpan: (query, wait) => arrivals.until(...firstOf(() => spans.lookup, query), wait),
    metrics: () => metrics.metrics(),
    metric,
    async metricValue(name, attributes = {}) {
      const { value } = pointWith(await metric(name), attributes);
      if (value === undefined) {
        throw new TypeError(`The metric "${name}" is a histogram: use histogram("${name}")`);
      }
      return value;
    },
    async histogram(name, attributes = {}) {
      const { histogram } = pointWith(await metric(name), attributes);
      if (histogram === undefined) {
        throw new TypeError(`The metric "${name}" is no histogram: use metricValue("${name}")`);
      }
      return histogram;
    },
    logs: () => logs.logs,
    findLog: (query) => findOne(logs.lookup, query),
    waitForLog: (query, wait) => arrivals.until(...firstOf(() => logs.lookup, query), wait),
    async reset() {
      spans.clear();
      logs.clear();
      await metrics.clear();
    },
    [Symbol.dispose]: dispose,
    [Symbol.asyncDispose]() {
      dispose();
      return Promise.resolve();
    },
  };
}

interface Recorders {
  readonly spans: SpanRecorder;
  readonly metrics: MetricRecorder;
  readonly logs: LogRecorder;
}

function createTest(options: TestTelemetryOptions, { spans, metrics, logs }: Recorders) {
  const { ids = "deterministic", sampler = "always_on", samplerRatio, spanProcessors = [] } =
    options;
  const { config: defaults } = resolveConfig([]);
  const resource = resourceFromAttributes({
    "service.name": "test",
    ...options.resourceAttributes,
  });
  const tracing: EchelonTracerProviderOptions = {
    resource,
    sampler: typeof sampler === "string" ? createSampler(sampler, samplerRatio) : sampler,
    spanLimits: defaults.traces.spanLimits,
    spanProcessors: [...spanProcessors, spans],
    idGenerator: ids === "random" ? new RandomIdGenerator() : new SequentialIds(),
  };
  return {
    tracers: EchelonTracerProvider.create(tracing),
    meters: new MeterProvider({ resource, readers: [metrics] }),
    loggers: new EchelonLoggerProvider({
      resource,
      processors: [logs],
      limits: defaults.logs.limits,
    }),
    clock: options.clock,
  } satisfies RunningTest;
}

/** The first item that is meant, and what to say while there is none. */
function firstOf<Item>(
  lookup: () => Lookup<Item>,
  query: Query<Item>,
): [look: () => Item | undefined, describe: () => string] {
  return [() => findAll(lookup(), query)[0], () => describeMissing(lookup(), query)];
}
