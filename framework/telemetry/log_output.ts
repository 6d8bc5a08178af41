import { plainValue, shortened } from "./log_value.ts";
import type { LogRecord, LogSink } from "./logger.ts";

/** `json`: one object a line. `pretty`: for a person at a terminal. */
export type LogFormat = "json" | "pretty";

const RESERVED: ReadonlySet<string> = new Set([
  "time",
  "level",
  "message",
  "logger",
  "traceId",
  "spanId",
]);

/** How many fields of a record are written. */
const MAX_FIELDS = 256;

/**
 * A sink on standard output.
 *
 * @param format The form; `pretty` on a terminal and `json` elsewhere unless told.
 */
export function consoleSink(format?: LogFormat): LogSink {
  const formatRecord = (format ?? (Deno.stdout.isTerminal() ? "pretty" : "json")) === "json"
    ? formatJson
    : formatPretty;
  // deno-lint-ignore no-console
  return (record) => console.log(formatRecord(record));
}

/**
 * A record as one line of JSON. Fields stand beside the record's own keys; a field that has the
 * name of one of those is written as `fields.{name}`.
 */
export function formatJson(record: LogRecord): string {
  const { fields, time, level, message, ...own } = record;
  const line: Record<string, unknown> = {
    time: time.toISOString(),
    level,
    message: shortened(String(message)),
    ...own,
  };
  for (const [key, value] of Object.entries(fields).slice(0, MAX_FIELDS)) {
    line[RESERVED.has(key) ? `fields.${key}` : key] = plainValue(value);
  }
  return JSON.stringify(line);
}

/** A record for a person: time, level, message, fields, and the trace it belongs to. */
export function formatPretty(record: LogRecord): string {
  const { fields, time, level, message, logger, traceId } = record;
  const name = logger === undefined ? "" : ` ${visible(logger)}:`;
  const pairs = Object.entries(fields).slice(0, MAX_FIELDS)
    .map(([key, value]) => ` ${visible(key)}=${JSON.stringify(plainValue(value))}`)
    .join("");
  const trace = traceId === undefined ? "" : ` trace=${traceId}`;
  const words = visible(shortened(String(message)));
  return `${time.toISOString()} ${level.toUpperCase().padEnd(5)}${name} ${words}${pairs}${trace}`;
}

/** Text from outside must not begin a line of its own, nor move the terminal's cursor. */
function visible(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, (control) => {
    const escaped = JSON.stringify(control).slice(1, -1);
    return escaped === control
      ? `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`
      : escaped;
  });
}
