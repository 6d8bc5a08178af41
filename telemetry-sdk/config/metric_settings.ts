import {
  HISTOGRAM_AGGREGATIONS,
  METRIC_EXPORTER_NAMES,
  REFUSED_EXPORTERS,
  TEMPORALITIES,
} from "./names.ts";
import { integerFrom, listOf, oneOf, parseText, parseTimeout } from "./parsers.ts";
import { positive, row, type Setting } from "./setting.ts";

/** The metrics signal. */
export const METRICS: readonly Setting[] = [
  row(
    "metrics.exporters",
    "OTEL_METRICS_EXPORTER",
    listOf(METRIC_EXPORTER_NAMES, { refusals: REFUSED_EXPORTERS }),
    "where metrics go: a list of `otlp`, `otlp/stdout`, `console`, `prometheus`, or `none`",
  ),
  row(
    "metrics.intervalMillis",
    "OTEL_METRIC_EXPORT_INTERVAL",
    positive,
    "the time between two exports of metrics, in ms",
  ),
  row(
    "metrics.timeoutMillis",
    "OTEL_METRIC_EXPORT_TIMEOUT",
    parseTimeout,
    "how long one collection and export may take, in ms; 0: no limit",
  ),
  row(
    "metrics.temporality",
    "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE",
    oneOf(TEMPORALITIES),
    "`cumulative`, `delta` or `lowmemory`",
  ),
  row(
    "metrics.histogramAggregation",
    "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION",
    oneOf(HISTOGRAM_AGGREGATIONS),
    "`explicit_bucket_histogram` or `base2_exponential_bucket_histogram`",
  ),
  row(
    "metrics.prometheus.host",
    "OTEL_EXPORTER_PROMETHEUS_HOST",
    parseText,
    "the host that the `prometheus` exporter listens on",
  ),
  row(
    "metrics.prometheus.port",
    "OTEL_EXPORTER_PROMETHEUS_PORT",
    integerFrom(0, 65_535),
    "the port that the `prometheus` exporter listens on; 0: a free one",
  ),
];
