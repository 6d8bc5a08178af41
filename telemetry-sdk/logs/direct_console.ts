import { writeLine } from "../lifecycle/write_line.ts";
import { formatConsole } from "./console_format.ts";

/** A method of a console. */
export type Print = (...args: unknown[]) => void;

/**
 * Whether Deno itself makes log records of the console, or keeps it from printing. It does so by
 * `OTEL_DENO_CONSOLE` alone, even where its telemetry is off.
 *
 * @param read Gives the value of a variable.
 */
export function isConsoleTaken(read: (name: string) => string | undefined): boolean {
  const mode = read("OTEL_DENO_CONSOLE");
  return mode === "capture" || mode === "replace";
}

/** A console that prints to the process's streams itself. */
export function directConsole() {
  const stdout: Print = (...args) => writeLine(Deno.stdout, formatConsole(args));
  const stderr: Print = (...args) => writeLine(Deno.stderr, formatConsole(args));
  return {
    debug: stdout,
    log: stdout,
    info: stdout,
    warn: stderr,
    error: stderr,
    trace: (...args: unknown[]) => stderr(...(args.length === 0 ? ["Trace"] : args)),
    assert(condition: unknown, ...args: unknown[]) {
      if (!condition) stderr(`Assertion failed${args.length === 0 ? "" : ":"}`, ...args);
    },
  };
}
