import type { Attributes } from "@opentelemetry/api";
import type { FamilySubject, Labels } from "./prometheus_names.ts";

/** How OpenTelemetry's names become Prometheus's. */
export interface PrometheusNaming {
  /** The name of the family that an instrument becomes, without `_total`. */
  family(subject: FamilySubject): string;
  /** The labels that attributes become. */
  labels(attributes: Attributes): Labels;
}

/**
 * Where a telemetry SDK that can be scraped and the endpoint that serves it meet. The framework and
 * the SDK do not import each other, so they meet at a global symbol; the SDK puts it there, and
 * takes it away when it shuts down.
 */
export interface PrometheusSource {
  /**
   * Everything the SDK has, in Prometheus's text format 0.0.4.
   *
   * @param naming Names families and labels, so that they are the same whoever serves them.
   */
  scrape(naming: PrometheusNaming): Promise<string>;
}

const KEY = Symbol.for("@echelon/prometheus");

/** The SDK that can be scraped, where one is registered. */
export function prometheusSource(): PrometheusSource | undefined {
  return (globalThis as { [KEY]?: PrometheusSource })[KEY];
}
