import { diag, type DiagLogger, DiagLogLevel } from "@opentelemetry/api";
import { setGlobalErrorHandler } from "@opentelemetry/core";
import type { DiagnosticLevel } from "../config/schema.ts";
import { say } from "./say.ts";

const LEVELS: Readonly<Record<DiagnosticLevel, DiagLogLevel>> = {
  none: DiagLogLevel.NONE,
  error: DiagLogLevel.ERROR,
  warn: DiagLogLevel.WARN,
  info: DiagLogLevel.INFO,
  debug: DiagLogLevel.DEBUG,
  verbose: DiagLogLevel.VERBOSE,
  all: DiagLogLevel.ALL,
};

const WINDOW_MILLIS = 60_000;
/** Different messages per minute; a program that misuses the API would otherwise fill its own log. */
const MESSAGES_PER_WINDOW = 20;
const LONGEST_LINE = 500;

/** The periodic reader's word for a failure that the export report has told already. */
const REPORTED_ELSEWHERE = "PeriodicExportingMetricReader: metrics export failed";

/**
 * Sends what the OpenTelemetry packages say about themselves to stderr, one line each, never the same line
 * twice in a minute. Debugging levels are not limited.
 *
 * @param level The least level that is said.
 * @returns A function that takes the logger out again.
 */
export function installDiagLogger(level: DiagnosticLevel): () => void {
  const limited = limit();
  const unlimited = (...parts: readonly unknown[]) => say(oneLine(parts));
  const logger: DiagLogger = {
    error: limited,
    warn: limited,
    info: limited,
    debug: unlimited,
    verbose: unlimited,
  };
  diag.setLogger(logger, { logLevel: LEVELS[level], suppressOverrideMessage: true });
  setGlobalErrorHandler((error) => {
    const message = error instanceof Error ? error.message : String(error);
    if (!message.startsWith(REPORTED_ELSEWHERE)) diag.error(message);
  });
  return () => diag.disable();
}

function limit(): (...parts: readonly unknown[]) => void {
  const said = new Set<string>();
  let windowStart = -Infinity;
  return (...parts) => {
    const now = Date.now();
    if (now - windowStart > WINDOW_MILLIS) {
      windowStart = now;
      said.clear();
    }
    const line = oneLine(parts);
    if (said.size >= MESSAGES_PER_WINDOW || said.has(line)) return;
    said.add(line);
    say(line);
  };
}

function oneLine(parts: readonly unknown[]): string {
  const text = parts.map((part) =>
    typeof part === "string" ? part : Deno.inspect(part, { depth: 1 })
  ).join(" ");
  return text.replaceAll(/\s+/g, " ").slice(0, LONGEST_LINE);
}
