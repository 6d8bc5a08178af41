import type { MeterProvider } from "@opentelemetry/api";
import {
  createOtlpNetworkExportDelegate,
  ExporterMetrics,
} from "@opentelemetry/otlp-exporter-base";
import type { IExporterMetricsHelper, ISerializer } from "@opentelemetry/otlp-transformer";
import type { ResolvedOtlp } from "../config/resolved.ts";
import { VERSION } from "../version.ts";
import { FetchTransport } from "./fetch_transport.ts";
import { withoutSecrets } from "./secrets.ts";
import { StdoutTransport } from "./stdout_transport.ts";
import type { ExportReport } from "./report.ts";
import { ReportingDelegate } from "./reporting_delegate.ts";

// The processors and readers send one export at a time; the second place is for a flush that meets one under way.
const CONCURRENT_EXPORTS = 2;

/** What the receiver says of an export that it took only in part. */
export interface PartialSuccess {
  readonly rejected: number;
  readonly message: string;
}

/** What differs between the signals when OTLP is spoken. */
export interface OtlpSignal<Items, Response> {
  /** The signal's part of the component type that the semantic conventions define for SDK metrics. */
  readonly componentName: "span" | "metric" | "log";
  readonly protobuf: ISerializer<Items, Response>;
  readonly json: ISerializer<Items, Response>;
  readonly metricsHelper: IExporterMetricsHelper<Items>;
  /** Gives what a response holds of refused items, if it does. */
  readonly partialSuccess: (response: Response) => PartialSuccess | undefined;
}

/** The parts from which an OTLP exporter is made. */
export interface OtlpParts<Items> {
  readonly delegate: ReportingDelegate<Items>;
  /** Ends the waiting between attempts: a process that ends must not wait for it. */
  readonly drain: () => void;
  /** Gives up the exports under way, in silence. */
  readonly abandon: () => void;
  /** Has the exporter tell about its exports from now on (`otel.sdk.exporter.*`). */
  readonly observe: (meterProvider: MeterProvider) => void;
}

/**
 * Joins the official delegate and serialisers with this package's transport.
 *
 * @param signal The signal's serialisers.
 * @param config Where and how to send.
 * @param report Told of failures, and of partial success, which the stock delegate would only log.
 */
export function createOtlpParts<Items, Response>(
  signal: OtlpSignal<Items, Response>,
  config: ResolvedOtlp,
  report: ExportReport,
): OtlpParts<Items> {
  const json = config.protocol === "http/json" || config.transport === "stdout";
  const serializer = json ? signal.json : signal.protobuf;
  const transport = config.transport === "stdout" ? new StdoutTransport() : new FetchTransport({
    url: config.endpoint,
    headers: config.headers,
    contentType: json ? "application/json" : "application/x-protobuf",
    compression: config.compression,
    userAgent: `echelon-telemetry-sdk/${VERSION} OTel-OTLP-Exporter-JavaScript`,
    tls: config,
  });
  const watched: ISerializer<Items, Response> = {
    serializeRequest: (items) => serializer.serializeRequest(items),
    deserializeResponse(data) {
      const response = serializer.deserializeResponse(data);
      const partial = signal.partialSuccess(response);
      if (partial !== undefined) {
        report.rejected(partial.rejected, withoutSecrets(partial.message, config));
      }
      return response;
    },
  };
  const exporterMetrics = (meterProvider: MeterProvider) =>
    new ExporterMetrics<Items>({
      componentType: `otlp_http${json ? "_json" : ""}_${signal.componentName}_exporter`,
      metricsHelper: signal.metricsHelper,
      url: config.endpoint,
      meterProvider,
      responseAttributesFromError: () => ({}),
    });
  // Counts its components by their type, so it is made for those only that are observed.
  const unobserved = { startExport: () => () => {} } as unknown as ExporterMetrics<Items>;
  const shared = {
    timeoutMillis: config.timeoutMillis,
    concurrencyLimit: CONCURRENT_EXPORTS,
    compression: config.compression,
  };
  const stock = createOtlpNetworkExportDelegate(shared, watched, unobserved, transport);
  const delegate = new ReportingDelegate(
    stock,
    report,
    {
      count: (items) => signal.metricsHelper.countItems(items),
      isHalved: signal.componentName !== "metric",
    },
  );
  return {
    delegate,
    drain: () => transport.drain(),
    abandon() {
      delegate.silence();
      transport.shutdown();
    },
    observe: (meterProvider) => delegate.setMetrics(exporterMetrics(meterProvider)),
  };
}

/** Reads OTLP's partial success; an empty one means that all is well. */
export function readPartialSuccess(
  rejected: number | undefined,
  message: string | undefined,
): PartialSuccess | undefined {
  // The JSON form of a 64-bit integer is a string, and the serialiser hands it on as it is.
  const count = Number(rejected ?? 0);
  return count > 0 || message ? { rejected: count, message: message ?? "" } : undefined;
}
