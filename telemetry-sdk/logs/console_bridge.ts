import { context } from "@opentelemetry/api";
import type { AnyValueMap, Logger } from "@opentelemetry/api-logs";
import { isTracingSuppressed } from "@opentelemetry/core";
import { ATTR_CODE_STACKTRACE } from "@opentelemetry/semantic-conventions";
import type { ConsoleMode, Severity } from "../config/logs_schema.ts";
import { formatConsole } from "./console_format.ts";
import type { Print } from "./direct_console.ts";
import { exceptionAttributes } from "./exception_attributes.ts";
import { SEVERITY_NUMBERS } from "./severity.ts";

/** Each method that is bridged, how grave it is, and where the console prints it. */
const METHODS = {
  debug: { severity: "debug", stream: "stdout" },
  log: { severity: "info", stream: "stdout" },
  info: { severity: "info", stream: "stdout" },
  warn: { severity: "warn", stream: "stderr" },
  error: { severity: "error", stream: "stderr" },
  trace: { severity: "info", stream: "stderr" },
  assert: { severity: "error", stream: "stderr" },
} as const satisfies Record<string, { severity: Severity; stream: "stdout" | "stderr" }>;

type Method = keyof typeof METHODS;

/** The stream that a log came from; in development in the semantic conventions. */
const ATTR_LOG_IOSTREAM = "log.iostream";

/** What the bridge stands between. */
export interface ConsoleBridgeOptions {
  /** Whether what is recorded is printed too. */
  readonly mode: Exclude<ConsoleMode, "ignore">;
  /** Where records go. */
  readonly logger: Logger;
  /** The console; the program's own unless told. */
  readonly target?: Record<Method, Print>;
  /** What prints; the console itself unless told. */
  readonly printer?: Readonly<Record<Method, Print>>;
}

/**
 * Makes log records of what the program writes to its console. What cannot be recorded is printed, whatever the
 * mode; what is written while a record is made, or by an exporter, is printed and not recorded.
 *
 * @param options The console and the logger.
 * @returns A function that takes the bridge away again; where somebody else has replaced a method since, that
 * one stays, and nothing more is recorded.
 */
export function installConsoleBridge(options: ConsoleBridgeOptions): () => void {
  const { mode, logger, printer, target = globalThis.console } = options;
  let active = true;
  let recording = false;

  function record(method: Method, args: readonly unknown[]): boolean {
    if (!active || recording || isTracingSuppressed(context.active())) return false;
    recording = true;
    try {
      const { severity } = METHODS[method];
      const severityNumber = SEVERITY_NUMBERS[severity];
      if (!logger.enabled({ severityNumber })) return false;
      logger.emit({
        severityNumber,
        severityText: severity,
        body: bodyOf(method, args),
        attributes: attributesOf(method, args),
      });
      return true;
    } catch {
      // Printing does not fail for the sake of a record.
      return false;
    } finally {
      recording = false;
    }
  }

  const restore = (Object.keys(METHODS) as Method[]).map((method) => {
    const original = target[method];
    const bridged: Print = (...args) => {
      // An assertion that holds says nothing.
      const recorded = !(method === "assert" && args[0]) && record(method, args);
      if (mode === "replace" && recorded) return;
      if (printer === undefined) Reflect.apply(original, target, args);
      else printer[method](...args);
    };
    Object.defineProperty(bridged, "name", { value: method });
    target[method] = bridged;
    return () => {
      if (target[method] === bridged) target[method] = original;
    };
  });
  return () => {
    active = false;
    for (const step of restore) step();
  };
}

function bodyOf(method: Method, args: readonly unknown[]): string {
  if (method === "trace" && args.length === 0) return "Trace";
  if (method !== "assert") return formatConsole(args);
  const [, first, ...rest] = args;
  if (args.length < 2) return "Assertion failed";
  return typeof first === "string"
    ? formatConsole([`Assertion failed: ${first}`, ...rest])
    : formatConsole(["Assertion failed:", first, ...rest]);
}

function attributesOf(method: Method, args: readonly unknown[]): AnyValueMap {
  const error = args.find((arg) => arg instanceof Error);
  return {
    [ATTR_LOG_IOSTREAM]: METHODS[method].stream,
    ...(method === "trace" && { [ATTR_CODE_STACKTRACE]: callerStack() }),
    ...(error !== undefined && exceptionAttributes(error)),
  };
}

/** The stack above the call of the console: without its heading and the bridge's own frames. */
function callerStack(): string {
  const frames = new Error().stack?.split("\n").slice(1) ?? [];
  return frames.filter((frame) => !frame.includes(import.meta.url)).join("\n");
}
