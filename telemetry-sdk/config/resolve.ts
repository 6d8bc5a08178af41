import type { Attributes } from "@opentelemetry/api";
import { DEFAULTS } from "./defaults.ts";
import { signalEndpoint, type SignalName } from "./endpoint.ts";
import type { LogDestination } from "./logs_schema.ts";
import type { MetricDestination } from "./metrics_schema.ts";
import { isDestination, optionAt, type OptionPath, type OptionValue } from "./options.ts";
import type {
  ResolvedBatch,
  ResolvedConfig,
  ResolvedLogs,
  ResolvedMetrics,
  ResolvedOtlp,
  ResolvedTraces,
} from "./resolved.ts";
import type { BatchConfig, OtlpConfig, TelemetryConfig } from "./schema.ts";
import { contradictions, type Source } from "./contradictions.ts";
import type { SpanDestination } from "./traces_schema.ts";

/** The whole configuration, and everything that is wrong with its sources. */
export interface Resolution {
  readonly config: ResolvedConfig;
  /** One sentence per bad value, and per value that another source overrules. */
  readonly warnings: readonly string[];
}

/**
 * Joins the sources of configuration: for each option the first source counts that says something about it,
 * and then the default.
 *
 * @param sources From the strongest: code, the file, the environment.
 */
export function resolveConfig(sources: readonly Source[]): Resolution {
  const layers = sources.map(({ config }) => config);
  const warnings = [
    ...sources.toReversed().flatMap((source) => source.warnings),
    ...contradictions(sources),
  ];
  return { config: new Resolver([...layers, DEFAULTS], warnings).resolve(), warnings };
}

/** Fills in one configuration from several layers. */
class Resolver {
  readonly #layers: readonly TelemetryConfig[];
  readonly #warnings: string[];

  constructor(layers: readonly TelemetryConfig[], warnings: string[]) {
    this.#layers = layers;
    this.#warnings = warnings;
  }

  resolve(): ResolvedConfig {
    return {
      disabled: this.#required("disabled"),
      serviceName: this.#serviceName(),
      resourceAttributes: this.#resourceAttributes(),
      resourceDetectors: this.#required("resourceDetectors"),
      propagators: this.#required("propagators"),
      redactAttribute: this.#first("redactAttribute"),
      traces: this.#traces(),
      metrics: this.#metrics(),
      logs: this.#logs(),
      diagnosticLevel: this.#required("diagnosticLevel"),
      shutdownTimeoutMillis: this.#required("shutdownTimeoutMillis"),
      processHooks: this.#required("processHooks"),
    };
  }

  #first<P extends OptionPath>(path: P): OptionValue<P> | undefined {
    for (const layer of this.#layers) {
      const value = optionAt(layer, path);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  /** An option that has a default. */
  #required<P extends OptionPath>(path: P): OptionValue<P> {
    const value = this.#first(path);
    if (value === undefined) throw new TypeError(`Option ${path} has no default`);
    return value;
  }

  /** A name of its own wins over one among the attributes, but only within the same source. */
  #serviceName(): string | undefined {
    for (const { serviceName, resourceAttributes } of this.#layers) {
      if (serviceName !== undefined) return serviceName;
      if (resourceAttributes?.["service.name"] !== undefined) return undefined;
    }
    return undefined;
  }

  #resourceAttributes(): Attributes {
    return Object.assign(
      {},
      ...this.#layers.toReversed().map((layer) => layer.resourceAttributes ?? {}),
    );
  }

  #traces(): ResolvedTraces {
    const batch = this.#batch("traces");
    return {
      destinations: this.#required("traces.exporters").map((choice) => {
        const given: SpanDestination = isDestination(choice) ? choice : { exporter: choice };
        const own = this.#joinBatch(given.batch, batch);
        return {
          ...given,
          samplerRatio: given.samplerRatio ?? DEFAULTS.traces.samplerRatio,
          otlp: this.#otlp("traces", given, own.exportTimeoutMillis),
          batch: own,
        };
      }),
      sampler: this.#required("traces.sampler"),
      samplerRatio: this.#required("traces.samplerRatio"),
      spanLimits: {
        ...this.#limits("traces.spanLimits"),
        eventCountLimit: this.#required("traces.spanLimits.eventCountLimit"),
        linkCountLimit: this.#required("traces.spanLimits.linkCountLimit"),
        attributePerEventCountLimit: this.#required(
          "traces.spanLimits.attributePerEventCountLimit",
        ),
        attributePerLinkCountLimit: this.#required("traces.spanLimits.attributePerLinkCountLimit"),
      },
      spanProcessors: this.#first("traces.spanProcessors") ?? [],
      forceSecret: this.#first("traces.forceSecret"),
      onStart: this.#first("traces.onStart"),
      onEnding: this.#first("traces.onEnding"),
    };
  }

  #metrics(): ResolvedMetrics {
    return {
      destinations: this.#required("metrics.exporters").map((choice) => {
        const given: MetricDestination = isDestination(choice) ? choice : { exporter: choice };
        const intervalMillis = given.intervalMillis ?? this.#required("metrics.intervalMillis");
        const timeout = given.timeoutMillis ?? this.#required("metrics.timeoutMillis");
        // The reader throws where the timeout is the longer one.
        const timeoutMillis = Math.min(timeout, intervalMillis);
        return {
          exporter: given.exporter,
          intervalMillis,
          timeoutMillis,
          temporality: given.temporality ?? this.#required("metrics.temporality"),
          histogramAggregation: given.histogramAggregation ??
            this.#required("metrics.histogramAggregation"),
          otlp: this.#otlp("metrics", given, timeoutMillis),
        };
      }),
      prometheus: {
        host: this.#required("metrics.prometheus.host"),
        port: this.#required("metrics.prometheus.port"),
      },
      views: this.#first("metrics.views") ?? [],
      readers: this.#first("metrics.readers") ?? [],
    };
  }

  #logs(): ResolvedLogs {
    const batch = this.#batch("logs");
    return {
      destinations: this.#required("logs.exporters").map((choice) => {
        const given: LogDestination = isDestination(choice) ? choice : { exporter: choice };
        const own = this.#joinBatch(given.batch, batch);
        return {
          ...given,
          otlp: this.#otlp("logs", given, own.exportTimeoutMillis),
          batch: own,
        };
      }),
      limits: this.#limits("logs.limits"),
      processors: this.#first("logs.processors") ?? [],
      minimumSeverity: this.#required("logs.minimumSeverity"),
      console: this.#required("logs.console"),
    };
  }

  #limits(section: "traces.spanLimits" | "logs.limits") {
    return {
      attributeCountLimit: this.#limit(section, "attributeCountLimit"),
      attributeValueLengthLimit: this.#limit(section, "attributeValueLengthLimit"),
    };
  }

  /** Within one source the signal's own limit counts before the shared one. */
  #limit(
    section: "traces.spanLimits" | "logs.limits",
    key: "attributeCountLimit" | "attributeValueLengthLimit",
  ): number {
    for (const layer of this.#layers) {
      const limit = optionAt(layer, `${section}.${key}`) ?? optionAt(layer, `limits.${key}`);
      if (limit !== undefined) return limit;
    }
    return DEFAULTS.limits[key];
  }

  #batch(signal: "traces" | "logs"): ResolvedBatch {
    return this.#joinBatch({}, {
      maxQueueSize: this.#required(`${signal}.batch.maxQueueSize`),
      maxExportBatchSize: this.#required(`${signal}.batch.maxExportBatchSize`),
      scheduledDelayMillis: this.#required(`${signal}.batch.scheduledDelayMillis`),
      exportTimeoutMillis: this.#required(`${signal}.batch.exportTimeoutMillis`),
      maxQueueBytes: this.#required(`${signal}.batch.maxQueueBytes`),
      maxExportBatchBytes: this.#required(`${signal}.batch.maxExportBatchBytes`),
    });
  }

  #joinBatch(own: BatchConfig = {}, general: ResolvedBatch): ResolvedBatch {
    const maxQueueSize = own.maxQueueSize ?? general.maxQueueSize;
    const maxExportBatchSize = own.maxExportBatchSize ?? general.maxExportBatchSize;
    if (maxExportBatchSize > maxQueueSize) {
      this.#warnings.push(
        `a batch of ${maxExportBatchSize} does not fit a queue of ${maxQueueSize}; using batches of ${maxQueueSize}`,
      );
    }
    return {
      maxQueueSize,
      maxExportBatchSize: Math.min(maxExportBatchSize, maxQueueSize),
      scheduledDelayMillis: own.scheduledDelayMillis ?? general.scheduledDelayMillis,
      exportTimeoutMillis: own.exportTimeoutMillis ?? general.exportTimeoutMillis,
      maxQueueBytes: own.maxQueueBytes ?? general.maxQueueBytes,
      maxExportBatchBytes: own.maxExportBatchBytes ?? general.maxExportBatchBytes,
    };
  }

  /**
   * Settings of a destination count first. Then, within one source, the signal's own word counts before the
   * shared one; between sources, the stronger one.
   */
  #otlp(
    signal: SignalName,
    { exporter, otlp: own = {} }: {
      readonly exporter: unknown;
      readonly otlp?: OtlpConfig | undefined;
    },
    limitMillis: number,
  ): ResolvedOtlp {
    const ranked = [own, ...this.#layers.flatMap((layer) => [layer[signal]?.otlp, layer.otlp])];
    const first = <K extends keyof OtlpConfig>(key: K) =>
      ranked.find((source) => source?.[key] !== undefined)?.[key];
    const tls = {
      certificate: first("certificate"),
      clientKey: first("clientKey"),
      clientCertificate: first("clientCertificate"),
    };
    return {
      endpoint: own.endpoint ?? this.#endpoint(signal),
      headers: Object.assign(
        {},
        ...ranked.toReversed().map((source) => lowerCased(source?.headers)),
      ),
      // An export that its caller has given up would only keep the next one waiting.
      timeoutMillis: Math.min(first("timeoutMillis") ?? DEFAULTS.otlp.timeoutMillis, limitMillis),
      compression: first("compression") ?? DEFAULTS.otlp.compression,
      protocol: first("protocol") ?? DEFAULTS.otlp.protocol,
      transport: exporter === "otlp/stdout"
        ? "stdout"
        : first("transport") ?? DEFAULTS.otlp.transport,
      ...tls,
    };
  }

  #endpoint(signal: SignalName): string {
    for (const layer of this.#layers) {
      const own = layer[signal]?.otlp?.endpoint;
      if (own !== undefined) return own;
      const base = layer.otlp?.endpoint;
      if (base !== undefined) return signalEndpoint(base, signal);
    }
    return signalEndpoint(DEFAULTS.otlp.endpoint, signal);
  }
}

/** Header names from different sources must meet under one spelling. */
function lowerCased(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}
