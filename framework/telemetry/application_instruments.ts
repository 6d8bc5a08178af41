import { checkedObserver, checkedWrite } from "./metric_checks.ts";
import type {
  Counter,
  Gauge,
  Histogram,
  HistogramOptions,
  InstrumentOptions,
  Observer,
  UpDownCounter,
} from "./metrics.ts";
import type { InstrumentMeter } from "./metrics_registry_meter.ts";

/** The instruments that an application makes for itself: those of a meter, behind a check. */
export class ApplicationInstruments {
  protected readonly meter: InstrumentMeter;

  /** @param meter Where the instruments are made. */
  constructor(meter: InstrumentMeter) {
    this.meter = meter;
  }

  /** A counter of the application's own. */
  counter(name: string, options?: InstrumentOptions): Counter {
    const counter = this.meter.createCounter(name, options);
    return { add: checkedWrite(name, (...measured) => counter.add(...measured)) };
  }

  /** An up-down counter of the application's own. */
  upDownCounter(name: string, options?: InstrumentOptions): UpDownCounter {
    const counter = this.meter.createUpDownCounter(name, options);
    return { add: checkedWrite(name, (...measured) => counter.add(...measured), { signed: true }) };
  }

  /** A gauge of the application's own. */
  gauge(name: string, options?: InstrumentOptions): Gauge {
    const gauge = this.meter.createGauge(name, options);
    return {
      record: checkedWrite(name, (...measured) => gauge.record(...measured), { signed: true }),
    };
  }

  /** A histogram of the application's own. */
  histogram(name: string, options: HistogramOptions = {}): Histogram {
    const { buckets, ...described } = options;
    const histogram = this.meter.createHistogram(name, {
      ...described,
      ...(buckets === undefined ? {} : { advice: { explicitBucketBoundaries: [...buckets] } }),
    });
    return { record: checkedWrite(name, (...measured) => histogram.record(...measured)) };
  }

  /**
   * A gauge of the application's own that is asked whenever metrics are collected.
   *
   * @returns Ends it.
   */
  observableGauge(name: string, observer: Observer, options?: InstrumentOptions): () => void {
    const gauge = this.meter.createObservableGauge(name, options);
    const callback = checkedObserver(name, observer);
    gauge.addCallback(callback);
    return () => gauge.removeCallback(callback);
  }
}
