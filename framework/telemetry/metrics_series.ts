import type { Attributes } from "@opentelemetry/api";
import { type Labels, prometheusLabels } from "./prometheus_names.ts";

/** The label of the series that takes what came after the limit, as the SDK names it. */
const OVERFLOW: Attributes = Object.freeze({ "otel.metric.overflow": true });

interface Series<State> {
  readonly labels: Labels;
  readonly state: State;
}

/** How a table of series is set up. */
export interface SeriesTableInit<State> {
  /** The most series, the one for what came after them included. */
  readonly limit: number;
  /** Makes what a new series holds. */
  create(): State;
  /** Told whenever a series is refused. */
  overflowed(): void;
}

/** The series of one instrument, found by their attributes; never more than the limit. */
export class SeriesTable<State> {
  readonly #init: SeriesTableInit<State>;
  // Frozen attributes are bound to their series: what recurs is found without reading it.
  #bound = new WeakMap<Attributes, State>();
  readonly #byAttributes = new Map<string, State>();
  readonly #byLabels = new Map<string, Series<State>>();

  /** @param init Its limit and what its series hold. */
  constructor(init: SeriesTableInit<State>) {
    this.#init = init;
  }

  /** What the series with these attributes holds. */
  of(attributes: Attributes): State {
    const bound = this.#bound.get(attributes);
    if (bound !== undefined) return bound;
    const key = keyOf(attributes);
    const state = this.#byAttributes.get(key) ?? this.#find(key, attributes);
    if (Object.isFrozen(attributes)) this.#bound.set(attributes, state);
    return state;
  }

  /** Every series. */
  entries(): Iterable<Series<State>> {
    return this.#byLabels.values();
  }

  /** Forgets every series. */
  clear(): void {
    this.#bound = new WeakMap();
    this.#byAttributes.clear();
    this.#byLabels.clear();
  }

  #find(key: string, attributes: Attributes): State {
    const series = this.#byLabels.get(keyOf(prometheusLabels(attributes)));
    if (series === undefined && this.#byLabels.size >= this.#init.limit - 1) {
      this.#init.overflowed();
      return this.#ofLabels(OVERFLOW);
    }
    const state = series?.state ?? this.#ofLabels(attributes);
    // `1` and `"1"` are one label: the spellings of a series are counted like series.
    if (this.#byAttributes.size < this.#init.limit) this.#byAttributes.set(key, state);
    return state;
  }

  #ofLabels(attributes: Attributes): State {
    const labels = prometheusLabels(attributes);
    const key = keyOf(labels);
    const known = this.#byLabels.get(key);
    if (known !== undefined) return known.state;
    const series = { labels, state: this.#init.create() };
    this.#byLabels.set(key, series);
    return series.state;
  }
}

function keyOf(attributes: Attributes): string {
  return JSON.stringify(Object.keys(attributes).sort().map((key) => [key, attributes[key]]));
}
