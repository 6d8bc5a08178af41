import { redactedUrl } from "./endpoint.ts";
import type { ResolvedConfig, ResolvedOtlp } from "./resolved.ts";

/** What is left of the configuration under the permissions that the process has. */
export interface Permitted {
  readonly config: ResolvedConfig;
  /** What the process may not do, and the flag that would allow it. */
  readonly missing: readonly string[];
}

interface Destination {
  readonly exporter: unknown;
  readonly otlp: ResolvedOtlp;
}

/**
 * Takes out the destinations that the process may not reach. An export without the permission would stop the
 * process at a prompt on a terminal, and fail each time elsewhere.
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

  function permitted<D extends Destination>(destinations: readonly D[]): readonly D[] {
    return destinations.filter(({ exporter, otlp }) => {
      if (exporter === "prometheus") return mayListen();
      if (exporter !== "otlp") return true;
      const host = networkHost(otlp.endpoint);
      if (isGranted({ name: "net", host })) return true;
      missing.add(`send to ${new URL(redactedUrl(otlp.endpoint)).origin} (--allow-net=${host})`);
      return false;
    });
  }

  function mayListen(): boolean {
    const { host, port } = config.metrics.prometheus;
    const address = `${host}:${port}`;
    if (isGranted({ name: "net", host: address })) return true;
    missing.add(`listen on ${address} for Prometheus (--allow-net=${address})`);
    return false;
  }

  const { traces, metrics, logs } = config;
  return {
    config: {
      ...config,
      traces: { ...traces, destinations: permitted(traces.destinations) },
      metrics: { ...metrics, destinations: permitted(metrics.destinations) },
      logs: { ...logs, destinations: permitted(logs.destinations) },
    },
    missing: [...missing],
  };
}

function isGranted(permission: Deno.PermissionDescriptor): boolean {
  return Deno.permissions.querySync(permission).state === "granted";
}

/** Host and port as `--allow-net` takes them. */
function networkHost(endpoint: string): string {
  const { hostname, port, protocol } = new URL(endpoint);
  return `${hostname}:${port || (protocol === "https:" ? "443" : "80")}`;
}
