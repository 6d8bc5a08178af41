import type {
  ExponentialValue,
  HistogramValue,
  NumberValue,
  SummaryValue,
} from "../otlp/records.ts";
import type { Aggregate } from "./aggregate.ts";
import { exponentialAggregate } from "./exponential.ts";

/** A total of any kind of metric. */
export type StoredValue = NumberValue | HistogramValue | ExponentialValue | SummaryValue;

const POINT_BYTES = 72;
const COUNT_BYTES = 8;

const numbers: Aggregate<NumberValue> = {
  add: (one, other) => ({ type: "number", number: one.number + other.number }),
  subtract: (later, earlier) => ({ type: "number", number: later.number - earlier.number }),
  isReset: (later, earlier) => later.number < earlier.number,
  fits: () => true,
  zero: () => ({ type: "number", number: 0 }),
  bytes: () => POINT_BYTES,
};

const histograms: Aggregate<HistogramValue> = {
  add: (one, other) => combineHistograms(one, other, 1),
  subtract: (later, earlier) => combineHistograms(later, earlier, -1),
  isReset: (later, earlier) => later.count < earlier.count,
  fits: (one, other) =>
    one.bounds === other.bounds ||
    one.bounds.length === other.bounds.length &&
      one.bounds.every((bound, i) => bound === other.bounds[i]),
  zero: ({ bounds, counts }) => ({
    type: "histogram",
    count: 0,
    sum: 0,
    bounds,
    counts: counts.map(() => 0),
  }),
  // The bounds are shared between the points of a series.
  bytes: ({ counts }) => POINT_BYTES + 48 + counts.length * COUNT_BYTES,
};

function combineHistograms(one: HistogramValue, other: HistogramValue, sign: 1 | -1) {
  return {
    type: "histogram",
    count: one.count + sign * other.count,
    sum: one.sum === undefined || other.sum === undefined ? undefined : one.sum + sign * other.sum,
    bounds: other.bounds,
    counts: one.counts.map((count, i) => count + sign * (other.counts[i] ?? 0)),
  } as const;
}

/** A summary's quantiles cannot be added; each point stands for itself. */
const summaries: Aggregate<SummaryValue> = {
  add: (_one, other) => other,
  subtract: (later) => later,
  isReset: () => false,
  fits: () => true,
  zero: () => ({ type: "summary", count: 0, sum: 0, quantiles: [] }),
  bytes: ({ quantiles }) => POINT_BYTES + 64 * quantiles.length,
};

const AGGREGATES = {
  number: numbers,
  histogram: histograms,
  exponential: exponentialAggregate,
  summary: summaries,
};

/** The aggregate that fits a value. A series whose values change their type begins anew. */
export function aggregateOf(value: StoredValue): Aggregate<StoredValue> {
  // Chosen by the value's own type; `Series` compares the types before it hands it two values.
  return AGGREGATES[value.type] as unknown as Aggregate<StoredValue>;
}
