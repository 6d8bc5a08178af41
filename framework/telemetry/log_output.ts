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

/** How deep nested fields are written; what lies deeper is named by its type. */
const MAX_DEPTH = 8;

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
  const { fields, time, ...own } = record;
  const line: Record<string, unknown> = { time: time.toISOString(), ...own };
  for (const [key, value] of Object.entries(fields)) {
    line[RESERVED.has(key) ? `fields.${key}` : key] = plain(value, []);
  }
  return JSON.stringify(line);
}

/** A record for a person: time, level, message, fields, and the trace it belongs to. */
export function formatPretty(record: LogRecord): string {
  const { fields, time, level, message, logger, traceId } = record;
  const name = logger === undefined ? "" : ` ${logger}:`;
  const pairs = Object.entries(fields)
    .map(([key, value]) => ` ${key}=${JSON.stringify(plain(value, []))}`)
    .join("");
  const trace = traceId === undefined ? "" : ` trace=${traceId}`;
  return `${time.toISOString()} ${level.toUpperCase().padEnd(5)}${name} ${message}${pairs}${trace}`;
}

/** A value as JSON can hold it: nothing that a caller passes makes the logger throw. */
function plain(value: unknown, above: readonly object[]): unknown {
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "function" || typeof value === "symbol") {
    return String(value);
  }
  if (typeof value === "number" && !Number.isFinite(value)) {
    return String(value);
  }
  if (typeof value !== "object" || value === null) return value;
  if (above.includes(value)) return "[circular]";
  if (above.length >= MAX_DEPTH) {
    return `[${value.constructor?.name ?? "object"}]`;
  }
  const path = [...above, value];
  if (value instanceof Date) {
    return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toJSON();
  }
  if (value instanceof Error) return plainError(value, path);
  if (value instanceof Map) return plain(Object.fromEntries(value), path);
  if (Array.isArray(value) || value instanceof Set) {
    return Array.from(value, (item) => plain(item, path));
  }
  return plainEntries(
    Object.keys(value),
    value as Record<string, unknown>,
    path,
  );
}

function plainError(error: Error, path: readonly object[]): unknown {
  const { name, message, stack, cause } = error;
  const rest = plainEntries(Object.keys(error), { ...error }, path);
  return {
    name,
    message,
    stack,
    ...rest,
    ...(cause === undefined ? {} : { cause: plain(cause, path) }),
  };
}

function plainEntries(
  keys: readonly string[],
  source: Readonly<Record<string, unknown>>,
  path: readonly object[],
): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const key of keys) {
    try {
      result[key] = plain(source[key], path);
    } catch (error) {
      result[key] = `[threw ${error instanceof Error ? error.message : String(error)}]`;
    }
  }
  return result;
}
