import type { Meter, MetricOptions, Observable, ObservableCallback } from "@opentelemetry/api";
import type { InstrumentOptions, Observer } from "./metrics.ts";
import type { MetricsRegistry, ObservedKind } from "./metrics_registry.ts";

/** Where instruments are made: any meter of OpenTelemetry is one. */
export type InstrumentMeter = Omit<
  Meter,
  "addBatchObservableCallback" | "removeBatchObservableCallback"
>;

/**
 * A registry as an OpenTelemetry meter, so that instruments are described once, whatever they
 * record to.
 */
export function registryMeter(registry: MetricsRegistry): InstrumentMeter {
  const observable = (kind: ObservedKind) => (name: string, options?: MetricOptions) =>
    observedBy(registry, { kind, name }, describe(options));
  return {
    createCounter: (name, options) => registry.counter(name, describe(options)),
    createUpDownCounter: (name, options) => registry.upDownCounter(name, describe(options)),
    createGauge: (name, options) => registry.gauge(name, describe(options)),
    createHistogram: (name, options) => {
      const buckets = options?.advice?.explicitBucketBoundaries;
      return registry.histogram(name, {
        ...describe(options),
        ...(buckets === undefined ? {} : { buckets }),
      });
    },
    createObservableCounter: observable("observableCounter"),
    createObservableUpDownCounter: observable("observableUpDownCounter"),
    createObservableGauge: observable("observableGauge"),
  };
}

function describe({ unit, description }: MetricOptions = {}): InstrumentOptions {
  return { ...(unit && { unit }), ...(description && { description }) };
}

function observedBy(
  registry: MetricsRegistry,
  instrument: { readonly kind: ObservedKind; readonly name: string },
  options: InstrumentOptions,
): Observable {
  const ends = new Map<ObservableCallback, () => void>();
  return {
    addCallback(callback) {
      const observer: Observer = (observe) => callback({ observe });
      if (!ends.has(callback)) ends.set(callback, registry.observe(instrument, observer, options));
    },
    removeCallback(callback) {
      ends.get(callback)?.();
      ends.delete(callback);
    },
  };
}
