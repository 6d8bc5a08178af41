import { MetricInput, type MetricProblemSink } from "./metric_input.ts";
import type {
  Counter,
  Gauge,
  Histogram,
  HistogramOptions,
  InstrumentOptions,
  Observer,
  UpDownCounter,
} from "./metrics.ts";
import {
  DEFAULT_BUCKETS,
  FAMILY_TYPES,
  HistogramInstrument,
  type InstrumentInit,
  type InstrumentKind,
  ObservedInstrument,
  SAMPLE_SUFFIXES,
  ValueInstrument,
} from "./metrics_family.ts";
import { prometheusName } from "./prometheus_names.ts";
import { type ExpositionFormat, type MetricFamily, writeExposition } from "./prometheus_text.ts";

/** How a registry is set up. */
export interface MetricsRegistryOptions {
  /** The most series of one instrument; 2,000 unless told, as in the SDK. */
  readonly cardinalityLimit?: number;
  /** How long an observer may take before it is left out: 3 s unless told, for a scraper waits. */
  readonly observerTimeoutMillis?: number;
  /** Told once of each thing that is wrong with what is recorded; logged unless told. */
  readonly onProblem?: MetricProblemSink;
}

/** The kinds of instruments that are asked for their values. */
export type ObservedKind = Extract<InstrumentKind, `observable${string}`>;

type AnyInstrument = ValueInstrument | HistogramInstrument;

const DEFAULT_CARDINALITY_LIMIT = 2_000;
const DEFAULT_OBSERVER_TIMEOUT_MILLIS = 3_000;
/**
 * Metrics kept in the process, for `/metrics` where no SDK is registered. Nothing that is recorded
 * throws or spoils a series: what is wrong is dropped, and told once.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { MetricsRegistry } from "@echelon/framework/telemetry";
 *
 * const registry = new MetricsRegistry();
 * const orders = registry.counter("shop.orders", { unit: "{order}" });
 * orders.add(1, { "shop.channel": "web" });
 * const text = await registry.expose("prometheus");
 * assert(text.includes('shop_orders_total{shop_channel="web"} 1'));
 * ```
 */
export class MetricsRegistry {
  readonly #settings: Pick<InstrumentInit, "limit" | "observerTimeoutMillis" | "input">;
  readonly #instruments = new Map<string, AnyInstrument>();
  readonly #sampleNames = new Map<string, string>();
  #collection: Promise<MetricFamily[]> | undefined;

  /**
   * @param options Every one may be left out.
   * @throws {RangeError} When the limit leaves no room for a series.
   */
  constructor(options: MetricsRegistryOptions = {}) {
    const {
      cardinalityLimit = DEFAULT_CARDINALITY_LIMIT,
      observerTimeoutMillis = DEFAULT_OBSERVER_TIMEOUT_MILLIS,
    } = options;
    if (!Number.isInteger(cardinalityLimit) || cardinalityLimit < 2) {
      throw new RangeError(
        `Cannot keep ${cardinalityLimit} series: expected "cardinalityLimit" to be an integer from 2`,
      );
    }
    this.#settings = {
      limit: cardinalityLimit,
      observerTimeoutMillis,
      input: new MetricInput(options.onProblem),
    };
  }

  /** The counter of this name, made on first use. */
  counter(name: string, options: InstrumentOptions = {}): Counter {
    return this.#open("counter", { name, options, make: (init) => new ValueInstrument(init) });
  }

  /** The up-down counter of this name, made on first use. */
  upDownCounter(name: string, options: InstrumentOptions = {}): UpDownCounter {
    return this.#open("upDownCounter", {
      name,
      options,
      make: (init) => new ValueInstrument(init),
    });
  }

  /** The gauge of this name, made on first use. */
  gauge(name: string, options: InstrumentOptions = {}): Gauge {
    return this.#open("gauge", { name, options, make: (init) => new ValueInstrument(init) });
  }

  /** The histogram of this name, made on first use with the buckets then given. */
  histogram(name: string, options: HistogramOptions = {}): Histogram {
    const bounds = this.#boundsOf(name, options.buckets);
    return this.#open("histogram", {
      name,
      options,
      make: (init) => new HistogramInstrument(init, bounds),
    });
  }

  /**
   * Asks for values whenever metrics are read. Several observers may tell of one instrument, each
   * with attributes of its own.
   *
   * @param instrument Its kind and name.
   * @param observer Tells the values of now.
   * @param options Its unit and description.
   * @returns Ends it.
   */
  observe(
    { kind, name }: { readonly kind: ObservedKind; readonly name: string },
    observer: Observer,
    options: InstrumentOptions = {},
  ): () => void {
    const instrument = this.#open(kind, {
      name,
      options,
      make: (init) => new ObservedInstrument(init),
    });
    instrument.observeWith(observer);
    return () => instrument.stopObserving(observer);
  }

  /** Every family that has a series, as it stands now. Observers are asked first. */
  async collect(): Promise<MetricFamily[]> {
    // One at a time: two would clear each other's observations.
    this.#collection ??= this.#collectNow().finally(() => this.#collection = undefined);
    return await this.#collection;
  }

  /** Everything, as Prometheus reads it. */
  async expose(format: ExpositionFormat): Promise<string> {
    return writeExposition(await this.collect(), format);
  }

  async #collectNow(): Promise<MetricFamily[]> {
    const instruments = [...this.#instruments.values()];
    const observed = instruments.filter((instrument) => instrument instanceof ObservedInstrument);
    await Promise.all(observed.map((instrument) => instrument.refresh()));
    return instruments.map((instrument) => instrument.snapshot())
      .filter((family) => family !== undefined);
  }

  /** An instrument that may not be had is made all the same, and read by nobody. */
  #open<Made extends AnyInstrument>(
    kind: InstrumentKind,
    { name, options, make }: {
      readonly name: string;
      readonly options: InstrumentOptions;
      readonly make: (init: InstrumentInit) => Made;
    },
  ): Made {
    const { unit = "", description = "" } = options;
    const type = FAMILY_TYPES[kind];
    const { input } = this.#settings;
    const sound = input.acceptsName(name);
    const family = prometheusName({ name: String(name), unit, type });
    const known = this.#instruments.get(family);
    if (known?.init.name === name && known.init.kind === kind) return known as Made;
    const made = make({ name, family, kind, unit, description, ...this.#settings });
    if (!sound) return made;
    const samples = SAMPLE_SUFFIXES[type].map((suffix) => family + suffix);
    const rival = samples.map((sample) => this.#sampleNames.get(sample)).find(Boolean);
    if (rival !== undefined) {
      input.tell(
        name,
        `Nothing is recorded in the ${kind} "${name}": its series would be mixed up with those of ` +
          `${rival}; expected a name of its own`,
      );
      return made;
    }
    for (const sample of samples) this.#sampleNames.set(sample, `the ${kind} "${name}"`);
    this.#instruments.set(family, made);
    return made;
  }

  #boundsOf(name: string, buckets: readonly number[] | undefined): readonly number[] {
    if (buckets === undefined) return DEFAULT_BUCKETS;
    const ascending = buckets.every((bound, index) =>
      Number.isFinite(bound) && (index === 0 || bound > (buckets[index - 1] as number))
    );
    if (ascending) return [...buckets];
    this.#settings.input.tell(
      name,
      `The buckets of "${name}" are not used: expected finite bounds in ascending order`,
    );
    return DEFAULT_BUCKETS;
  }
}
