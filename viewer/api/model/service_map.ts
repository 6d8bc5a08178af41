/**
 * `GET /api/service-map`: who calls whom, as the newest traces show it.
 *
 * Query: `from`, `to` (times).
 */
export interface ServiceMap {
  readonly nodes: readonly ServiceNode[];
  readonly edges: readonly ServiceEdge[];
  /** How many traces it was made from. */
  readonly traces: number;
  /** False when there were more traces than were looked at. */
  readonly complete: boolean;
  /** The time that those traces span, to make a rate of a count. */
  readonly from: number;
  readonly to: number;
}

export interface ServiceNode {
  readonly id: string;
  readonly name: string;
  /** All but "service" are known only by those that call them. */
  readonly kind: "service" | "database" | "queue" | "external";
  /** Entries into it: SERVER and CONSUMER spans, and roots; calls to it for the other kinds. */
  readonly count: number;
  readonly errorCount: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

export interface ServiceEdge {
  /** The `id` of a node; the same as `to` for a service that calls itself. */
  readonly from: string;
  readonly to: string;
  readonly count: number;
  readonly errorCount: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}
