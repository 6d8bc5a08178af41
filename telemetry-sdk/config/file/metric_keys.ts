import type {
  AggregationConfigModel,
  Base2ExponentialBucketHistogramAggregationConfigModel,
  ExperimentalPrometheusMetricExporterConfigModel,
  ExplicitBucketHistogramAggregationConfigModel,
  MeterProviderConfigModel,
  MetricReaderConfigModel,
  PeriodicMetricReaderConfigModel,
  PullMetricExporterConfigModel,
  PullMetricReaderConfigModel,
  ViewConfigModel,
} from "@opentelemetry/configuration";
import { METRIC_EXPORTER } from "./exporter_keys.ts";
import { type FileKey, type FileSection, openSection, section } from "./file_key.ts";

type Configurator = NonNullable<MeterProviderConfigModel["meter_configurator/development"]>;

const NOTHING: FileSection = { keys: {} };

const PRODUCERS: FileKey = {
  about: "metrics of other libraries",
  list: true,
  unused: "there is no OpenCensus on Deno",
};

const CARDINALITY_LIMITS: FileKey = {
  about: "the most series of an instrument, by its kind",
  unused:
    "an instrument has at most 2000 series, or what a view's aggregation_cardinality_limit says",
};

const PERIODIC = section<PeriodicMetricReaderConfigModel>({
  interval: {
    about: "the time between two exports, in ms",
    option: "metrics.exporters[].intervalMillis",
  },
  timeout: {
    about: "how long one collection and export may take, in ms; 0: no limit",
    option: "metrics.exporters[].timeoutMillis",
  },
  "max_export_batch_size/development": {
    about: "data points in one export",
    unused: "what is collected goes out as one export",
  },
  exporter: { about: "what exports them", section: () => METRIC_EXPORTER },
  producers: PRODUCERS,
  cardinality_limits: CARDINALITY_LIMITS,
});

const AS_NAMED = "the listener names families as the instruments are named, with scope labels";

const PROMETHEUS = section<ExperimentalPrometheusMetricExporterConfigModel>({
  host: { about: "the host that it listens on", option: "metrics.prometheus.host" },
  port: { about: "the port that it listens on; 0: a free one", option: "metrics.prometheus.port" },
  scope_info_enabled: { about: "labels that name the scope; always there" },
  "target_info_enabled/development": { about: "a family that holds the resource; always there" },
  resource_constant_labels: {
    about: "attributes of the resource on every series",
    unused: "the resource is in target_info alone",
  },
  translation_strategy: { about: "how names are translated", unused: AS_NAMED },
});

const PULL = section<PullMetricReaderConfigModel>({
  exporter: {
    about: "what is scraped",
    section: () =>
      openSection<PullMetricExporterConfigModel>({
        "prometheus/development": {
          about: "a listener of its own for a Prometheus server",
          option: "metrics.exporters[].exporter",
          section: () => PROMETHEUS,
        },
      }),
  },
  producers: PRODUCERS,
  cardinality_limits: CARDINALITY_LIMITS,
});

const BUCKETS = section<ExplicitBucketHistogramAggregationConfigModel>({
  boundaries: { about: "upper bounds, ascending", list: true },
  record_min_max: { about: "whether the least and the greatest value are kept; true unless told" },
});

const EXPONENTIAL = section<Base2ExponentialBucketHistogramAggregationConfigModel>({
  max_scale: { about: "the finest scale to begin with", unused: "the SDK begins with 20" },
  max_size: { about: "the most buckets on each side; 160 unless told" },
  record_min_max: { about: "whether the least and the greatest value are kept; true unless told" },
});

const AGGREGATION = section<AggregationConfigModel>({
  default: { about: "as the kind of instrument has it", section: () => NOTHING },
  drop: { about: "nothing is kept", section: () => NOTHING },
  explicit_bucket_histogram: { about: "a histogram with given buckets", section: () => BUCKETS },
  base2_exponential_bucket_histogram: {
    about: "a histogram whose buckets fit themselves",
    section: () => EXPONENTIAL,
  },
  last_value: { about: "the last measurement", section: () => NOTHING },
  sum: { about: "the sum of measurements", section: () => NOTHING },
});

const VIEW = section<ViewConfigModel>({
  selector: {
    about: "the instruments that are meant; all that is said must hold",
    section: () =>
      section<ViewConfigModel["selector"]>({
        instrument_name: { about: "the instrument's name; one `*` stands for any part of it" },
        instrument_type: {
          about:
            "`counter`, `up_down_counter`, `gauge`, one of these after `observable_`, or `histogram`",
        },
        unit: { about: "the instrument's unit" },
        meter_name: { about: "the meter's name" },
        meter_version: { about: "the meter's version" },
        meter_schema_url: { about: "the meter's schema URL" },
      }),
  },
  stream: {
    about: "what becomes of them",
    section: () =>
      section<ViewConfigModel["stream"]>({
        name: { about: "the name it is exported by; for one instrument only" },
        description: { about: "the description it is exported with" },
        aggregation: { about: "how measurements are put together", section: () => AGGREGATION },
        aggregation_cardinality_limit: { about: "the most series, from 2" },
        attribute_keys: {
          about: "which attributes are kept",
          section: () =>
            section<ViewConfigModel["stream"]["attribute_keys"]>({
              included: { about: "patterns with `*` and `?`; all unless told", list: true },
              excluded: { about: "patterns of what is taken away", list: true },
            }),
        },
      }),
  },
});

/** What stands below `meter_provider`. */
export const METER_PROVIDER = section<MeterProviderConfigModel>({
  readers: {
    about: "where metrics go",
    list: true,
    section: () =>
      section<MetricReaderConfigModel>({
        periodic: {
          about: "metrics go out at intervals",
          option: "metrics.exporters",
          section: () => PERIODIC,
        },
        pull: { about: "metrics are asked for", option: "metrics.exporters", section: () => PULL },
      }),
  },
  views: {
    about: "what becomes of instruments",
    option: "metrics.views",
    list: true,
    section: () => VIEW,
  },
  exemplar_filter: {
    about: "`always_on`, `always_off` or `trace_based`; only `always_off` has an effect",
  },
  "meter_configurator/development": {
    about: "meters by name; refused where it turns one off",
    section: () =>
      section<Configurator>({
        default_config: { about: "of meters that no other entry names" },
        meters: { about: "meters by name", list: true },
      }),
  },
});
