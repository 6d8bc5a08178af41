import type { Attributes } from "@opentelemetry/api";
import { AggregationTemporality, InstrumentType, MetricReader } from "@opentelemetry/sdk-metrics";
import { isDeepStrictEqual } from "node:util";
import { findOne } from "./found.ts";
import { joinPoints, readMetric, type TestMetric, type TestMetricPoint } from "./test_metric.ts";

/** Counts; all others tell a level, which is what it is whenever it is asked. */
const COUNTING: ReadonlySet<InstrumentType> = new Set([
  InstrumentType.COUNTER,
  InstrumentType.OBSERVABLE_COUNTER,
  InstrumentType.HISTOGRAM,
]);

/** One metric in the making: its series, by their attributes. */
interface Series {
  readonly metric: TestMetric;
  readonly points: Map<string, TestMetricPoint>;
}

/**
 * Reads metrics when a test asks. Counts are collected as differences and added up here, so that they can be
 * forgotten.
 */
export class MetricRecorder extends MetricReader {
  readonly #series = new Map<string, Series>();

  constructor() {
    super({
      aggregationTemporalitySelector: (type) =>
        COUNTING.has(type) ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE,
    });
  }

  /**
   * Every metric as it stands now.
   *
   * @throws {AggregateError} When a callback of an observed instrument failed.
   */
  async metrics(): Promise<TestMetric[]> {
    await this.#take();
    return Array.from(this.#series.values(), ({ metric, points }) => ({
      ...metric,
      points: [...points.values()],
    }));
  }

  /** Forgets what was counted; levels stay what they are. */
  async clear(): Promise<void> {
    await this.#take();
    this.#series.clear();
  }

  async #take(): Promise<void> {
    const { resourceMetrics, errors } = await this.collect();
    if (errors.length > 0) {
      throw new AggregateError(errors, "A callback of an observed instrument failed");
    }
    for (const { scope, metrics } of resourceMetrics.scopeMetrics) {
      for (const data of metrics) {
        const isDifference = data.aggregationTemporality === AggregationTemporality.DELTA;
        this.#add(readMetric(data, scope.name), isDifference);
      }
    }
  }

  #add(metric: TestMetric, isDifference: boolean): void {
    const key = `${metric.meter}\n${metric.name}\n${metric.kind}`;
    const series = this.#series.get(key) ?? { metric, points: new Map() };
    this.#series.set(key, series);
    if (!isDifference) series.points.clear();
    for (const point of metric.points) {
      const attributes = attributesKey(point.attributes);
      const earlier = series.points.get(attributes);
      series.points.set(attributes, earlier === undefined ? point : joinPoints(earlier, point));
    }
  }

  protected override onForceFlush(): Promise<void> {
    return Promise.resolve();
  }

  protected override onShutdown(): Promise<void> {
    return Promise.resolve();
  }
}

function attributesKey(attributes: Attributes): string {
  return JSON.stringify(Object.entries(attributes).sort(([a], [b]) => a < b ? -1 : 1));
}

/**
 * The metric of a name.
 *
 * @throws {Error} When there is none, or two meters have one; it lists what there is.
 */
export function metricCalled(metrics: readonly TestMetric[], name: string): TestMetric {
  return findOne({
    items: metrics,
    what: "metric",
    isCalled: (metric, text) => metric.name === text,
    tell: (metric) => metric.name,
  }, name);
}

/**
 * The one series of a metric that has these attributes, and maybe others.
 *
 * @throws {Error} When there is none, or more than one; it lists those that there are.
 */
export function pointWith({ name, points }: TestMetric, attributes: Attributes): TestMetricPoint {
  const wanted = Object.entries(attributes);
  const found = points.filter((point) =>
    wanted.every(([key, value]) => isDeepStrictEqual(point.attributes[key], value))
  );
  const [point] = found;
  if (point !== undefined && found.length === 1) return point;
  const list = (some: readonly TestMetricPoint[]) =>
    some.map((each) => JSON.stringify(each.attributes)).join(", ") || "none";
  throw new Error(
    `${point === undefined ? "No series" : `${found.length} series`} of the metric "${name}" with ${
      JSON.stringify(attributes)
    }, where one was expected; there is ${list(point === undefined ? points : found)}`,
  );
}
