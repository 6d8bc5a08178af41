import {
  type BatchObservableCallback,
  type Counter,
  createNoopMeter,
  type Gauge,
  type Histogram,
  type Meter,
  type MeterOptions,
  type MeterProvider,
  type MetricOptions,
  type Observable,
  type UpDownCounter,
} from "@opentelemetry/api";
import { type RunningTest, runningTest } from "./running.ts";

/**
 * The provider that a test registers: what is measured goes to whichever test runs at that moment. Observed
 * instruments belong to the test in which they were made.
 */
export class FollowingMeterProvider implements MeterProvider {
  getMeter(name: string, version?: string, options?: MeterOptions): Meter {
    return new FollowingMeter((provider) => provider.getMeter(name, version, options));
  }
}

const NOOP_METER = createNoopMeter();

class FollowingMeter implements Meter {
  readonly #of: (provider: MeterProvider) => Meter;

  constructor(of: (provider: MeterProvider) => Meter) {
    this.#of = of;
  }

  createCounter(name: string, options?: MetricOptions): Counter {
    const current = this.#follow((meter) => meter.createCounter(name, options));
    return { add: (...measurement) => current()?.add(...measurement) };
  }

  createUpDownCounter(name: string, options?: MetricOptions): UpDownCounter {
    const current = this.#follow((meter) => meter.createUpDownCounter(name, options));
    return { add: (...measurement) => current()?.add(...measurement) };
  }

  createHistogram(name: string, options?: MetricOptions): Histogram {
    const current = this.#follow((meter) => meter.createHistogram(name, options));
    return { record: (...measurement) => current()?.record(...measurement) };
  }

  createGauge(name: string, options?: MetricOptions): Gauge {
    const current = this.#follow((meter) => meter.createGauge(name, options));
    return { record: (...measurement) => current()?.record(...measurement) };
  }

  createObservableCounter(name: string, options?: MetricOptions): Observable {
    return this.#now().createObservableCounter(name, options);
  }

  createObservableUpDownCounter(name: string, options?: MetricOptions): Observable {
    return this.#now().createObservableUpDownCounter(name, options);
  }

  createObservableGauge(name: string, options?: MetricOptions): Observable {
    return this.#now().createObservableGauge(name, options);
  }

  addBatchObservableCallback(callback: BatchObservableCallback, observables: Observable[]): void {
    this.#now().addBatchObservableCallback(callback, observables);
  }

  removeBatchObservableCallback(
    callback: BatchObservableCallback,
    observables: Observable[],
  ): void {
    this.#now().removeBatchObservableCallback(callback, observables);
  }

  #now(): Meter {
    const test = runningTest();
    return test === undefined ? NOOP_METER : this.#of(test.meters);
  }

  /** Makes an instrument in the test that runs, and anew when that is another one. */
  #follow<Instrument>(make: (meter: Meter) => Instrument): () => Instrument | undefined {
    let made: { readonly test: RunningTest; readonly instrument: Instrument } | undefined;
    const current = () => {
      const test = runningTest();
      if (test === undefined) return undefined;
      if (made?.test !== test) made = { test, instrument: make(this.#of(test.meters)) };
      return made.instrument;
    };
    // What is wrong with the instrument's name is told when it is made, as the SDK does.
    current();
    return current;
  }
}
