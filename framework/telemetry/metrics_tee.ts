import type { MetricOptions, Observable } from "@opentelemetry/api";
import type { InstrumentMeter } from "./metrics_registry_meter.ts";

/**
 * A meter whose instruments record to two: for an application that exports metrics through an SDK
 * and serves them at `/metrics` as well, where the SDK has no reader for that.
 */
export function teeMeter(first: InstrumentMeter, second: InstrumentMeter): InstrumentMeter {
  return {
    createCounter: (name, options) =>
      bothAdd(first.createCounter(name, options), second.createCounter(name, options)),
    createUpDownCounter: (name, options) =>
      bothAdd(first.createUpDownCounter(name, options), second.createUpDownCounter(name, options)),
    createGauge: (name, options) =>
      bothRecord(first.createGauge(name, options), second.createGauge(name, options)),
    createHistogram: (name, options) =>
      bothRecord(first.createHistogram(name, options), second.createHistogram(name, options)),
    createObservableCounter: (name: string, options?: MetricOptions) =>
      bothObserve(
        first.createObservableCounter(name, options),
        second.createObservableCounter(name, options),
      ),
    createObservableUpDownCounter: (name: string, options?: MetricOptions) =>
      bothObserve(
        first.createObservableUpDownCounter(name, options),
        second.createObservableUpDownCounter(name, options),
      ),
    createObservableGauge: (name: string, options?: MetricOptions) =>
      bothObserve(
        first.createObservableGauge(name, options),
        second.createObservableGauge(name, options),
      ),
  };
}

function bothAdd<Args extends unknown[]>(
  first: { add(...args: Args): void },
  second: { add(...args: Args): void },
): { add(...args: Args): void } {
  return {
    add(...args) {
      first.add(...args);
      second.add(...args);
    },
  };
}

function bothRecord<Args extends unknown[]>(
  first: { record(...args: Args): void },
  second: { record(...args: Args): void },
): { record(...args: Args): void } {
  return {
    record(...args) {
      first.record(...args);
      second.record(...args);
    },
  };
}

function bothObserve(first: Observable, second: Observable): Observable {
  return {
    addCallback(callback) {
      first.addCallback(callback);
      second.addCallback(callback);
    },
    removeCallback(callback) {
      first.removeCallback(callback);
      second.removeCallback(callback);
    },
  };
}
