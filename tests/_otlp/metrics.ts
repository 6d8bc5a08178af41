import {
  type Attributes,
  type Origin,
  readAttributes,
  readCounts,
  readEnvelope,
} from "./common.ts";
import {
  asDouble,
  asInteger,
  bigintField,
  booleanField,
  doubleField,
  enumField,
  integerField,
  isSet,
  listField,
  type Message,
  messageField,
  messagesField,
  textField,
  WireError,
} from "./wire.ts";

const TEMPORALITIES = ["UNSPECIFIED", "DELTA", "CUMULATIVE"] as const;

/** Whether points count from the start of the process or from the point before, by name. */
export type TemporalityName = typeof TEMPORALITIES[number];

/** The aggregation of a metric, by the name of its field in OTLP. */
export type MetricType =
  | "gauge"
  | "sum"
  | "histogram"
  | "exponentialHistogram"
  | "summary";

/** A metric as it arrived, whichever encoding it came in. */
export interface ReceivedMetric extends Origin {
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  readonly type: MetricType;
  /** `UNSPECIFIED` for a gauge and a summary, which have none. */
  readonly temporality: TemporalityName;
  /** True only for a sum that never falls. */
  readonly monotonic: boolean;
  readonly points: readonly ReceivedPoint[];
}

/** One series at one time. Which of the later fields are there depends on the metric's type. */
export interface ReceivedPoint {
  readonly attributes: Attributes;
  readonly startTime: bigint;
  readonly time: bigint;
  readonly flags: number;
  /** Of a gauge or a sum. */
  readonly value?: number | bigint;
  /** Of a histogram or a summary, as are the sum, the least and the greatest value. */
  readonly count?: number;
  readonly sum?: number;
  readonly min?: number;
  readonly max?: number;
  /** Of a histogram with explicit buckets: `bucketCounts` has one more than `bounds`. */
  readonly bounds?: readonly number[];
  readonly bucketCounts?: readonly number[];
  /** Of an exponential histogram. */
  readonly scale?: number;
  readonly zeroCount?: number;
  readonly zeroThreshold?: number;
  readonly positive?: ExponentialBuckets;
  readonly negative?: ExponentialBuckets;
  /** Of a summary. */
  readonly quantiles?: readonly {
    readonly quantile: number;
    readonly value: number;
  }[];
}

/** The buckets of an exponential histogram on one side of zero. */
export interface ExponentialBuckets {
  readonly offset: number;
  readonly bucketCounts: readonly number[];
}

const POINT_READERS: Readonly<
  Record<MetricType, (point: Message) => Partial<ReceivedPoint>>
> = {
  gauge: readNumber,
  sum: readNumber,
  histogram: (point) => ({
    ...readDistribution(point),
    bounds: listField(point, "explicitBounds").map((bound) => asDouble(bound, "explicitBounds")),
    bucketCounts: readCounts(point, "bucketCounts"),
  }),
  exponentialHistogram: (point) => ({
    ...readDistribution(point),
    scale: integerField(point, "scale"),
    zeroCount: integerField(point, "zeroCount"),
    zeroThreshold: doubleField(point, "zeroThreshold"),
    positive: readBuckets(messageField(point, "positive")),
    negative: readBuckets(messageField(point, "negative")),
  }),
  summary: (point) => ({
    ...readDistribution(point),
    quantiles: messagesField(point, "quantileValues").map((item) => ({
      quantile: doubleField(item, "quantile"),
      value: doubleField(item, "value"),
    })),
  }),
};

const TYPES = Object.keys(POINT_READERS) as MetricType[];

/** Every metric of a request to `/v1/metrics`. */
export function readMetrics(body: unknown): ReceivedMetric[] {
  return readEnvelope(
    body,
    ["resourceMetrics", "scopeMetrics", "metrics"],
    readMetric,
  );
}

function readMetric(metric: Message, origin: Origin): ReceivedMetric {
  const name = textField(metric, "name");
  const type = TYPES.find((candidate) => isSet(metric, candidate));
  if (type === undefined) {
    throw new WireError(`Metric "${name}" has data of no known type`);
  }
  const data = messageField(metric, type);
  return {
    name,
    description: textField(metric, "description"),
    unit: textField(metric, "unit"),
    type,
    temporality: enumField(data, "aggregationTemporality", TEMPORALITIES),
    monotonic: booleanField(data, "isMonotonic"),
    points: messagesField(data, "dataPoints").map((point) => ({
      attributes: readAttributes(point),
      startTime: bigintField(point, "startTimeUnixNano"),
      time: bigintField(point, "timeUnixNano"),
      flags: integerField(point, "flags"),
      ...POINT_READERS[type](point),
    })),
    ...origin,
  };
}

function readNumber(point: Message): Partial<ReceivedPoint> {
  if (isSet(point, "asInt")) {
    return { value: asInteger(point["asInt"], "asInt") };
  }
  if (isSet(point, "asDouble")) {
    return { value: asDouble(point["asDouble"], "asDouble") };
  }
  return {};
}

function readDistribution(point: Message): Partial<ReceivedPoint> {
  return {
    count: integerField(point, "count"),
    ...(isSet(point, "sum") && { sum: doubleField(point, "sum") }),
    ...(isSet(point, "min") && { min: doubleField(point, "min") }),
    ...(isSet(point, "max") && { max: doubleField(point, "max") }),
  };
}

function readBuckets(buckets: Message): ExponentialBuckets {
  return {
    offset: integerField(buckets, "offset"),
    bucketCounts: readCounts(buckets, "bucketCounts"),
  };
}
