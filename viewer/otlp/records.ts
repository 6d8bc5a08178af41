import type { Attribute, AttributeValue, MetricKind } from "../api/model.ts";
import type { Nanos } from "./nanos.ts";

/** A resource as it was sent. */
export interface ResourceRecord {
  readonly service: string;
  readonly attributes: readonly Attribute[];
  readonly schemaUrl: string;
}

/** A scope as it was sent. */
export interface ScopeRecord {
  readonly name: string;
  readonly version: string;
  readonly attributes: readonly Attribute[];
  readonly schemaUrl: string;
}

/** Items of one resource and scope, as one request holds them. */
export interface Batch<Item> {
  readonly resource: ResourceRecord;
  readonly scope: ScopeRecord;
  readonly items: readonly Item[];
}

/** A span: what lists and searches need at hand, and the rest as text. */
export interface SpanRecord {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for a root. */
  readonly parentSpanId: string;
  readonly name: string;
  /** By its number in OTLP, 0 to 5. */
  readonly kind: number;
  /** By its number in OTLP: 0 unset, 1 ok, 2 error. */
  readonly status: number;
  readonly start: Nanos;
  /** Never negative. */
  readonly durationMs: number;
  readonly endsBeforeStart: boolean;
  readonly http: HttpFacts | undefined;
  readonly peer: PeerFacts | undefined;
  readonly links: readonly LinkTarget[];
  /**
   * A {@linkcode SpanContent} as JSON. As one text it takes a fraction of what its objects would,
   * its size is known, and it can be searched without being parsed.
   */
  readonly content: string;
}

/** What the list of traces shows of a request. */
export interface HttpFacts {
  readonly method: string | undefined;
  readonly route: string | undefined;
  readonly status: number | undefined;
}

/** Whom a span talks to, when it is not a service that tells about itself. */
export interface PeerFacts {
  readonly kind: "database" | "queue" | "external";
  readonly name: string;
}

export interface LinkTarget {
  readonly traceId: string;
  readonly spanId: string;
}

/** What is kept of a span as text. Defaults are left out. */
export interface SpanContent {
  readonly attributes?: readonly Attribute[];
  readonly events?: readonly EventContent[];
  readonly links?: readonly LinkContent[];
  readonly statusMessage?: string;
  readonly traceState?: string;
  readonly flags?: number;
  readonly droppedAttributes?: number;
  readonly droppedEvents?: number;
  readonly droppedLinks?: number;
  /** The name, where the record holds it cut. */
  readonly name?: string;
}

export interface EventContent {
  readonly name: string;
  readonly time: readonly [millis: number, nanos: number];
  readonly attributes: readonly Attribute[];
  readonly droppedAttributes?: number;
}

export interface LinkContent extends LinkTarget {
  readonly attributes: readonly Attribute[];
  readonly traceState?: string;
  readonly flags?: number;
  readonly droppedAttributes?: number;
}

/** A log record: what lists and searches need at hand, and the rest as text. */
export interface LogRecord {
  /** When it happened, or else when it was observed. */
  readonly time: Nanos;
  readonly severityNumber: number;
  /** Empty for none, as the identifiers are. */
  readonly traceId: string;
  readonly spanId: string;
  /** A {@linkcode LogContent} as JSON. */
  readonly content: string;
}

export interface LogContent {
  /** When it was observed, where that was sent. */
  readonly observed?: readonly [millis: number, nanos: number];
  readonly body: AttributeValue;
  readonly attributes?: readonly Attribute[];
  readonly severityText?: string;
  readonly eventName?: string;
  readonly flags?: number;
  readonly droppedAttributes?: number;
}

/** A metric with its points. */
export interface MetricRecord {
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  readonly kind: MetricKind;
  readonly temporality: "unspecified" | "delta" | "cumulative";
  readonly points: readonly PointRecord[];
}

/** A point of any kind of metric. */
export interface PointRecord {
  readonly attributes: readonly Attribute[];
  /** Milliseconds since the epoch; 0 where it was not sent. */
  readonly start: number;
  readonly time: number;
  readonly value: NumberValue | HistogramValue | ExponentialValue | SummaryValue;
  readonly exemplars: readonly ExemplarRecord[];
}

export interface NumberValue {
  readonly type: "number";
  readonly number: number;
}

export interface HistogramValue {
  readonly type: "histogram";
  readonly count: number;
  readonly sum: number | undefined;
  readonly bounds: readonly number[];
  readonly counts: readonly number[];
}

export interface ExponentialValue {
  readonly type: "exponential";
  readonly count: number;
  readonly sum: number | undefined;
  readonly scale: number;
  readonly zeroCount: number;
  readonly positive: ExponentialBuckets;
  readonly negative: ExponentialBuckets;
}

export interface ExponentialBuckets {
  readonly offset: number;
  readonly counts: readonly number[];
}

export interface SummaryValue {
  readonly type: "summary";
  readonly count: number;
  readonly sum: number;
  readonly quantiles: readonly { readonly quantile: number; readonly value: number }[];
}

export interface ExemplarRecord {
  /** About what its attributes take. */
  readonly bytes: number;
  readonly time: number;
  readonly value: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes: readonly Attribute[];
}
