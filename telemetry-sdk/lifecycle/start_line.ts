import type { Resource } from "@opentelemetry/resources";
import type { Sampler } from "@opentelemetry/sdk-trace-base";
import { redactedUrl } from "../config/endpoint.ts";
import type { ResolvedConfig, SamplerName } from "../config/schema.ts";

/**
 * Says in one line what telemetry does: which signals go where, how traces are sampled, under which name.
 * Secrets stay out: of headers only the names are shown.
 *
 * @param config The effective configuration.
 * @param resource What produces the telemetry.
 */
export function describeStart(config: ResolvedConfig, resource: Resource): string {
  const traces = describeSignal(config.traces, "v1/traces");
  const metrics = describeSignal(config.metrics, "v1/metrics");
  const signals = traces === metrics
    ? [`traces+metrics -> ${traces}`]
    : [`traces -> ${traces}`, `metrics -> ${metrics}`];
  return [
    ...signals,
    `sampler ${describeSampler(config.traces.sampler, config.traces.samplerRatio)}`,
    `service ${resource.attributes["service.name"]}`,
  ].join(", ");
}

function describeSignal(
  { exporters, otlp }: ResolvedConfig["traces" | "metrics"],
  path: string,
): string {
  if (exporters.length === 0) return "no exporter";
  return exporters.map((exporter) => {
    if (typeof exporter !== "string") return exporter.constructor.name;
    if (exporter !== "otlp") return exporter;
    const headers = Object.keys(otlp.headers);
    const details = [
      otlp.protocol,
      ...(otlp.compression === "none" ? [] : [otlp.compression]),
      ...(otlp.transport === "fetch" ? [] : [`transport ${otlp.transport}`]),
      ...(headers.length === 0 ? [] : [`headers ${headers.join(" ")}`]),
    ];
    return `${withoutPath(redactedUrl(otlp.endpoint), path)} (${details.join(", ")})`;
  }).join(" and ");
}

/** The two signals of one collector are shown as one destination, the base that they share. */
function withoutPath(url: string, path: string): string {
  return url.endsWith(`/${path}`) ? url.slice(0, -path.length - 1) : url;
}

/** How a sampler is called in the start-up line. */
function describeSampler(sampler: SamplerName | Sampler, ratio: number): string {
  if (typeof sampler !== "string") return String(sampler);
  return sampler.endsWith("traceidratio") ? `${sampler}(${ratio})` : sampler;
}
