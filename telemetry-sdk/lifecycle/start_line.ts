import type { Resource } from "@opentelemetry/resources";
import { redactedUrl } from "../config/endpoint.ts";
import type { ResolvedConfig, ResolvedOtlp, ResolvedTraces } from "../config/resolved.ts";

/**
 * Says in one line what telemetry does: which signals go where, how traces are sampled, under which name.
 * Secrets stay out: of headers only the names are shown.
 *
 * @param config The effective configuration.
 * @param resource What produces the telemetry.
 */
export function describeStart(config: ResolvedConfig, resource: Resource): string {
  const { traces, metrics, logs } = config;
  const { host, port } = metrics.prometheus;
  const signals = [
    { name: "traces", to: describeDestinations(traces.destinations, "v1/traces") },
    {
      name: "metrics",
      to: describeDestinations(metrics.destinations, "v1/metrics")
        .replace("prometheus", `prometheus at ${host}:${port}`),
    },
    { name: "logs", to: describeDestinations(logs.destinations, "v1/logs") },
  ];
  const groups = Map.groupBy(signals, ({ to }) => to);
  return [
    ...Array.from(groups, ([to, group]) => `${group.map(({ name }) => name).join("+")} -> ${to}`),
    `sampler ${describeSampler(traces.sampler, traces.samplerRatio)}`,
    `service ${resource.attributes["service.name"]}`,
  ].join(", ");
}

interface Destination {
  readonly exporter: string | object;
  readonly otlp: ResolvedOtlp;
}

function describeDestinations(destinations: readonly Destination[], path: string): string {
  if (destinations.length === 0) return "no exporter";
  return destinations.map(({ exporter, otlp }) => {
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

/** The signals of one collector are shown as one destination, the base that they share. */
function withoutPath(url: string, path: string): string {
  return url.endsWith(`/${path}`) ? url.slice(0, -path.length - 1) : url;
}

/** How a sampler is called in the start-up line. */
function describeSampler(sampler: ResolvedTraces["sampler"], ratio: number): string {
  if (typeof sampler !== "string") {
    return String("processor" in sampler ? sampler.sampler : sampler);
  }
  return sampler.endsWith("traceidratio") ? `${sampler}(${ratio})` : sampler;
}
