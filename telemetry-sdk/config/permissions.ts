import { redactedUrl } from "./endpoint.ts";
import type { ResolvedConfig } from "./schema.ts";

/** What is left of the configuration under the permissions that the process has. */
export interface Permitted {
  readonly config: ResolvedConfig;
  /** What the process may not do, and the flag that would allow it. */
  readonly missing: readonly string[];
}

/**
 * Takes out the OTLP exporters whose receiver the process may not reach. An export without the permission would
 * stop the process at a prompt on a terminal, and fail each time elsewhere.
 *
 * @param config The whole configuration.
 * @param deniedVariables The variables that could not be read.
 */
export function withinPermissions(
  config: ResolvedConfig,
  deniedVariables: ReadonlySet<string>,
): Permitted {
  const missing = new Set<string>();
  if (deniedVariables.size > 0) missing.add("read OTEL_* variables (--allow-env=OTEL_*)");

  function permitted<E>(
    exporters: readonly (E | "otlp")[],
    endpoint: string,
  ): readonly (E | "otlp")[] {
    const host = networkHost(endpoint);
    if (
      !exporters.includes("otlp") ||
      Deno.permissions.querySync({ name: "net", host }).state === "granted"
    ) {
      return exporters;
    }
    missing.add(`send to ${new URL(redactedUrl(endpoint)).origin} (--allow-net=${host})`);
    return exporters.filter((exporter) => exporter !== "otlp");
  }

  const { traces, metrics } = config;
  return {
    config: {
      ...config,
      traces: { ...traces, exporters: permitted(traces.exporters, traces.otlp.endpoint) },
      metrics: { ...metrics, exporters: permitted(metrics.exporters, metrics.otlp.endpoint) },
    },
    missing: [...missing],
  };
}

/** Host and port as `--allow-net` takes them. */
function networkHost(endpoint: string): string {
  const { hostname, port, protocol } = new URL(endpoint);
  return `${hostname}:${port || (protocol === "https:" ? "443" : "80")}`;
}
