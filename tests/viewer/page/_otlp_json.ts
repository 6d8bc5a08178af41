/** A value of an attribute in OTLP's JSON form. */
export type Value = string | number | boolean | readonly string[];

/** Attributes by their keys. */
export type Values = Readonly<Record<string, Value>>;

/** Attributes as OTLP's JSON has them. */
export function attributes(values: Values): { key: string; value: unknown }[] {
  return Object.entries(values).map(([key, value]) => ({ key, value: anyValue(value) }));
}

/** One value as OTLP's JSON has it. */
export function anyValue(value: Value): unknown {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number") {
    return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  }
  return { arrayValue: { values: value.map(anyValue) } };
}

/** Milliseconds since the epoch as nanoseconds in decimal digits. */
export function nanos(ms: number): string {
  const whole = Math.floor(ms);
  return String(BigInt(whole) * 1_000_000n + BigInt(Math.round((ms - whole) * 1e6)));
}

/** The numbers of the kinds of spans. */
export const KINDS = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 } as const;

/** A span to be sent; times are milliseconds since the epoch. */
export interface SentSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string | undefined;
  readonly name: string;
  readonly kind?: keyof typeof KINDS;
  readonly start: number;
  readonly end: number;
  readonly attributes?: Values;
  readonly events?: readonly { name: string; time: number; attributes?: Values }[];
  readonly links?: readonly { traceId: string; spanId: string; attributes?: Values }[];
  /** The message of an error; with it, the span has failed. */
  readonly error?: string;
}

/** A request to `/v1/traces`. */
export function traceRequest(resource: Values, spans: readonly SentSpan[]): unknown {
  return {
    resourceSpans: [{
      resource: { attributes: attributes(resource) },
      scopeSpans: [{ scope: SCOPE, spans: spans.map(spanOf) }],
    }],
  };
}

const SCOPE = { name: "@echelon/framework", version: "0.1.0" };

function spanOf(span: SentSpan): unknown {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    ...(span.parentSpanId !== undefined && { parentSpanId: span.parentSpanId }),
    name: span.name,
    kind: KINDS[span.kind ?? "internal"],
    startTimeUnixNano: nanos(span.start),
    endTimeUnixNano: nanos(span.end),
    attributes: attributes(span.attributes ?? {}),
    events: span.events?.map(({ name, time, attributes: values }) => ({
      name,
      timeUnixNano: nanos(time),
      attributes: attributes(values ?? {}),
    })),
    links: span.links?.map(({ attributes: values, ...link }) => ({
      ...link,
      attributes: attributes(values ?? {}),
    })),
    status: span.error === undefined ? {} : { code: 2, message: span.error },
  };
}

/** A log to be sent. */
export interface SentLog {
  readonly time: number;
  readonly severity: number;
  readonly body: string;
  readonly attributes?: Values;
  readonly traceId?: string | undefined;
  readonly spanId?: string | undefined;
}

/** A request to `/v1/logs`. */
export function logRequest(resource: Values, logs: readonly SentLog[]): unknown {
  return {
    resourceLogs: [{
      resource: { attributes: attributes(resource) },
      scopeLogs: [{
        scope: SCOPE,
        logRecords: logs.map(({ time, severity, body, attributes: values, traceId, spanId }) => ({
          timeUnixNano: nanos(time),
          severityNumber: severity,
          body: { stringValue: body },
          attributes: attributes(values ?? {}),
          ...(traceId !== undefined && { traceId, spanId }),
        })),
      }],
    }],
  };
}

/** A metric to be sent, with all its points. */
export interface SentMetric {
  readonly name: string;
  readonly unit: string;
  readonly description?: string;
  readonly type: "counter" | "upDownCounter" | "gauge" | "histogram";
  readonly points: readonly SentPoint[];
  /** Of a histogram. */
  readonly bounds?: readonly number[];
}

/** One point: a value, or the counts of a histogram's buckets. */
export interface SentPoint {
  readonly start: number;
  readonly time: number;
  readonly attributes?: Values;
  readonly value?: number;
  readonly counts?: readonly number[];
  readonly sum?: number;
  readonly exemplar?: { value: number; time: number; traceId: string; spanId: string };
}

const CUMULATIVE = 2;

/** A request to `/v1/metrics`. */
export function metricRequest(resource: Values, metrics: readonly SentMetric[]): unknown {
  return {
    resourceMetrics: [{
      resource: { attributes: attributes(resource) },
      scopeMetrics: [{ scope: SCOPE, metrics: metrics.map(metricOf) }],
    }],
  };
}

function metricOf({ name, unit, description = "", type, points, bounds }: SentMetric): unknown {
  const dataPoints = points.map((point) => ({
    startTimeUnixNano: nanos(point.start),
    timeUnixNano: nanos(point.time),
    attributes: attributes(point.attributes ?? {}),
    ...(point.exemplar !== undefined && {
      exemplars: [{
        timeUnixNano: nanos(point.exemplar.time),
        asDouble: point.exemplar.value,
        traceId: point.exemplar.traceId,
        spanId: point.exemplar.spanId,
      }],
    }),
    ...(point.counts === undefined ? { asDouble: point.value ?? 0 } : {
      count: String(point.counts.reduce((sum, count) => sum + count, 0)),
      sum: point.sum ?? 0,
      bucketCounts: point.counts.map(String),
      explicitBounds: bounds,
    }),
  }));
  const head = { name, unit, description };
  if (type === "gauge") return { ...head, gauge: { dataPoints } };
  if (type === "histogram") {
    return { ...head, histogram: { aggregationTemporality: CUMULATIVE, dataPoints } };
  }
  const isMonotonic = type === "counter";
  return { ...head, sum: { aggregationTemporality: CUMULATIVE, isMonotonic, dataPoints } };
}

/** Sends a request of OTLP JSON. */
export async function send(
  url: string,
  signal: "traces" | "metrics" | "logs",
  request: unknown,
): Promise<void> {
  const response = await fetch(new URL(`/v1/${signal}`, url), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(request),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`The viewer answered ${response.status}: ${text}`);
}
