import type {
  ExemplarRecord,
  ExponentialBuckets,
  MetricRecord,
  PointRecord,
  SummaryValue,
} from "./records.ts";
import { readAttributes } from "./values.ts";
import {
  asCount,
  asDouble,
  asInteger,
  asMessage,
  booleanIn,
  countIn,
  enumIn,
  has,
  identifierIn,
  integerIn,
  listIn,
  type Message,
  messageIn,
  textIn,
  timeIn,
} from "./wire.ts";

const TEMPORALITIES = [
  "AGGREGATION_TEMPORALITY_UNSPECIFIED",
  "AGGREGATION_TEMPORALITY_DELTA",
  "AGGREGATION_TEMPORALITY_CUMULATIVE",
];
const TEMPORALITY_NAMES = ["unspecified", "delta", "cumulative"] as const;

/** The flag of a point by which a series says that it has ended; such a point has no value. */
const NO_RECORDED_VALUE = 1;
const MAX_TEXT = 1024;
const MAX_BOUNDS = 1024;
const MAX_EXEMPLARS = 32;

/** What a metric gave: its points that can be kept, and why others cannot. */
export interface MetricReading {
  readonly metric: MetricRecord | undefined;
  readonly refused: number;
  readonly problem: string | undefined;
}

/**
 * Reads a metric.
 *
 * @throws {Error} When the whole request is not OTLP.
 */
export function readMetric(metric: Message): MetricReading {
  const name = textIn(metric, "name").slice(0, MAX_TEXT);
  const type = TYPES.find(({ field }) => has(metric, field));
  if (type === undefined) return { metric: undefined, refused: 0, problem: undefined };
  const data = messageIn(metric, type.field);
  const points: PointRecord[] = [];
  let refused = 0;
  let problem: string | undefined;
  for (const item of listIn(data, "dataPoints")) {
    const point = asMessage(item, "dataPoints");
    if ((integerIn(point, "flags") & NO_RECORDED_VALUE) !== 0) continue;
    const value = type.read(point);
    if (typeof value === "string") {
      refused++;
      problem = `a point of metric "${name}" ${value}`;
    } else {
      points.push(readPoint(point, value));
    }
  }
  const temporality = enumIn(data, "aggregationTemporality", TEMPORALITIES);
  const kind = type.field !== "sum"
    ? type.kind
    : booleanIn(data, "isMonotonic")
    ? "counter"
    : "upDownCounter";
  return {
    metric: {
      name,
      description: textIn(metric, "description").slice(0, MAX_TEXT),
      unit: textIn(metric, "unit").slice(0, MAX_TEXT),
      kind,
      temporality: TEMPORALITY_NAMES[temporality] ?? "unspecified",
      points,
    },
    refused,
    problem,
  };
}

/** Reads a point's value; a text says why it is refused. */
type ReadPoint = (point: Message) => PointRecord["value"] | string;

const TYPES: readonly {
  readonly field: string;
  readonly kind: MetricRecord["kind"];
  readonly read: ReadPoint;
}[] = [
  { field: "gauge", kind: "gauge", read: readNumber },
  { field: "sum", kind: "counter", read: readNumber },
  { field: "histogram", kind: "histogram", read: readHistogram },
  { field: "exponentialHistogram", kind: "exponentialHistogram", read: readExponential },
  { field: "summary", kind: "summary", read: readSummary },
];

function readPoint(point: Message, value: PointRecord["value"]): PointRecord {
  return {
    attributes: readAttributes(point),
    start: timeIn(point, "startTimeUnixNano").time,
    time: timeIn(point, "timeUnixNano").time,
    value,
    exemplars: listIn(point, "exemplars").slice(-MAX_EXEMPLARS)
      .map((item) => readExemplar(asMessage(item, "exemplars"))),
  };
}

/** The number of a point or an exemplar. */
function numberOf(message: Message): number {
  if (has(message, "asInt")) return Number(asInteger(message["asInt"], "asInt"));
  return has(message, "asDouble") ? asDouble(message["asDouble"], "asDouble") : Number.NaN;
}

function readNumber(point: Message): PointRecord["value"] | string {
  const number = numberOf(point);
  if (!Number.isFinite(number)) return "has no finite value";
  return { type: "number", number };
}

function sumOf(point: Message): number | undefined {
  if (!has(point, "sum")) return undefined;
  const sum = asDouble(point["sum"], "sum");
  return Number.isFinite(sum) ? sum : undefined;
}

function countsOf(message: Message): number[] {
  return listIn(message, "bucketCounts").map((item) => asCount(item, "bucketCounts"));
}

function readHistogram(point: Message): PointRecord["value"] | string {
  const bounds = listIn(point, "explicitBounds").map((bound) => asDouble(bound, "explicitBounds"));
  const count = countIn(point, "count");
  let counts = countsOf(point);
  // A histogram may come without buckets: only its count and sum are known.
  if (counts.length === 0 && bounds.length === 0) counts = [count];
  if (counts.length !== bounds.length + 1) {
    return `has ${counts.length} bucket counts for ${bounds.length} bounds`;
  }
  if (bounds.length > MAX_BOUNDS) return `has more than ${MAX_BOUNDS} bounds`;
  if (bounds.some((bound, i) => Number.isNaN(bound) || i > 0 && bound <= (bounds[i - 1] ?? 0))) {
    return "has bounds that do not rise";
  }
  return { type: "histogram", count, sum: sumOf(point), bounds, counts };
}

/** The scales that the data model gives a meaning to within a double's range. */
const SCALES = { least: -11, most: 20 };

function readExponential(point: Message): PointRecord["value"] | string {
  const scale = integerIn(point, "scale");
  if (scale < SCALES.least || scale > SCALES.most) return `has scale "${scale}"`;
  return {
    type: "exponential",
    count: countIn(point, "count"),
    sum: sumOf(point),
    scale,
    zeroCount: countIn(point, "zeroCount"),
    positive: readBuckets(messageIn(point, "positive")),
    negative: readBuckets(messageIn(point, "negative")),
  };
}

function readBuckets(buckets: Message): ExponentialBuckets {
  return { offset: integerIn(buckets, "offset"), counts: countsOf(buckets) };
}

function readSummary(point: Message): SummaryValue {
  return {
    type: "summary",
    count: countIn(point, "count"),
    sum: sumOf(point) ?? 0,
    quantiles: listIn(point, "quantileValues").slice(0, MAX_EXEMPLARS).map((item) => {
      const quantile = asMessage(item, "quantileValues");
      return {
        quantile: asDouble(quantile["quantile"] ?? 0, "quantile"),
        value: asDouble(quantile["value"] ?? 0, "value"),
      };
    }).filter(({ quantile, value }) => Number.isFinite(quantile) && Number.isFinite(value)),
  };
}

function readExemplar(exemplar: Message): ExemplarRecord {
  const value = numberOf(exemplar);
  const attributes = readAttributes(exemplar, "filteredAttributes");
  return {
    bytes: 3 * JSON.stringify(attributes).length,
    time: timeIn(exemplar, "timeUnixNano").time,
    value: Number.isFinite(value) ? value : 0,
    traceId: identifierIn(exemplar, "traceId", 32) ?? "",
    spanId: identifierIn(exemplar, "spanId", 16) ?? "",
    attributes,
  };
}
