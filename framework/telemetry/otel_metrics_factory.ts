import { isMeasured } from "./active_meter.ts";
import type { Counter, Gauge, Histogram, Metrics, UpDownCounter } from "./metrics.ts";
import { observeMetric } from "./metric_observers.ts";
import { getOTelMetrics } from "./otel_metrics.ts";

/**
 * The metrics that record now: on the SDK that is registered, on the registry that `/metrics`
 * serves, or on both; `undefined` where nobody would read them.
 *
 * @example
 * ```ts
 * import { activeMetrics } from "@echelon/framework/telemetry";
 *
 * activeMetrics()?.recordCacheHit("products", "memory");
 * ```
 */
export function activeMetrics(): Metrics | undefined {
  return isMeasured() ? getOTelMetrics() : undefined;
}

/**
 * Metrics for an application to keep hold of. Each recording goes where metrics are read at that
 * moment, so that instruments may be made before an SDK is registered; while nobody reads them it
 * costs one check.
 *
 * @example
 * ```ts
 * import { createMetrics } from "@echelon/framework/telemetry";
 *
 * const metrics = createMetrics();
 * const orders = metrics.counter("shop.orders", { unit: "{order}", description: "Orders placed" });
 * orders.add(1, { "shop.channel": "web" });
 * ```
 */
export function createMetrics(): Metrics {
  return {
    recordHttpRequest: (record) => activeMetrics()?.recordHttpRequest(record),
    recordHttpClientRequest: (record) => activeMetrics()?.recordHttpClientRequest(record),
    incrementActiveRequests: (method, scheme) =>
      activeMetrics()?.incrementActiveRequests(method, scheme),
    decrementActiveRequests: (method, scheme) =>
      activeMetrics()?.decrementActiveRequests(method, scheme),
    recordCacheHit: (cache, source) => activeMetrics()?.recordCacheHit(cache, source),
    recordCacheMiss: (cache) => activeMetrics()?.recordCacheMiss(cache),
    recordDbOperation: (record) => activeMetrics()?.recordDbOperation(record),
    recordJob: (record) => activeMetrics()?.recordJob(record),
    recordJobLag: (queue, seconds) => activeMetrics()?.recordJobLag(queue, seconds),
    recordJobsSent: (record) => activeMetrics()?.recordJobsSent(record),
    recordAuthAttempt: (record) => activeMetrics()?.recordAuthAttempt(record),
    counter(name, options): Counter {
      const current = follow((metrics) => metrics.counter(name, options));
      return { add: (value, attributes) => current()?.add(value, attributes) };
    },
    upDownCounter(name, options): UpDownCounter {
      const current = follow((metrics) => metrics.upDownCounter(name, options));
      return { add: (value, attributes) => current()?.add(value, attributes) };
    },
    gauge(name, options): Gauge {
      const current = follow((metrics) => metrics.gauge(name, options));
      return { record: (value, attributes) => current()?.record(value, attributes) };
    },
    histogram(name, options): Histogram {
      const current = follow((metrics) => metrics.histogram(name, options));
      return { record: (value, attributes) => current()?.record(value, attributes) };
    },
    observableGauge: (name, observer, options) =>
      observeMetric({ kind: "observableGauge", name }, observer, options),
  };
}

/** Makes an instrument on the metrics of now, and anew when those are others. */
function follow<Instrument>(make: (metrics: Metrics) => Instrument): () => Instrument | undefined {
  let made: { readonly metrics: Metrics; readonly instrument: Instrument } | undefined;
  return () => {
    const metrics = activeMetrics();
    if (metrics === undefined) return undefined;
    if (made?.metrics !== metrics) made = { metrics, instrument: make(metrics) };
    return made.instrument;
  };
}
