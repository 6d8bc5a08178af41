import { resourceFromAttributes } from "@opentelemetry/resources";
import { DEFAULTS } from "../../../telemetry-sdk/config/defaults.ts";
import type {
  ResolvedLogDestination,
  ResolvedLogs,
  ResolvedOtlp,
} from "../../../telemetry-sdk/config/resolved.ts";
import type { RedactAttribute } from "../../../telemetry-sdk/config/schema.ts";
import { ExportReports } from "../../../telemetry-sdk/export/reports.ts";
import { createLogs, type LogsPipeline } from "../../../telemetry-sdk/logs/pipeline.ts";

/** What a test changes of one destination. */
export interface DestinationOptions {
  readonly otlp?: Partial<ResolvedOtlp>;
  readonly batch?: Partial<ResolvedLogDestination["batch"]>;
  readonly filter?: ResolvedLogDestination["filter"];
}

/** What a test changes of the settings. */
export interface PipelineOptions extends DestinationOptions, Partial<ResolvedLogs> {
  readonly redactAttribute?: RedactAttribute;
  readonly say?: (line: string) => void;
}

/** A receiver as a destination, with the defaults. */
export function destination(
  url: string,
  { otlp, batch, filter }: DestinationOptions = {},
): ResolvedLogDestination {
  return {
    exporter: "otlp",
    filter,
    otlp: {
      endpoint: `${url}/v1/logs`,
      headers: {},
      timeoutMillis: 10_000,
      compression: "none",
      protocol: "http/protobuf",
      transport: "fetch",
      ...otlp,
    },
    batch: {
      ...DEFAULTS.logs.batch,
      ...batch,
    },
  };
}

/** The logs signal with its defaults, exporting to a receiver. */
export function logsTo(url: string, options: PipelineOptions = {}): LogsPipeline {
  const { otlp, batch, filter, redactAttribute, say = () => {}, ...config } = options;
  return createLogs({
    destinations: [
      destination(url, { ...(otlp && { otlp }), ...(batch && { batch }), filter }),
    ],
    processors: [],
    limits: { attributeCountLimit: 128, attributeValueLengthLimit: 4096 },
    minimumSeverity: "trace",
    console: "ignore",
    ...config,
  }, {
    resource: resourceFromAttributes({ "service.name": "shop" }),
    reports: new ExportReports("log records", say),
    redactAttribute,
  });
}
