import { context, metrics, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { AlwaysOnSampler, BasicTracerProvider } from "@opentelemetry/sdk-trace-base";

/** Registers a real SDK that records every span and exports none: what is measured is the making. */
export function registerSdk(): void {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(new BasicTracerProvider({ sampler: new AlwaysOnSampler() }));
  metrics.setGlobalMeterProvider(new MeterProvider());
}
