import type { SeverityNumberConfigModel } from "@opentelemetry/configuration";
import type { Severity } from "../logs_schema.ts";
import { SEVERITIES } from "../names.ts";
import type { DiagnosticLevel } from "../schema.ts";
import { shownValue } from "./document.ts";
import type { FilePlace } from "./place.ts";

/** What is said when only so grave a matter is to be. Nothing that the SDK says is `fatal`. */
const DIAGNOSTIC_LEVELS: Readonly<Record<Severity, DiagnosticLevel>> = {
  trace: "verbose",
  debug: "debug",
  info: "info",
  warn: "warn",
  error: "error",
  fatal: "none",
};

/**
 * Reads a severity; the finer ones, such as `debug2`, count as the word before the digit.
 *
 * @param given What the file says.
 * @param place Where that stands.
 */
export function readSeverity(
  given: SeverityNumberConfigModel | undefined,
  place: FilePlace,
): Severity | undefined {
  if (given === undefined || given === null) return undefined;
  const word = given.replace(/\d$/, "");
  const severity = SEVERITIES.find((known) => known === word);
  if (severity === undefined) {
    return place.refuse(`${shownValue(given)}: expected one of ${SEVERITIES.join(", ")}`);
  }
  if (word !== given) place.warn(`${shownValue(given)} counts as ${shownValue(word)}`);
  return severity;
}

/**
 * Reads how much the SDK is to say of itself.
 *
 * @param given What the file says.
 * @param place Where that stands.
 */
export function readDiagnosticLevel(
  given: SeverityNumberConfigModel | undefined,
  place: FilePlace,
): DiagnosticLevel | undefined {
  const severity = readSeverity(given, place);
  return severity && DIAGNOSTIC_LEVELS[severity];
}
