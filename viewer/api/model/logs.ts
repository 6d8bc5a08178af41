import type { Attribute, AttributeValue } from "./attributes.ts";

export interface LogEntry {
  /** Unique among the logs that are kept. */
  readonly id: string;
  /** When it happened; when it was observed, where the sender did not say. */
  readonly time: number;
  /** 1 to 24 as the standard counts (9 is info, 13 warn, 17 error); 0 where it was not said. */
  readonly severityNumber: number;
  readonly severityText?: string;
  readonly eventName?: string;
  readonly body: AttributeValue;
  readonly attributes: readonly Attribute[];
  readonly droppedAttributes?: number;
  readonly service: string;
  readonly resourceId: string;
  readonly scope: string;
  readonly traceId?: string;
  readonly spanId?: string;
  /** Whether the trace is kept here. */
  readonly traceKnown?: boolean;
  /** False when long values were cut: `GET /api/logs/{id}` gives them all. */
  readonly whole: boolean;
}

/**
 * `GET /api/logs`: the newest by arrival first.
 *
 * Query: `q` (text in the body, the event's name or an attribute), `service`, `severity` (the least
 * number), `traceId`, `spanId`, `from` and `to` (times), `limit` (1 to 1000, 200 unless given),
 * `before`.
 */
export interface LogPage {
  readonly logs: readonly LogEntry[];
  readonly next?: string;
  /** How many logs are kept, whatever the filter. */
  readonly total: number;
  readonly complete: boolean;
}
