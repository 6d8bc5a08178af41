import { type ExportResult, ExportResultCode } from "@opentelemetry/core";
import { BatchTooLargeError } from "./batch_too_large_error.ts";

/** How one call of an exporter ended. */
export type ExportOutcome = "delivered" | "failed" | "too_large" | "threw";

/** An export under way. */
export interface ExportAttempt {
  /** How it ends; never rejects. */
  readonly outcome: Promise<ExportOutcome>;
  /** Takes it for failed now, whatever the exporter says later. */
  readonly stop: () => void;
}

/**
 * Calls an exporter and waits for its word, or for the timeout.
 *
 * @param send Calls the exporter.
 * @param timeoutMillis The longest that it may take; 0 means no limit.
 */
export function exportOnce(
  send: (done: (result: ExportResult) => void) => void,
  timeoutMillis: number,
): ExportAttempt {
  const { promise: outcome, resolve } = Promise.withResolvers<ExportOutcome>();
  const timer = timeoutMillis > 0 ? setTimeout(() => resolve("failed"), timeoutMillis) : undefined;
  if (timer !== undefined) Deno.unrefTimer(timer);
  const settle = (end: ExportOutcome) => {
    clearTimeout(timer);
    resolve(end);
  };
  try {
    send(({ code, error }) => {
      if (code === ExportResultCode.SUCCESS) settle("delivered");
      else settle(error instanceof BatchTooLargeError ? "too_large" : "failed");
    });
  } catch {
    settle("threw");
  }
  return { outcome, stop: () => settle("failed") };
}
