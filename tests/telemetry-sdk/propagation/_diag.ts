import { diag, type DiagLogger, DiagLogLevel } from "@opentelemetry/api";

/**
 * Runs a function and collects what is said through the API's diagnostics meanwhile.
 *
 * @returns One line per message, such as `warn: …`.
 */
export function withDiag(run: () => void): string[] {
  const { said, stop } = collectDiag();
  try {
    run();
  } finally {
    stop();
  }
  return said;
}

/** Collects what is said through the API's diagnostics until it is stopped. */
export function collectDiag(): { readonly said: string[]; stop(): void } {
  const said: string[] = [];
  const at = (level: string) => (...parts: readonly unknown[]) => {
    said.push(`${level}: ${parts.join(" ")}`);
  };
  const logger: DiagLogger = {
    error: at("error"),
    warn: at("warn"),
    info: at("info"),
    debug: at("debug"),
    verbose: at("verbose"),
  };
  diag.setLogger(logger, { logLevel: DiagLogLevel.INFO, suppressOverrideMessage: true });
  return { said, stop: () => diag.disable() };
}
