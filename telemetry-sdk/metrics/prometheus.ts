import { type Attributes, diag } from "@opentelemetry/api";
import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type MetricData,
  MetricReader,
  type ResourceMetrics,
} from "@opentelemetry/sdk-metrics";

/** The types of families that instruments become. */
export type PrometheusType = "counter" | "gauge" | "histogram";

/** How OpenTelemetry's names become Prometheus's. */
export interface PrometheusNaming {
  /** The name of the family that an instrument becomes, without `_total`. */
  family(
    subject: { readonly name: string; readonly unit: string; readonly type: PrometheusType },
  ): string;
  /** The labels that attributes become. */
  labels(attributes: Attributes): Readonly<Record<string, string>>;
}

/** Attributes as labels, under their own names; what is no text is written as JSON. */
export function labelsAsTheyAre(attributes: Attributes): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(attributes).filter(([, value]) => value !== undefined).map((
      [key, value],
    ) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}

/** Names as the stock serialiser makes them: no unit at the end. */
const STOCK_NAMING: PrometheusNaming = { family: ({ name }) => name, labels: labelsAsTheyAre };

/** Where this reader and whoever serves `/metrics` meet, for they do not import each other. */
const SOURCE = Symbol.for("@echelon/prometheus");
const holder: typeof globalThis & { [SOURCE]?: PrometheusReader } = globalThis;

/**
 * Reads the SDK's metrics for a scraper, in Prometheus's text format 0.0.4. While its provider
 * lives, an application's `/metrics` serves what it reads. It opens no port of its own.
 *
 * @example
 * ```ts
 * import { PrometheusReader, startTelemetry } from "@echelon/telemetry-sdk";
 *
 * startTelemetry({ metrics: { readers: [new PrometheusReader()] } });
 * ```
 */
export class PrometheusReader extends MetricReader {
  readonly #told = new Set<string>();

  /** Cumulative, as Prometheus has it. */
  constructor() {
    super({ aggregationTemporalitySelector: () => AggregationTemporality.CUMULATIVE });
  }

  /**
   * Everything the SDK has, as text.
   *
   * @param naming Names families and labels.
   * @throws {Error} When no provider has this reader, or it has been shut down.
   */
  async scrape(naming: PrometheusNaming = STOCK_NAMING): Promise<string> {
    // Its package loads a server that nobody here needs, so it waits for the first scrape.
    const [{ PrometheusSerializer }, { resourceMetrics, errors }] = await Promise.all([
      import("@opentelemetry/exporter-prometheus"),
      this.collect(),
    ]);
    for (const error of errors) this.#tell(`Could not collect a metric: ${String(error)}`);
    // The scopes are told by `#families`, which puts what they share under one name.
    const withoutScopeInfo = true;
    return new PrometheusSerializer(undefined, false, undefined, false, withoutScopeInfo)
      .serialize(this.#families(resourceMetrics, naming));
  }

  protected override onInitialized(): void {
    holder[SOURCE] ??= this;
  }

  protected override onForceFlush(): Promise<void> {
    return Promise.resolve();
  }

  protected override onShutdown(): Promise<void> {
    if (holder[SOURCE] === this) delete holder[SOURCE];
    return Promise.resolve();
  }

  /** The format allows each name once, and the SDK has one for each scope. */
  #families(collected: ResourceMetrics, naming: PrometheusNaming): ResourceMetrics {
    const families = new Map<string, MetricData>();
    for (const { scope, metrics } of collected.scopeMetrics) {
      const scopeLabels: Attributes = {
        otel_scope_name: scope.name,
        ...(scope.version && { otel_scope_version: scope.version }),
        ...(scope.schemaUrl && { otel_scope_schema_url: scope.schemaUrl }),
      };
      for (const metric of metrics) {
        const { name: instrument, unit } = metric.descriptor;
        const type = prometheusType(metric);
        if (type === undefined) {
          this.#tell(
            `"${instrument}" is not served: the text format has no exponential histograms; ` +
              "expected a view without them",
          );
          continue;
        }
        if (metric.dataPoints.length === 0) continue;
        const name = naming.family({ name: instrument, unit, type });
        const known = families.get(name);
        if (known !== undefined && prometheusType(known) !== type) {
          this.#tell(`"${instrument}" is not served: "${name}" is there with another type`);
          continue;
        }
        const points: DataPoint<unknown>[] = metric.dataPoints;
        families.set(name, {
          ...metric,
          // What another tool reads as a comment: the unit stands in the name.
          descriptor: { ...metric.descriptor, name, unit: "" },
          dataPoints: [
            ...known?.dataPoints ?? [],
            ...points.map((point) => ({
              ...point,
              attributes: { ...naming.labels(point.attributes), ...scopeLabels },
            })),
          ],
          // The points stay those of one type; the compiler loses which.
        } as MetricData);
      }
    }
    const metrics = [...families.values()];
    return { resource: collected.resource, scopeMetrics: [{ scope: { name: "" }, metrics }] };
  }

  #tell(problem: string): void {
    if (this.#told.has(problem) || this.#told.size >= 100) return;
    this.#told.add(problem);
    diag.warn(problem);
  }
}

function prometheusType(metric: MetricData): PrometheusType | undefined {
  switch (metric.dataPointType) {
    case DataPointType.SUM:
      return metric.isMonotonic ? "counter" : "gauge";
    case DataPointType.GAUGE:
      return "gauge";
    case DataPointType.HISTOGRAM:
      return "histogram";
    case DataPointType.EXPONENTIAL_HISTOGRAM:
      return undefined;
  }
}
