import type { Attributes } from "@opentelemetry/api";
import { DataPointType, type MetricData } from "@opentelemetry/sdk-metrics";

/** What a metric is made of. */
export type TestMetricKind = "counter" | "upDownCounter" | "gauge" | "histogram";

/** One metric, with everything that was recorded since the start or the last reset. */
export interface TestMetric {
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  readonly kind: TestMetricKind;
  /** The name of the meter that made it. */
  readonly meter: string;
  /** One for each set of attributes. */
  readonly points: readonly TestMetricPoint[];
}

/** What was recorded with one set of attributes. */
export interface TestMetricPoint {
  readonly attributes: Attributes;
  /** Of a counter, an up-down counter or a gauge. */
  readonly value?: number;
  /** Of a histogram. */
  readonly histogram?: TestHistogram;
}

/** The measurements of one series of a histogram. */
export interface TestHistogram {
  readonly count: number;
  readonly sum: number;
  readonly min: number | undefined;
  readonly max: number | undefined;
  /** The upper limits of the buckets but the last, which has none. */
  readonly boundaries: readonly number[];
  /** How many measurements are in each bucket. */
  readonly counts: readonly number[];
}

/** What one collection has of a metric, in the form that tests read. */
export function readMetric(data: MetricData, meter: string): TestMetric {
  const { name, description, unit } = data.descriptor;
  return { name, description, unit, meter, kind: kindOf(data), points: pointsOf(data) };
}

function kindOf(data: MetricData): TestMetricKind {
  switch (data.dataPointType) {
    case DataPointType.SUM:
      return data.isMonotonic ? "counter" : "upDownCounter";
    case DataPointType.GAUGE:
      return "gauge";
    default:
      return "histogram";
  }
}

function pointsOf(data: MetricData): TestMetricPoint[] {
  switch (data.dataPointType) {
    case DataPointType.SUM:
    case DataPointType.GAUGE:
      return data.dataPoints.map(({ attributes, value }) => ({ attributes, value }));
    case DataPointType.HISTOGRAM:
      return data.dataPoints.map(({ attributes, value }) => ({
        attributes,
        histogram: {
          count: value.count,
          sum: value.sum ?? 0,
          min: value.min,
          max: value.max,
          boundaries: value.buckets.boundaries,
          counts: value.buckets.counts,
        },
      }));
    case DataPointType.EXPONENTIAL_HISTOGRAM:
      throw new TypeError(
        `The metric "${data.descriptor.name}" is an exponential histogram, which no view asked for`,
      );
  }
}

/** Two points of the same series, the later one recorded after the earlier one. */
export function joinPoints(earlier: TestMetricPoint, later: TestMetricPoint): TestMetricPoint {
  const { attributes } = later;
  if (earlier.histogram === undefined || later.histogram === undefined) {
    return { attributes, value: (earlier.value ?? 0) + (later.value ?? 0) };
  }
  const [a, b] = [earlier.histogram, later.histogram];
  return {
    attributes,
    histogram: {
      count: a.count + b.count,
      sum: a.sum + b.sum,
      min: extreme(Math.min, a.min, b.min),
      max: extreme(Math.max, a.max, b.max),
      boundaries: b.boundaries,
      counts: b.counts.map((count, bucket) => count + (a.counts[bucket] ?? 0)),
    },
  };
}

function extreme(
  pick: (...values: number[]) => number,
  ...values: (number | undefined)[]
): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : pick(...known);
}
