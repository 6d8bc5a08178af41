import type { Attributes, AttributeValue, TextMapPropagator } from "@opentelemetry/api";
import type { LogsConfig } from "./logs_schema.ts";
import type { MetricsConfig } from "./metrics_schema.ts";
import type {
  COMPRESSIONS,
  DIAGNOSTIC_LEVELS,
  OTLP_PROTOCOLS,
  PROPAGATOR_NAMES,
  RESOURCE_DETECTOR_NAMES,
} from "./names.ts";
import type { TracesConfig } from "./traces_schema.ts";

/** How OTLP data is encoded on the wire. */
export type OtlpProtocol = typeof OTLP_PROTOCOLS[number];
/** The propagators that can be chosen by name. */
export type PropagatorName = typeof PROPAGATOR_NAMES[number];
/** The resource detectors that can be chosen by name. */
export type ResourceDetectorName = typeof RESOURCE_DETECTOR_NAMES[number];
/** How much of the SDK's own diagnostics is said. */
export type DiagnosticLevel = typeof DIAGNOSTIC_LEVELS[number];

/** Where OTLP data goes, and how. */
export interface OtlpConfig {
  /**
   * The collector. At the top level it is a base to which `/v1/traces`, `/v1/metrics` and `/v1/logs` are added;
   * in a signal's or a destination's own settings it is used as it stands.
   */
  readonly endpoint?: string | undefined;
  /** Headers sent with every export; a signal's own are added to the shared ones. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The longest that one export may take, all its attempts together; 0 means no limit. */
  readonly timeoutMillis?: number | undefined;
  /** Whether the body is compressed. */
  readonly compression?: typeof COMPRESSIONS[number] | undefined;
  /** How the data is encoded. */
  readonly protocol?: OtlpProtocol | undefined;
  /** `fetch` is this package's transport; `node` takes the stock exporters whole. */
  readonly transport?: "fetch" | "node" | undefined;
  /** The certificates of the authorities that are trusted: the path of a PEM file, or the PEM text itself. */
  readonly certificate?: string | undefined;
  /** The client's private key for mutual TLS: the path of a PEM file, or the PEM text itself. */
  readonly clientKey?: string | undefined;
  /** The client's certificate for mutual TLS: the path of a PEM file, or the PEM text itself. */
  readonly clientCertificate?: string | undefined;
}

/** How ended spans, or log records, are gathered into batches. */
export interface BatchConfig {
  /** Items kept while waiting for export; what comes on top is dropped and counted. */
  readonly maxQueueSize?: number | undefined;
  /** Items in one export. */
  readonly maxExportBatchSize?: number | undefined;
  /** The longest that an item waits for its batch to fill. */
  readonly scheduledDelayMillis?: number | undefined;
  /** The longest that one export may take; 0 means no limit. */
  readonly exportTimeoutMillis?: number | undefined;
  /** Bytes kept while waiting for export and during it, by estimate; what comes on top is dropped and counted. */
  readonly maxQueueBytes?: number | undefined;
  /** Bytes in one export, by estimate; an item that is larger goes alone. */
  readonly maxExportBatchBytes?: number | undefined;
}

/** How much one item may hold. */
export interface LimitsConfig {
  /** Attributes of one item. */
  readonly attributeCountLimit?: number | undefined;
  /** Characters of one attribute's value. */
  readonly attributeValueLengthLimit?: number | undefined;
}

/**
 * Replaces or removes what must not leave: called for each attribute of spans, of their events and links, and
 * of log records, before any exporter sees them.
 *
 * @param key The attribute's name.
 * @param value What it holds.
 * @returns The value to export, or `undefined` to leave the attribute out.
 */
export type RedactAttribute = (
  key: string,
  value: AttributeValue,
) => AttributeValue | undefined;

/**
 * Finds out attributes of the resource. It may be asynchronous: what it finds within five seconds is waited for
 * by the first export.
 */
export type ResourceDetector = () => Attributes | Promise<Attributes>;

/**
 * Everything that code can say about telemetry. What it leaves out comes from the configuration file, then from
 * the environment, then from the defaults.
 */
export interface TelemetryConfig {
  /** When true nothing is started. */
  readonly disabled?: boolean | undefined;
  /** The path of a declarative configuration file. */
  readonly configFile?: string | undefined;
  /** Whether the sampler and the levels follow an edit of the file while running. */
  readonly watchConfigFile?: boolean | undefined;
  /** The `service.name` of the resource. */
  readonly serviceName?: string | undefined;
  /** Further attributes of the resource. */
  readonly resourceAttributes?: Attributes | undefined;
  /** What finds out about the process and its surroundings, by name or as a function. */
  readonly resourceDetectors?: readonly (ResourceDetectorName | ResourceDetector)[] | undefined;
  /** How context crosses process borders, by name or as an object. */
  readonly propagators?: readonly (PropagatorName | TextMapPropagator)[] | undefined;
  /** OTLP settings that the signals share. */
  readonly otlp?: OtlpConfig | undefined;
  /** Limits that the signals share. */
  readonly limits?: LimitsConfig | undefined;
  /** Settings of the traces signal. */
  readonly traces?: TracesConfig | undefined;
  /** Settings of the metrics signal. */
  readonly metrics?: MetricsConfig | undefined;
  /** Settings of the logs signal. */
  readonly logs?: LogsConfig | undefined;
  /** What must not leave as it is. */
  readonly redactAttribute?: RedactAttribute | undefined;
  /** How much the SDK says of itself on stderr. */
  readonly diagnosticLevel?: DiagnosticLevel | undefined;
  /** The time that draining and flushing get together at the end. */
  readonly shutdownTimeoutMillis?: number | undefined;
  /** Whether the process's end is prepared for: signals, the natural end, uncaught errors. */
  readonly processHooks?: boolean | undefined;
}

/**
 * Writes a configuration down with every option checked by the compiler, to be given to `startTelemetry`.
 * What types cannot tell, such as a range, is checked when telemetry starts.
 *
 * @param config What code decides about telemetry.
 *
 * @example
 * ```ts
 * import { defineTelemetry, startTelemetry } from "@echelon/telemetry-sdk";
 *
 * const config = defineTelemetry({
 *   serviceName: "shop",
 *   traces: {
 *     exporters: [
 *       { exporter: "otlp/stdout", filter: (span) => span.attributes["http.route"] !== "/health" },
 *     ],
 *     sampler: "parentbased_traceidratio",
 *     samplerRatio: 0.1,
 *   },
 *   metrics: { exporters: [] },
 *   logs: { exporters: [] },
 * });
 * const telemetry = startTelemetry(config);
 * await telemetry.shutdown();
 * ```
 */
export function defineTelemetry<const T extends TelemetryConfig>(config: T): T {
  return config;
}
