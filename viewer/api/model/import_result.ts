/**
 * `POST /api/import`: OTLP JSON, one request in the body or one per line; any mix of signals.
 * `content-type: application/json`, also for lines.
 */
export interface ImportResult {
  readonly spans: number;
  readonly logs: number;
  readonly points: number;
  readonly refused: number;
  /** At most 10, each with its line. */
  readonly problems: readonly string[];
}
