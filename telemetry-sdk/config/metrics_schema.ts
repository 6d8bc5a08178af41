import type { IMetricReader, PushMetricExporter, ViewOptions } from "@opentelemetry/sdk-metrics";
import type { HISTOGRAM_AGGREGATIONS, METRIC_EXPORTER_NAMES, TEMPORALITIES } from "./names.ts";
import type { OtlpConfig } from "./schema.ts";

/** The exporters of metrics that can be chosen by name. */
export type MetricExporterName = typeof METRIC_EXPORTER_NAMES[number];
/** Which temporality the exported metrics prefer. */
export type TemporalityPreference = typeof TEMPORALITIES[number];
/** What histograms become where no view says otherwise. */
export type HistogramAggregation = typeof HISTOGRAM_AGGREGATIONS[number];

/** How often metrics are exported, and how long that may take. */
export interface MetricIntervals {
  /** Time between two exports. */
  readonly intervalMillis?: number | undefined;
  /** The longest that one collection and export may take; 0 means no limit. */
  readonly timeoutMillis?: number | undefined;
}

/** What the OTLP exporters of metrics prefer. */
export interface MetricPreferences {
  /** Which temporality the OTLP exporter prefers. */
  readonly temporality?: TemporalityPreference | undefined;
  /** What histograms become where no view says otherwise. */
  readonly histogramAggregation?: HistogramAggregation | undefined;
}

/** One place that metrics go to, with settings of its own. */
export interface MetricDestination extends MetricIntervals, MetricPreferences {
  /** What exports: a name, or an exporter. */
  readonly exporter: MetricExporterName | PushMetricExporter;
  /** OTLP settings of this destination, before the signal's. */
  readonly otlp?: OtlpConfig | undefined;
}

/** Where the `prometheus` exporter is scraped. */
export interface PrometheusConfig {
  /** The host it listens on. */
  readonly host?: string | undefined;
  /** The port it listens on. */
  readonly port?: number | undefined;
}

/** Settings of the metrics signal. */
export interface MetricsConfig extends MetricIntervals, MetricPreferences {
  /**
   * Where metrics go: names, exporters, or destinations with settings of their own. An empty list records for
   * the given readers only.
   */
  readonly exporters?:
    | readonly (MetricExporterName | PushMetricExporter | MetricDestination)[]
    | undefined;
  /** Settings of the OTLP exporter for metrics, before the shared ones. */
  readonly otlp?: OtlpConfig | undefined;
  /** Where the `prometheus` exporter is scraped. */
  readonly prometheus?: PrometheusConfig | undefined;
  /** Views that change what instruments record. */
  readonly views?: readonly ViewOptions[] | undefined;
  /** Further readers beside those of the exporters. */
  readonly readers?: readonly IMetricReader[] | undefined;
}
