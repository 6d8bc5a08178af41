import type { Dashboard, PromQuery } from "./dashboard.ts";
import { mean, rate } from "./queries.ts";
import { SERVICE } from "./variables.ts";

const where = 'job="$service"';
const collector = 'job="otelcol"';
const outcome = "otel_component_type, error_type";
const legend = "{{otel_component_type}} {{error_type}}";

/** Series of the collector for each of the three signals. */
function bySignal(prefix: string, by: string, text: string): {
  readonly prometheus: readonly PromQuery[];
} {
  return {
    prometheus: ["spans", "metric_points", "log_records"].map((signal) => ({
      expr: rate(`${prefix}_${signal}{${collector}}`, by),
      legend: `${text} ${signal.replace("_", " ")}`,
    })),
  };
}

/** Whether telemetry arrives: from the spans that a service starts to what the collector sends. */
export const pipelineHealth: Dashboard = {
  uid: "echelon-pipeline",
  title: "Pipeline",
  description: "What becomes of the telemetry itself, in the service and in the collector",
  variables: [SERVICE],
  rows: [{
    title: "In the service",
    height: 8,
    panels: [{
      title: "Spans started, by the sampler's decision",
      type: "timeseries",
      unit: "ops",
      stacked: true,
      prometheus: [{
        expr: rate(`otel_sdk_span_started_total{${where}}`, "otel_span_sampling_result"),
        legend: "{{otel_span_sampling_result}}",
      }],
    }, {
      title: "Spans open now",
      description: "A number that only rises is spans that nobody ends",
      type: "timeseries",
      unit: "short",
      prometheus: [{ expr: `sum by (instance) (otel_sdk_span_live{${where}})` }],
    }, {
      title: "Queues, how full",
      description: "At 100 % what comes on top is dropped and counted as queue_full",
      type: "timeseries",
      unit: "percentunit",
      red: 0.8,
      prometheus: ["span", "log"].map((signal) => ({
        expr: `max by (instance) (otel_sdk_processor_${signal}_queue_size{${where}} ` +
          `/ otel_sdk_processor_${signal}_queue_capacity{${where}})`,
        legend: `{{instance}} ${signal}s`,
      })),
    }],
  }, {
    height: 8,
    panels: [{
      title: "Processed, by what came of it",
      description: "A line with an error is what was dropped before any export",
      type: "timeseries",
      unit: "ops",
      prometheus: ["span", "log"].map((signal) => ({
        expr: rate(`otel_sdk_processor_${signal}_processed_total{${where}}`, outcome),
        legend,
      })),
    }, {
      title: "Exported, by what came of it",
      description: "A line with an error is what was given up after every attempt",
      type: "timeseries",
      unit: "ops",
      prometheus: ["span", "log", "metric_data_point"].map((signal) => ({
        expr: rate(`otel_sdk_exporter_${signal}_exported_total{${where}}`, outcome),
        legend,
      })),
    }, {
      title: "In flight",
      type: "timeseries",
      unit: "short",
      prometheus: ["span", "log", "metric_data_point"].map((signal) => ({
        expr: `sum by (otel_component_type) (otel_sdk_exporter_${signal}_inflight{${where}})`,
        legend: "{{otel_component_type}}",
      })),
    }, {
      title: "An export takes",
      type: "timeseries",
      unit: "s",
      prometheus: [{
        expr: mean("otel_sdk_exporter_operation_duration_seconds", { where, by: outcome }),
        legend,
      }],
    }],
  }, {
    title: "In the collector",
    height: 8,
    panels: [{
      title: "Accepted",
      type: "timeseries",
      unit: "ops",
      ...bySignal("otelcol_receiver_accepted", "transport", "{{transport}}"),
    }, {
      title: "Refused",
      description: "The memory limit is reached, and services send again",
      type: "timeseries",
      unit: "ops",
      ...bySignal("otelcol_receiver_refused", "transport", "{{transport}}"),
    }, {
      title: "Traces, by the decision of tail sampling",
      type: "timeseries",
      unit: "ops",
      stacked: true,
      prometheus: [{
        expr: rate(
          `otelcol_processor_tail_sampling_global_count_traces_sampled{${collector}}`,
          "decision",
        ),
        legend: "{{decision}}",
      }, {
        expr: rate(
          `otelcol_processor_tail_sampling_sampling_trace_dropped_too_early{${collector}}`,
        ),
        legend: "too early",
      }],
    }],
  }, {
    height: 8,
    panels: [{
      title: "Sent",
      type: "timeseries",
      unit: "ops",
      ...bySignal("otelcol_exporter_sent", "exporter", "{{exporter}}"),
    }, {
      title: "Lost",
      description: "Given up after every attempt",
      type: "timeseries",
      unit: "ops",
      ...bySignal("otelcol_exporter_send_failed", "exporter", "{{exporter}}"),
    }, {
      title: "Queues, how full",
      description: "They are on disk and outlast the collector",
      type: "timeseries",
      unit: "percentunit",
      red: 0.5,
      prometheus: [{
        expr: `max by (instance, exporter) (otelcol_exporter_queue_size{${collector}} ` +
          `/ otelcol_exporter_queue_capacity{${collector}})`,
        legend: "{{instance}} {{exporter}}",
      }],
    }, {
      title: "Memory",
      type: "timeseries",
      unit: "bytes",
      prometheus: [{
        expr: `otelcol_process_memory_rss{${collector}}`,
        legend: "{{instance}}",
      }],
    }],
  }],
};
