import type {
  MeterProviderConfigModel,
  MetricReaderConfigModel,
  PullMetricExporterConfigModel,
  PushMetricExporterConfigModel,
} from "@opentelemetry/configuration";
import type {
  MetricDestination,
  MetricPreferences,
  MetricsConfig,
  PrometheusConfig,
} from "../metrics_schema.ts";
import { refuseSwitchedOff } from "./configurator.ts";
import { shownValue } from "./document.ts";
import { readExporter } from "./exporter.ts";
import type { FilePlace } from "./place.ts";
import { readView } from "./view.ts";

/**
 * Reads the metrics signal.
 *
 * @param model What the file says.
 * @param place Where that stands.
 * @throws {ConfigFileError} When something of it cannot be.
 */
export function readMeterProvider(
  model: MeterProviderConfigModel,
  place: FilePlace,
): MetricsConfig {
  const configurator = model["meter_configurator/development"];
  refuseSwitchedOff(
    { defaultConfig: configurator?.default_config, entries: configurator?.meters, list: "meters" },
    place.at("meter_configurator/development"),
  );
  if ((model.exemplar_filter ?? "always_off") !== "always_off") {
    place.at("exemplar_filter").warn("it is not used: the JavaScript SDK makes no exemplars");
  }
  const readers = model.readers.map((reader, index) =>
    readReader(reader, place.at("readers", index))
  );
  const listeners = readers.flatMap(({ prometheus }, index) => prometheus ? [index] : []);
  const [first, second] = listeners;
  if (second !== undefined) {
    place.at("readers", second).refuse("there is one prometheus listener already; expected one");
  }
  const views = model.views?.map((view, index) => readView(view, place.at("views", index)));
  return {
    exporters: readers.map(({ destination }) => destination),
    ...(first !== undefined && { prometheus: readers[first]?.prometheus }),
    ...(views && { views }),
  };
}

interface ReadReader {
  readonly destination: MetricDestination;
  readonly prometheus?: PrometheusConfig;
}

function readReader({ periodic, pull }: MetricReaderConfigModel, place: FilePlace): ReadReader {
  if (pull) return readPull(pull.exporter, place.at("pull", "exporter"));
  if (!periodic) return place.refuse("expected a reader: periodic or pull");
  const here = place.at("periodic");
  const destination = {
    ...readExporter(periodic.exporter, here.at("exporter")),
    ...readPreferences(periodic.exporter),
    intervalMillis: here.at("interval").option("metrics.intervalMillis", periodic.interval),
    timeoutMillis: here.at("timeout").option("metrics.timeoutMillis", periodic.timeout),
  };
  return { destination };
}

function readPreferences(exporter: PushMetricExporterConfigModel): MetricPreferences {
  const given = exporter.otlp_http ?? exporter["otlp_file/development"] ?? {};
  const temporality = given.temporality_preference;
  return {
    ...(temporality && {
      temporality: temporality === "low_memory" ? "lowmemory" : temporality,
    }),
    ...(given.default_histogram_aggregation && {
      histogramAggregation: given.default_histogram_aggregation,
    }),
  };
}

function readPull(model: PullMetricExporterConfigModel, place: FilePlace): ReadReader {
  const [kind] = Object.keys(model);
  if (kind !== "prometheus/development") {
    return place.refuse(
      `the exporter ${shownValue(kind ?? "")} is not known; expected prometheus/development`,
    );
  }
  const here = place.at(kind);
  const given = model[kind] ?? {};
  for (const key of ["scope_info_enabled", "target_info_enabled/development"] as const) {
    if (given[key] === false) here.at(key).warn("it is not used: this is always served");
  }
  return {
    destination: { exporter: "prometheus" },
    prometheus: {
      host: here.at("host").option("metrics.prometheus.host", given.host),
      port: here.at("port").option("metrics.prometheus.port", given.port),
    },
  };
}
