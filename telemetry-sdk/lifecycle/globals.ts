import {
  context,
  type ContextManager,
  type MeterProvider,
  metrics,
  propagation,
  ROOT_CONTEXT,
  type TextMapPropagator,
  trace,
  TraceFlags,
  type TracerProvider,
} from "@opentelemetry/api";
import { type LoggerProvider, logs } from "@opentelemetry/api-logs";
import { emptyResource } from "@opentelemetry/resources";
import { AlwaysOffSampler } from "@opentelemetry/sdk-trace-base";
import { EchelonTracerProvider } from "../traces/provider.ts";

/** What is registered with the OpenTelemetry API; a provider that is absent leaves its signal off. */
export interface Globals {
  readonly contextManager: ContextManager;
  readonly propagator: TextMapPropagator;
  readonly tracerProvider?: TracerProvider | undefined;
  readonly meterProvider?: MeterProvider | undefined;
  readonly loggerProvider?: LoggerProvider | undefined;
}

/**
 * Whether the runtime's own telemetry (`OTEL_DENO=true`) holds the API's globals. Told by identity, which needs
 * no permission.
 */
export function isDenoTelemetryActive(): boolean {
  // Compared as plain values: the API types instances, where Deno registers its classes.
  const tracerProvider: unknown = trace.getTracerProvider();
  const meterProvider: unknown = metrics.getMeterProvider();
  return tracerProvider === Deno.telemetry.tracerProvider ||
    meterProvider === Deno.telemetry.meterProvider;
}

/**
 * Registers everything with the API, and takes all of it back when one part is refused.
 *
 * @returns A function that takes the registration back.
 * @throws {Error} When another SDK holds a global, or when the API and the SDK do not fit together.
 */
export function registerGlobals(globals: Globals): () => void {
  const undo: (() => void)[] = [];
  const unregister = () => {
    for (const step of undo.splice(0)) step();
  };
  const register = (what: string, accepted: boolean, takeBack: () => void) => {
    if (!accepted) {
      unregister();
      throw new Error(
        `another OpenTelemetry SDK has registered its ${what} already; remove it, or this one`,
      );
    }
    undo.push(takeBack);
  };

  globals.contextManager.enable();
  register(
    "context manager",
    context.setGlobalContextManager(globals.contextManager),
    () => context.disable(),
  );
  register(
    "propagator",
    propagation.setGlobalPropagator(globals.propagator),
    () => propagation.disable(),
  );
  if (globals.tracerProvider !== undefined) {
    register(
      "tracer provider",
      trace.setGlobalTracerProvider(globals.tracerProvider),
      () => trace.disable(),
    );
  }
  if (globals.meterProvider !== undefined) {
    register(
      "meter provider",
      metrics.setGlobalMeterProvider(globals.meterProvider),
      () => metrics.disable(),
    );
  }
  if (globals.loggerProvider !== undefined) {
    register(
      "logger provider",
      // It gives back what is registered now, which is another one where that came first.
      logs.setGlobalLoggerProvider(globals.loggerProvider) === globals.loggerProvider,
      () => logs.disable(),
    );
  }
  if (!childSharesTrace()) {
    unregister();
    throw new Error(
      'a child span does not share its parent\'s trace, which happens with two versions of "@opentelemetry/api" in one program; keep 1.9.1 alone',
    );
  }
  return unregister;
}

/**
 * Starts a span below a made-up parent through the registered API. The span comes from a provider that records
 * nothing, so that neither a sampler nor an exporter of the application sees it.
 */
function childSharesTrace(): boolean {
  const provider = EchelonTracerProvider.create({
    resource: emptyResource(),
    sampler: new AlwaysOffSampler(),
    spanLimits: {},
    spanProcessors: [],
  });
  const traceId = "0123456789abcdef0123456789abcdef";
  const parent = trace.wrapSpanContext({
    traceId,
    spanId: "0123456789abcdef",
    traceFlags: TraceFlags.NONE,
  });
  const child = context.with(
    trace.setSpan(ROOT_CONTEXT, parent),
    () => provider.getTracer("self-test").startSpan("self-test"),
  );
  return child.spanContext().traceId === traceId;
}
