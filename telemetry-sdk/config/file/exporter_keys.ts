import type {
  HttpTlsConfigModel,
  LogRecordExporterConfigModel,
  NameStringValuePairConfigModel,
  OtlpHttpExporterConfigModel,
  OtlpHttpMetricExporterConfigModel,
  PushMetricExporterConfigModel,
  SpanExporterConfigModel,
} from "@opentelemetry/configuration";
import { REFUSED_PROTOCOLS } from "../names.ts";
import { type FileKey, type FileSection, openSection, section } from "./file_key.ts";

const TLS = section<HttpTlsConfigModel>({
  ca_file: {
    about: "a PEM file with the authorities that are trusted",
    option: "exporters[].otlp.certificate",
  },
  key_file: {
    about: "a PEM file with the client's private key",
    option: "exporters[].otlp.clientKey",
  },
  cert_file: {
    about: "a PEM file with the client's certificate",
    option: "exporters[].otlp.clientCertificate",
  },
});

const HEADER = section<NameStringValuePairConfigModel>({
  name: { about: "the header's name" },
  value: { about: "what it holds, never shown; null leaves the header out" },
});

const OTLP_KEYS = {
  endpoint: {
    about: "the receiver of this signal, used as it stands",
    option: "exporters[].otlp.endpoint",
  },
  tls: { about: "certificates", section: () => TLS },
  headers: {
    about: "a list of headers, before those of `headers_list`",
    option: "exporters[].otlp.headers",
    list: true,
    section: () => HEADER,
  },
  headers_list: {
    about: "`key=value,…`, percent-encoded; never shown",
    option: "exporters[].otlp.headers",
  },
  compression: { about: "`none` or `gzip`", option: "exporters[].otlp.compression" },
  timeout: {
    about: "how long one export may take with all its attempts, in ms; 0: no limit",
    option: "exporters[].otlp.timeoutMillis",
  },
  encoding: { about: "`protobuf` or `json`", option: "exporters[].otlp.protocol" },
} satisfies Record<string, FileKey>;

const PREFERENCES = {
  temporality_preference: {
    about: "`cumulative`, `delta` or `low_memory`",
    option: "metrics.exporters[].temporality",
  },
  default_histogram_aggregation: {
    about: "`explicit_bucket_histogram` or `base2_exponential_bucket_histogram`",
    option: "metrics.exporters[].histogramAggregation",
  },
} satisfies Record<string, FileKey>;

const OTLP_HTTP = section<OtlpHttpExporterConfigModel>(OTLP_KEYS);

const OTLP_HTTP_METRICS = section<OtlpHttpMetricExporterConfigModel>({
  ...OTLP_KEYS,
  ...PREFERENCES,
});

const OTLP_FILE = section<SpanExporterConfigModel["otlp_file/development"]>({
  output_stream: { about: "`stdout`; any other is refused" },
});

const OTLP_FILE_METRICS = section<PushMetricExporterConfigModel["otlp_file/development"]>({
  ...OTLP_FILE.keys,
  output_stream: { about: "`stdout`; any other is refused" },
  ...PREFERENCES,
});

const CONSOLE_METRICS = section<PushMetricExporterConfigModel["console"]>({
  temporality_preference: {
    ...PREFERENCES.temporality_preference,
    unused: "the console shows metrics as they are",
  },
  default_histogram_aggregation: {
    ...PREFERENCES.default_histogram_aggregation,
    unused: "the console shows metrics as they are",
  },
});

const GRPC: FileKey = { about: "OTLP over gRPC", refused: REFUSED_PROTOCOLS.grpc };

function itemExporter(otlp: FileSection): Record<keyof typeof EXPORTER_ABOUT, FileKey> {
  return {
    otlp_http: {
      about: EXPORTER_ABOUT.otlp_http,
      option: "exporters[].exporter",
      section: () => otlp,
    },
    otlp_grpc: GRPC,
    "otlp_file/development": {
      about: EXPORTER_ABOUT["otlp_file/development"],
      option: "exporters[].exporter",
      section: () => OTLP_FILE,
    },
    console: {
      about: EXPORTER_ABOUT.console,
      option: "exporters[].exporter",
      section: () => ({ keys: {} }),
    },
  };
}

const EXPORTER_ABOUT = {
  otlp_http: "OTLP over HTTP",
  otlp_grpc: GRPC.about,
  "otlp_file/development": "OTLP JSON, one export a line",
  console: "for people to read",
} as const;

/** What stands below `exporter` of a span processor. */
export const SPAN_EXPORTER = openSection<SpanExporterConfigModel>(itemExporter(OTLP_HTTP));

/** What stands below `exporter` of a log record processor. */
export const LOG_EXPORTER = openSection<LogRecordExporterConfigModel>(itemExporter(OTLP_HTTP));

/** What stands below `exporter` of a periodic metric reader. */
export const METRIC_EXPORTER = openSection<PushMetricExporterConfigModel>({
  ...itemExporter(OTLP_HTTP_METRICS),
  "otlp_file/development": {
    about: EXPORTER_ABOUT["otlp_file/development"],
    option: "exporters[].exporter",
    section: () => OTLP_FILE_METRICS,
  },
  console: {
    about: EXPORTER_ABOUT.console,
    option: "exporters[].exporter",
    section: () => CONSOLE_METRICS,
  },
});
