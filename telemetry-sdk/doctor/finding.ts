/**
 * How a check went. `problem`: telemetry does not work, or not as it was configured. `warning`: it works, and
 * there is something to look at. `skipped`: there was nothing to check, or no way to.
 */
export type FindingState = "ok" | "skipped" | "warning" | "problem";

/** What one check found. */
export interface Finding {
  /** What was checked, such as `api` or `traces`. */
  readonly check: string;
  readonly state: FindingState;
  /** What was found, in one sentence. */
  readonly message: string;
  /** What to do about it. */
  readonly advice?: string;
}

/** What a check found out, before it is known which check it was. */
export type Verdict = Omit<Finding, "check">;

/** All is well. */
export function ok(message: string): Verdict {
  return { state: "ok", message };
}

/** There was nothing to check, or no way to. */
export function skipped(message: string, advice?: string): Verdict {
  return { state: "skipped", message, ...(advice !== undefined && { advice }) };
}

/** It works, and there is something to look at. */
export function warning(message: string, advice?: string): Verdict {
  return { state: "warning", message, ...(advice !== undefined && { advice }) };
}

/** It does not work, or not as it was configured. */
export function problem(message: string, advice?: string): Verdict {
  return { state: "problem", message, ...(advice !== undefined && { advice }) };
}

/** The verdicts of one check. */
export function findings(check: string, ...verdicts: readonly Verdict[]): Finding[] {
  return verdicts.map((verdict) => ({ check, ...verdict }));
}
