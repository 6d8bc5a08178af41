import { loadCertificates } from "./certificates.ts";
import { EnvironmentReader } from "./env.ts";
import { configFromCode } from "./from_code.ts";
import { configFromEnv } from "./from_env.ts";
import { withinPermissions } from "./permissions.ts";
import { resolveConfig } from "./resolve.ts";
import type { ResolvedConfig } from "./resolved.ts";
import type { TelemetryConfig } from "./schema.ts";

/** The configuration that counts, and what is to be said about it. */
export interface LoadedConfig {
  readonly config: ResolvedConfig;
  /** One sentence per mistake. */
  readonly warnings: readonly string[];
  /** What the process may not do, and the flag that would allow it. */
  readonly missing: readonly string[];
}

/**
 * Brings the configuration together from code, the file and the environment, within the permissions that the
 * process has.
 *
 * @param code What the application gave.
 */
export function loadConfig(code: TelemetryConfig): LoadedConfig {
  const reader = new EnvironmentReader();
  const sources = [
    { name: "code" as const, ...configFromCode(code) },
    { name: "environment" as const, ...configFromEnv((name) => reader.read(name)) },
  ];
  const resolved = resolveConfig(sources);
  const { config: permitted, missing } = withinPermissions(resolved.config, reader.denied);
  const { config, warnings } = loadCertificates(permitted);
  return { config, warnings: [...resolved.warnings, ...warnings], missing };
}
