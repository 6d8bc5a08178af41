import type { Attributes } from "@opentelemetry/api";
import type { MetricInput } from "./metric_input.ts";
import type { Observer } from "./metrics.ts";
import { SeriesTable } from "./metrics_series.ts";
import type { FamilyType } from "./prometheus_names.ts";
import type { MetricFamily } from "./prometheus_text.ts";

/** The kinds of instruments that a registry holds. */
export type InstrumentKind =
  | "counter"
  | "upDownCounter"
  | "gauge"
  | "histogram"
  | "observableCounter"
  | "observableUpDownCounter"
  | "observableGauge";

/** The type of the family that a kind of instrument becomes. */
export const FAMILY_TYPES: Readonly<Record<InstrumentKind, FamilyType>> = {
  counter: "counter",
  upDownCounter: "gauge",
  gauge: "gauge",
  histogram: "histogram",
  observableCounter: "counter",
  observableUpDownCounter: "gauge",
  observableGauge: "gauge",
};

/** What stands after the name of a family in the names of its samples. */
export const SAMPLE_SUFFIXES = {
  counter: ["", "_total"],
  gauge: [""],
  histogram: ["", "_bucket", "_sum", "_count"],
} as const satisfies Readonly<Record<FamilyType, readonly string[]>>;

/** What the SDK takes where no buckets are given. */
export const DEFAULT_BUCKETS: readonly number[] = [
  0,
  5,
  10,
  25,
  50,
  75,
  100,
  250,
  500,
  750,
  1_000,
  2_500,
  5_000,
  7_500,
  10_000,
];

/** What an instrument of a registry is made from. */
export interface InstrumentInit {
  /** The name the application gave it. */
  readonly name: string;
  /** The name of its family. */
  readonly family: string;
  readonly kind: InstrumentKind;
  readonly unit: string;
  readonly description: string;
  /** The most series it may have. */
  readonly limit: number;
  /** How long one who is asked for values may take. */
  readonly observerTimeoutMillis: number;
  readonly input: MetricInput;
}

abstract class Instrument<State> {
  readonly init: InstrumentInit;
  protected readonly series: SeriesTable<State>;

  constructor(init: InstrumentInit, create: () => State) {
    this.init = init;
    const { name, limit, input } = init;
    this.series = new SeriesTable({
      limit,
      create,
      overflowed: () =>
        input.tell(
          name,
          `"${name}" has ${limit} series: further ones are counted together, under ` +
            `otel_metric_overflow; expected attributes with few values`,
        ),
    });
  }

  /** What it holds now, or `undefined` while it has no series. */
  abstract snapshot(): MetricFamily | undefined;

  protected accepts(value: unknown, signed: boolean): value is number {
    return this.init.input.acceptsValue(this.init.name, value, signed);
  }

  protected seriesOf(attributes: Attributes | undefined): State {
    return this.series.of(this.init.input.soundAttributes(this.init.name, attributes));
  }
}

/** A counter, an up-down counter or a gauge: one number for each series. */
export class ValueInstrument extends Instrument<{ value: number }> {
  readonly #signed: boolean;

  /** @param init Its name and kind. */
  constructor(init: InstrumentInit) {
    super(init, () => ({ value: 0 }));
    this.#signed = FAMILY_TYPES[init.kind] !== "counter";
  }

  /** Adds to a series. */
  add(value: number, attributes?: Attributes): void {
    if (this.accepts(value, this.#signed)) this.seriesOf(attributes).value += value;
  }

  /** Sets a series. */
  record(value: number, attributes?: Attributes): void {
    if (this.accepts(value, this.#signed)) this.seriesOf(attributes).value = value;
  }

  override snapshot(): MetricFamily | undefined {
    const { family: name, unit, description } = this.init;
    const series = Array.from(
      this.series.entries(),
      ({ labels, state }) => ({ labels, value: state.value }),
    );
    const type = this.#signed ? "gauge" : "counter";
    return series.length === 0 ? undefined : { name, type, unit, description, series };
  }
}

/** An instrument that is asked for its values whenever they are read. */
export class ObservedInstrument extends ValueInstrument {
  readonly #observers = new Set<Observer>();

  /** Adds one that is asked. */
  observeWith(observer: Observer): void {
    this.#observers.add(observer);
  }

  /** Asks it no longer. */
  stopObserving(observer: Observer): void {
    this.#observers.delete(observer);
  }

  /** Asks every observer. One that fails or does not answer is left out, and told once. */
  async refresh(): Promise<void> {
    this.series.clear();
    await Promise.all([...this.#observers].map((observer) => this.#ask(observer)));
  }

  async #ask(observer: Observer): Promise<void> {
    const { name, input, observerTimeoutMillis } = this.init;
    let open = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      const refuse = () => reject(new Error(`no answer in ${observerTimeoutMillis} ms`));
      timer = setTimeout(refuse, observerTimeoutMillis);
    });
    try {
      const answer = observer((value, attributes) => {
        if (open) this.record(value, attributes);
      });
      await Promise.race([answer, late]);
    } catch (error) {
      input.tell(name, `Could not observe "${name}": ${String(error)}`);
    } finally {
      open = false;
      clearTimeout(timer);
    }
  }
}

/** A histogram: a sum and counts by bucket for each series. */
export class HistogramInstrument extends Instrument<{ sum: number; counts: number[] }> {
  readonly #bounds: readonly number[];

  /** @param init Its name. @param bounds The upper bounds of its buckets, ascending. */
  constructor(init: InstrumentInit, bounds: readonly number[]) {
    super(init, () => ({ sum: 0, counts: new Array<number>(bounds.length + 1).fill(0) }));
    this.#bounds = bounds;
  }

  /** Adds a measurement to a series. */
  record(value: number, attributes?: Attributes): void {
    if (!this.accepts(value, false)) return;
    const state = this.seriesOf(attributes);
    let bucket = 0;
    while (bucket < this.#bounds.length && value > (this.#bounds[bucket] as number)) bucket += 1;
    state.counts[bucket] = (state.counts[bucket] as number) + 1;
    state.sum += value;
  }

  override snapshot(): MetricFamily | undefined {
    const { family: name, unit, description } = this.init;
    const series = Array.from(
      this.series.entries(),
      ({ labels, state: { sum, counts } }) => ({ labels, sum, counts: [...counts] }),
    );
    if (series.length === 0) return undefined;
    return { name, type: "histogram", unit, description, bounds: this.#bounds, series };
  }
}
