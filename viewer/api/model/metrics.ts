import type { Attribute } from "./attributes.ts";

export type MetricKind =
  | "gauge"
  | "counter"
  | "upDownCounter"
  | "histogram"
  | "exponentialHistogram"
  | "summary";

/** One instrument of one service. */
export interface MetricInstrument {
  /** Opaque; goes into the path of `GET /api/metrics/{id}`. */
  readonly id: string;
  readonly service: string;
  readonly scope: string;
  readonly name: string;
  readonly description: string;
  /** As UCUM: "s", "By", "{request}", "1"; may be empty. */
  readonly unit: string;
  readonly kind: MetricKind;
  /** How the sender counts. The points of this API are the same for both. */
  readonly temporality: "unspecified" | "delta" | "cumulative";
  readonly seriesCount: number;
  /** The keys that tell its series apart. */
  readonly attributeKeys: readonly string[];
  /** The time of its newest point. */
  readonly lastTime: number;
}

/**
 * `GET /api/metrics`: by service, then name.
 *
 * Query: `q` (text in the name or the description), `service`.
 */
export interface MetricList {
  readonly instruments: readonly MetricInstrument[];
}

/**
 * `GET /api/metrics/{id}`.
 *
 * Query: `from`, `to` (times), `points` (the most per series, 10 to 2000, 300 unless given),
 * `series` (the most series, 1 to 200, 50 unless given: those with the newest points come first),
 * `attr` (`key:value`, may repeat).
 */
export type MetricData = NumberMetric | HistogramMetric | SummaryMetric;

interface MetricDataBase<Series> {
  readonly instrument: MetricInstrument;
  readonly series: readonly Series[];
  /** How many series matched; more than `series` holds when it was cut. */
  readonly seriesTotal: number;
}

interface SeriesBase<Point> {
  readonly attributes: readonly Attribute[];
  /** The `id` of its resource. */
  readonly resourceId: string;
  /** By time. */
  readonly points: readonly Point[];
  readonly exemplars: readonly Exemplar[];
}

/** A gauge, a counter or an up-down counter. */
export interface NumberMetric extends MetricDataBase<NumberSeries> {
  readonly shape: "number";
}

export type NumberSeries = SeriesBase<NumberPoint>;

export interface NumberPoint {
  readonly time: number;
  /** The value; of a counter, the total since the series was first seen. */
  readonly value: number;
  /** Of a counter: per second since the point before; left out where there is none to compare. */
  readonly rate?: number;
}

/** A histogram; an exponential one is given with explicit bounds too. */
export interface HistogramMetric extends MetricDataBase<HistogramSeries> {
  readonly shape: "histogram";
}

export interface HistogramSeries extends SeriesBase<HistogramPoint> {
  /** The upper bounds of the buckets, rising; the last bucket has none. */
  readonly bounds: readonly number[];
}

/** What was recorded since the point before. */
export interface HistogramPoint {
  readonly time: number;
  /** How long that was; 0 where it is not known. */
  readonly intervalMs: number;
  readonly count: number;
  readonly sum?: number;
  /** One more than there are bounds. */
  readonly counts: readonly number[];
  /** Estimated from the buckets; left out when nothing was recorded. */
  readonly p50?: number;
  readonly p95?: number;
  readonly p99?: number;
}

export interface SummaryMetric extends MetricDataBase<SummarySeries> {
  readonly shape: "summary";
}

export type SummarySeries = SeriesBase<SummaryPoint>;

export interface SummaryPoint {
  readonly time: number;
  readonly count: number;
  readonly sum: number;
  readonly quantiles: readonly { readonly quantile: number; readonly value: number }[];
}

/** A single measurement with the span that it was made in. */
export interface Exemplar {
  readonly time: number;
  readonly value: number;
  readonly traceId?: string;
  readonly spanId?: string;
  readonly traceKnown: boolean;
  readonly attributes: readonly Attribute[];
}
