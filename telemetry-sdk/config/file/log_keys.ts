import type {
  BatchLogRecordProcessorConfigModel,
  LoggerProviderConfigModel,
  LogRecordLimitsConfigModel,
  LogRecordProcessorConfigModel,
  SimpleLogRecordProcessorConfigModel,
} from "@opentelemetry/configuration";
import { LOG_EXPORTER } from "./exporter_keys.ts";
import { openSection, section } from "./file_key.ts";

type Configurator = NonNullable<LoggerProviderConfigModel["logger_configurator/development"]>;
type LoggerEntry = NonNullable<Configurator["loggers"]>[number];

const BATCH = section<BatchLogRecordProcessorConfigModel>({
  schedule_delay: {
    about: "how long log records wait for their batch to fill, in ms",
    option: "logs.exporters[].batch.scheduledDelayMillis",
  },
  export_timeout: {
    about: "how long one export of log records may take, in ms; 0: no limit",
    option: "logs.exporters[].batch.exportTimeoutMillis",
  },
  max_queue_size: {
    about: "log records that wait at most; what comes on top is dropped and counted",
    option: "logs.exporters[].batch.maxQueueSize",
  },
  max_export_batch_size: {
    about: "log records in one export",
    option: "logs.exporters[].batch.maxExportBatchSize",
  },
  exporter: { about: "what exports them", section: () => LOG_EXPORTER },
});

const PROCESSOR = openSection<LogRecordProcessorConfigModel>({
  batch: { about: "log records go out in batches", option: "logs.exporters", section: () => BATCH },
  simple: {
    about: "each log record goes out at once, as a batch of one",
    option: "logs.exporters",
    section: () =>
      section<SimpleLogRecordProcessorConfigModel>({
        exporter: { about: "what exports them", section: () => LOG_EXPORTER },
      }),
  },
  "event_to_span_event_bridge/development": {
    about: "not used: events stay log records, which carry the span's ids",
  },
});

const LIMITS = section<LogRecordLimitsConfigModel>({
  attribute_value_length_limit: {
    about: "characters of one value on a log record, before `attribute_limits`",
    option: "logs.limits.attributeValueLengthLimit",
  },
  attribute_count_limit: {
    about: "attributes on one log record, before `attribute_limits`",
    option: "logs.limits.attributeCountLimit",
  },
});

const LOGGER_CONFIG = section<Configurator["default_config"]>({
  enabled: { about: "whether records are kept; true unless told" },
  minimum_severity: {
    about: "less grave records are dropped; followed while running where it stands alone",
    option: "logs.minimumSeverity",
  },
  trace_based: { about: "`true`: records of traces that are not sampled are dropped" },
});

/** What stands below `logger_provider`. */
export const LOGGER_PROVIDER = section<LoggerProviderConfigModel>({
  processors: { about: "where log records go", list: true, section: () => PROCESSOR },
  limits: { about: "how much one log record may hold", section: () => LIMITS },
  "logger_configurator/development": {
    about: "which log records are kept, by logger",
    section: () =>
      section<Configurator>({
        default_config: {
          about: "of loggers that no other entry names",
          section: () => LOGGER_CONFIG,
        },
        loggers: {
          about: "loggers by name; the first entry that names one counts",
          list: true,
          section: () =>
            section<LoggerEntry>({
              name: { about: "the logger's name, or a pattern with `*` and `?`" },
              config: { about: "what counts for it", section: () => LOGGER_CONFIG },
            }),
        },
      }),
  },
});
