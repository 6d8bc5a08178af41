import { SeverityNumber } from "@opentelemetry/api-logs";
import type { Severity } from "../config/logs_schema.ts";

/** The number of each severity in the data model of logs. */
export const SEVERITY_NUMBERS: Readonly<Record<Severity, SeverityNumber>> = {
  trace: SeverityNumber.TRACE,
  debug: SeverityNumber.DEBUG,
  info: SeverityNumber.INFO,
  warn: SeverityNumber.WARN,
  error: SeverityNumber.ERROR,
  fatal: SeverityNumber.FATAL,
};
