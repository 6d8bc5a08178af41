/** The levels, from the quietest matter to the gravest. */
export type LogLevel = "trace" | "debug" | "info" | "warn" | "error" | "fatal";

/** How grave each level is, by the severity numbers of OpenTelemetry's data model of logs. */
export const GRAVITY = {
  trace: 1,
  debug: 5,
  info: 9,
  warn: 13,
  error: 17,
  fatal: 21,
} as const satisfies Record<LogLevel, number>;
