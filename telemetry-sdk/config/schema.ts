import type { Attributes, TextMapPropagator } from "@opentelemetry/api";
import type { IMetricReader, PushMetricExporter, ViewOptions } from "@opentelemetry/sdk-metrics";
import type {
  Sampler,
  SpanExporter,
  SpanLimits,
  SpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import type { OTLP_PROTOCOLS, SAMPLER_NAMES } from "./settings.ts";

/** The six samplers of the standard. */
export type SamplerName = typeof SAMPLER_NAMES[number];
/** How OTLP data is encoded on the wire. */
export type OtlpProtocol = typeof OTLP_PROTOCOLS[number];
/** The exporters that can be chosen by name. */
export type ExporterName = "otlp" | "console";
/** The propagators that can be chosen by name. */
export type PropagatorName = "tracecontext" | "baggage";
/** Which temporality the exported metrics prefer. */
export type TemporalityPreference = "cumulative" | "delta" | "lowmemory";
/** How much of the SDK's own diagnostics is said. */
export type DiagnosticLevel = "none" | "error" | "warn" | "info" | "debug" | "verbose" | "all";

/** Where OTLP data goes, and how. */
export interface OtlpConfig {
  /**
   * The collector. At the top level it is a base to which `/v1/traces` and `/v1/metrics` are added; in a signal's
   * own settings it is used as it stands.
   */
  readonly endpoint?: string | undefined;
  /** Headers sent with every export; a signal's own are added to the shared ones. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The longest that one export may take, all its attempts together; 0 means no limit. */
  readonly timeoutMillis?: number | undefined;
  /** Whether the body is compressed. */
  readonly compression?: "none" | "gzip" | undefined;
  /** How the data is encoded. */
  readonly protocol?: OtlpProtocol | undefined;
  /** `fetch` is this package's transport; `node` takes the stock exporters whole. */
  readonly transport?: "fetch" | "node" | undefined;
}

/** How ended spans are gathered into batches. */
export interface BatchConfig {
  /** Spans kept while waiting for export; what comes on top is dropped and counted. */
  readonly maxQueueSize?: number | undefined;
  /** Spans in one export. */
  readonly maxExportBatchSize?: number | undefined;
  /** The longest that a span waits for its batch to fill. */
  readonly scheduledDelayMillis?: number | undefined;
  /** The longest that one export may take; 0 means no limit. */
  readonly exportTimeoutMillis?: number | undefined;
}

/** Settings of the traces signal. */
export interface TracesConfig {
  /** Where spans go; an empty list records for the given span processors only. */
  readonly exporters?: readonly (ExporterName | SpanExporter)[] | undefined;
  /** Settings of the OTLP exporter for traces, before the shared ones. */
  readonly otlp?: OtlpConfig | undefined;
  /** Which traces are recorded. */
  readonly sampler?: SamplerName | Sampler | undefined;
  /** The share of traces that a ratio sampler keeps, from 0 to 1. */
  readonly samplerRatio?: number | undefined;
  /** How spans are batched for the exporters. */
  readonly batch?: BatchConfig | undefined;
  /** How much one span may hold. */
  readonly spanLimits?: SpanLimits | undefined;
  /** Further processors, called before the batches. */
  readonly spanProcessors?: readonly SpanProcessor[] | undefined;
}

/** Settings of the metrics signal. */
export interface MetricsConfig {
  /** Where metrics go; an empty list records for the given readers only. */
  readonly exporters?: readonly (ExporterName | PushMetricExporter)[] | undefined;
  /** Settings of the OTLP exporter for metrics, before the shared ones. */
  readonly otlp?: OtlpConfig | undefined;
  /** Time between two exports. */
  readonly intervalMillis?: number | undefined;
  /** The longest that one collection and export may take; 0 means no limit. */
  readonly timeoutMillis?: number | undefined;
  /** Which temporality the OTLP exporter prefers. */
  readonly temporality?: TemporalityPreference | undefined;
  /** Views that change what instruments record. */
  readonly views?: readonly ViewOptions[] | undefined;
  /** Further readers beside those of the exporters. */
  readonly readers?: readonly IMetricReader[] | undefined;
}

/** Everything that code can say about telemetry. What it leaves out comes from the environment, then from the defaults. */
export interface TelemetryConfig {
  /** When true nothing is started. */
  readonly disabled?: boolean | undefined;
  /** The `service.name` of the resource. */
  readonly serviceName?: string | undefined;
  /** Further attributes of the resource. */
  readonly resourceAttributes?: Attributes | undefined;
  /** How context crosses process borders, by name or as an object. */
  readonly propagators?: readonly (PropagatorName | TextMapPropagator)[] | undefined;
  /** OTLP settings that the signals share. */
  readonly otlp?: OtlpConfig | undefined;
  /** Settings of the traces signal. */
  readonly traces?: TracesConfig | undefined;
  /** Settings of the metrics signal. */
  readonly metrics?: MetricsConfig | undefined;
  /** How much of the SDK's own diagnostics is said on stderr. */
  readonly diagnosticLevel?: DiagnosticLevel | undefined;
  /** The time that draining and flushing may take together at the end of the process. */
  readonly shutdownTimeoutMillis?: number | undefined;
  /** Whether the SDK flushes at signals, errors and the natural end of the process; true by default. */
  readonly processHooks?: boolean | undefined;
}

/** OTLP settings of one signal with every default filled in. */
export interface ResolvedOtlp {
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMillis: number;
  readonly compression: "none" | "gzip";
  readonly protocol: OtlpProtocol;
  readonly transport: "fetch" | "node";
}

/** A type whose properties are all present. */
type Complete<T> = { readonly [K in keyof T]-?: Exclude<T[K], undefined> };

/** The configuration with every default filled in. */
export interface ResolvedConfig {
  readonly disabled: boolean;
  readonly serviceName: string | undefined;
  readonly resourceAttributes: Attributes;
  readonly propagators: readonly (PropagatorName | TextMapPropagator)[];
  readonly traces: Complete<Omit<TracesConfig, "otlp" | "batch">> & {
    readonly otlp: ResolvedOtlp;
    readonly batch: Complete<BatchConfig>;
  };
  readonly metrics: Complete<Omit<MetricsConfig, "otlp">> & { readonly otlp: ResolvedOtlp };
  readonly diagnosticLevel: DiagnosticLevel;
  readonly shutdownTimeoutMillis: number;
  readonly processHooks: boolean;
}
