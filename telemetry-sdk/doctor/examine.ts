import { loadConfig } from "../config/load.ts";
import type { TelemetryConfig } from "../config/schema.ts";
import { describeStart } from "../lifecycle/start_line.ts";
import { checkConfiguration } from "./configuration_checks.ts";
import { type Finding, findings } from "./finding.ts";
import { checkDenoTelemetry, checkRegistration } from "./runtime_checks.ts";
import { checkResource } from "./resource_check.ts";
import { checkSignals } from "./signal_checks.ts";
import { checkVariables, shownVariables } from "./variable_checks.ts";
import { checkVersions } from "./version_check.ts";

/** What an examination is told. */
export interface ExamineOptions {
  /** What code decides about telemetry, where it decides anything. */
  readonly config?: TelemetryConfig;
  /** The longest that one step may take; 10 seconds unless told. */
  readonly limitMillis?: number;
  /** Where to look for the lock file; the working directory unless told. */
  readonly directory?: string;
}

/** What an examination found. */
export interface Examination {
  /** Whether there is no problem. */
  readonly ok: boolean;
  /** What telemetry does, in the words of the line that it says at its start. */
  readonly configuration: string;
  /** The variables that are set; secrets are not shown. */
  readonly variables: readonly string[];
  readonly findings: readonly Finding[];
}

const LIMIT_MILLIS = 10_000;

/**
 * Checks the configuration that a program in this place, with these permissions, would run with, and sends one
 * real span, metric and log record to where they are configured to go. Nothing is registered when it is over.
 *
 * @param options What is not to be found out from the environment.
 *
 * @example
 * ```ts
 * import { examine } from "@echelon/telemetry-sdk/doctor";
 *
 * const { ok, findings } = await examine({
 *   config: { traces: { exporters: [] }, metrics: { exporters: [] }, logs: { exporters: [] } },
 * });
 * if (!ok) throw new Error(findings.map(({ message }) => message).join(" "));
 * ```
 */
export async function examine(options: ExamineOptions = {}): Promise<Examination> {
  const { config: code = {}, limitMillis = LIMIT_MILLIS } = options;
  const loaded = loadConfig(code);
  const { config } = loaded;
  const { resource, verdicts: resourceVerdicts } = await checkResource(config, limitMillis);
  const denoTelemetry = checkDenoTelemetry();
  const found = [
    ...findings("runtime", denoTelemetry),
    // Deno's own telemetry would make it fail, and has been told already.
    ...(denoTelemetry.state === "ok" ? findings("api", checkRegistration()) : []),
    ...findings("versions", ...checkVersions(options.directory ?? workingDirectory())),
    ...findings("variables", ...checkVariables()),
    ...findings("configuration", ...checkConfiguration(loaded)),
    ...findings("resource", ...resourceVerdicts),
    ...(config.disabled ? [] : await checkSignals({ config, resource, limitMillis })),
  ];
  return {
    ok: found.every(({ state }) => state !== "problem"),
    configuration: describeStart(config, resource),
    variables: shownVariables(),
    findings: found,
  };
}

/** Deno counts asking for it as reading. */
function workingDirectory(): string {
  try {
    return Deno.cwd();
  } catch {
    return ".";
  }
}
