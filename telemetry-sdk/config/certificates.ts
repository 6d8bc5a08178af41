import type { ResolvedConfig, ResolvedOtlp } from "./resolved.ts";

/** What TLS needs, by the option's name. */
const PEM_OPTIONS = ["certificate", "clientKey", "clientCertificate"] as const;

/** The configuration with the PEM texts in place of their files' paths. */
export interface LoadedCertificates {
  readonly config: ResolvedConfig;
  /** One sentence per file that cannot be read. */
  readonly warnings: readonly string[];
}

/**
 * Reads the files that TLS needs. One that cannot be read is said and left out: the export then fails with the
 * reason that the receiver gives.
 *
 * @param config The whole configuration.
 */
export function loadCertificates(config: ResolvedConfig): LoadedCertificates {
  const warnings = new Set<string>();

  function loaded<D extends { readonly otlp: ResolvedOtlp }>(destination: D): D {
    const { otlp } = destination;
    if (PEM_OPTIONS.every((option) => otlp[option] === undefined)) return destination;
    const texts = Object.fromEntries(
      PEM_OPTIONS.map((option) => [option, readPem(option, otlp[option], warnings)]),
    );
    return { ...destination, otlp: { ...otlp, ...texts } };
  }

  const { traces, metrics, logs } = config;
  return {
    config: {
      ...config,
      traces: { ...traces, destinations: traces.destinations.map(loaded) },
      metrics: { ...metrics, destinations: metrics.destinations.map(loaded) },
      logs: { ...logs, destinations: logs.destinations.map(loaded) },
    },
    warnings: [...warnings],
  };
}

function readPem(
  option: string,
  given: string | undefined,
  warnings: Set<string>,
): string | undefined {
  if (given === undefined || given.includes("-----BEGIN ")) return given;
  if (Deno.permissions.querySync({ name: "read", path: given }).state !== "granted") {
    warnings.add(`no permission to read the ${option} "${given}" (--allow-read=${given})`);
    return undefined;
  }
  try {
    const text = Deno.readTextFileSync(given);
    if (text.includes("-----BEGIN ")) return text;
    warnings.add(`the ${option} "${given}" is not a PEM file`);
  } catch (error) {
    warnings.add(
      `the ${option} "${given}" cannot be read: ${error instanceof Error ? error.message : error}`,
    );
  }
  return undefined;
}
