import type { ExponentialValue, HistogramValue, SummaryValue } from "../otlp/records.ts";
import { aggregateOf, type StoredValue } from "../store/aggregates.ts";
import { describeInstrument, type Instrument } from "../store/instrument.ts";
import type { Series, StoredPoint } from "../store/series.ts";
import type { Store } from "../store/store.ts";
import { meets, parseAttributeFilter } from "./attribute_filter.ts";
import { explicitBuckets, quantiles } from "./buckets.ts";
import type {
  Exemplar,
  HistogramPoint,
  HistogramSeries,
  MetricData,
  MetricList,
  NumberPoint,
  NumberSeries,
  SummarySeries,
} from "./model.ts";
import { ApiProblem, type Query } from "./query.ts";

/** `GET /api/metrics`. */
export function listMetrics(store: Store, query: Query): MetricList {
  const q = query.text("q")?.toLowerCase();
  const service = query.text("service");
  const instruments = [...store.metrics.instruments()].filter((instrument) =>
    (service === undefined || instrument.service === service) &&
    (q === undefined || instrument.metric.name.toLowerCase().includes(q) ||
      instrument.metric.description.toLowerCase().includes(q))
  ).map(describeInstrument);
  instruments.sort((a, b) => compare(a.service, b.service) || compare(a.name, b.name));
  return { instruments };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The points of a series that are asked for, and the one before them to count from. */
interface Window {
  readonly before: StoredPoint | undefined;
  readonly points: readonly StoredPoint[];
}

/**
 * `GET /api/metrics/{id}`.
 *
 * @throws {ApiProblem} When there is no such instrument.
 */
export function metricData(store: Store, id: string, query: Query): MetricData {
  const instrument = store.metrics.get(id);
  if (instrument === undefined) throw new ApiProblem(404, `There is no metric "${id}"`);
  const range = {
    from: query.number("from") ?? Number.NEGATIVE_INFINITY,
    to: query.number("to") ?? Number.POSITIVE_INFINITY,
    points: query.integer("points", { least: 10, most: 2000, usual: 300 }),
  };
  const filters = query.texts("attr").map(parseAttributeFilter);
  const most = query.integer("series", { least: 1, most: 200, usual: 50 });
  const matching = [...instrument.series.values()]
    .filter(({ attributes }) => filters.every((filter) => meets(attributes, filter)))
    .sort((a, b) => b.lastTime - a.lastTime);
  const shown = matching.slice(0, most).map((series) => ({
    series,
    window: cutOut(series, range),
  }));
  const base = { instrument: describeInstrument(instrument), seriesTotal: matching.length };
  const common = (series: Series) => ({
    attributes: series.attributes,
    resourceId: series.resource.id,
    exemplars: exemplarsOf(store, series),
  });
  switch (shapeOf(instrument)) {
    case "number":
      return {
        ...base,
        shape: "number",
        series: shown.map(({ series, window }): NumberSeries => ({
          ...common(series),
          points: numberPoints(window, instrument),
        })),
      };
    case "histogram":
      return {
        ...base,
        shape: "histogram",
        series: shown.map(({ series, window }): HistogramSeries => ({
          ...common(series),
          ...histogramPoints(window),
        })),
      };
    case "summary":
      return {
        ...base,
        shape: "summary",
        series: shown.map(({ series, window }): SummarySeries => ({
          ...common(series),
          points: window.points.filter(isSummary).map(({ time, value }) => ({
            time,
            count: value.count,
            sum: value.sum,
            quantiles: value.quantiles,
          })),
        })),
      };
  }
}

function shapeOf({ metric: { kind } }: Instrument): MetricData["shape"] {
  if (kind === "summary") return "summary";
  return kind === "histogram" || kind === "exponentialHistogram" ? "histogram" : "number";
}

function isSummary(point: StoredPoint): point is StoredPoint & { readonly value: SummaryValue } {
  return point.value.type === "summary";
}

function cutOut(
  series: Series,
  { from, to, points: most }: {
    readonly from: number;
    readonly to: number;
    readonly points: number;
  },
): Window {
  const inside = series.points.filter(({ time }) => time >= from && time <= to);
  const before = series.points.findLast(({ time }) => time < from) ?? series.base;
  if (inside.length <= most) return { before, points: inside };
  // Totals are kept, so that leaving points out only makes the steps between them longer.
  const step = inside.length / most;
  const points = Array.from({ length: most }, (_, i) => inside[Math.ceil((i + 1) * step) - 1])
    .filter((point) => point !== undefined);
  return { before, points };
}

function numberPoints({ before, points }: Window, { metric }: Instrument): NumberPoint[] {
  let last = before;
  return points.map((point) => {
    const previous = last;
    last = point;
    const value = numberOf(point.value);
    if (metric.kind !== "counter" || previous === undefined) return { time: point.time, value };
    const seconds = (point.time - previous.time) / 1000;
    if (seconds <= 0) return { time: point.time, value };
    return { time: point.time, value, rate: (value - numberOf(previous.value)) / seconds };
  });
}

function numberOf(value: StoredValue): number {
  return value.type === "number" ? value.number : 0;
}

function histogramPoints({ before, points }: Window): {
  readonly bounds: readonly number[];
  readonly points: readonly HistogramPoint[];
} {
  const steps: { time: number; intervalMs: number; value: HistogramValue | ExponentialValue }[] =
    [];
  let last = before;
  for (const point of points) {
    const previous = last;
    last = point;
    // Of a series that was running before it was first seen, the first point is only a start.
    if (previous === undefined) continue;
    const value = aggregateOf(point.value).subtract(point.value, previous.value);
    if (value.type !== "histogram" && value.type !== "exponential") continue;
    steps.push({ time: point.time, intervalMs: point.time - previous.time, value });
  }
  const { bounds, counts } = explicitBuckets(steps.map(({ value }) => value));
  return {
    bounds,
    points: steps.map(({ time, intervalMs, value }, i) => {
      const own = counts[i] ?? [];
      return {
        time,
        intervalMs,
        count: value.count,
        ...(value.sum !== undefined && { sum: value.sum }),
        counts: own,
        ...quantiles(bounds, own),
      };
    }),
  };
}

function exemplarsOf(store: Store, series: Series): Exemplar[] {
  return series.exemplars.map(({ time, value, traceId, spanId, attributes }) => ({
    time,
    value,
    ...(traceId !== "" && { traceId }),
    ...(spanId !== "" && { spanId }),
    traceKnown: traceId !== "" && store.traces.get(traceId) !== undefined,
    attributes,
  }));
}
