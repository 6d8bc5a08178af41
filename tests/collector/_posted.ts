import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { Signal } from "../_otlp/schema.ts";

/** A value of an attribute that these tests send. */
type Value = string | number;

/** A span to send; what is left out is a fast INTERNAL root that went well. */
export interface PostedSpan {
  readonly traceId: string;
  readonly spanId?: string;
  readonly parentSpanId?: string;
  readonly name?: string;
  readonly kind?: "INTERNAL" | "SERVER" | "CLIENT";
  readonly durationMillis?: number;
  readonly error?: string;
  readonly attributes?: Readonly<Record<string, Value>>;
  readonly events?: readonly {
    readonly name: string;
    readonly attributes: Record<string, Value>;
  }[];
}

/** A log record to send. */
export interface PostedLog {
  readonly body: string;
  readonly traceId?: string;
  readonly spanId?: string;
  readonly attributes?: Readonly<Record<string, Value>>;
}

const KINDS = { INTERNAL: 1, SERVER: 2, CLIENT: 3 } as const;
const scope = { name: "posted" };

/** An id of 32 digits that is the same for the same number in each run, and spread like a real one. */
export function traceId(number: number): string {
  return createHash("sha256").update(`trace ${number}`).digest("hex").slice(0, 32);
}

/** An id of 16 digits, likewise. */
export function spanId(number: number): string {
  return createHash("sha256").update(`span ${number}`).digest("hex").slice(0, 16);
}

/** Sends spans in one request. */
export async function postSpans(
  url: string,
  spans: readonly PostedSpan[],
  { service = "posted" }: { readonly service?: string } = {},
): Promise<void> {
  await post(url, "traces", {
    resourceSpans: [{
      resource: resource(service),
      scopeSpans: [{ scope, spans: spans.map(toSpan) }],
    }],
  });
}

/** Sends log records in one request. */
export async function postLogs(
  url: string,
  logs: readonly PostedLog[],
  { service = "posted" }: { readonly service?: string } = {},
): Promise<void> {
  await post(url, "logs", {
    resourceLogs: [{
      resource: resource(service),
      scopeLogs: [{
        scope,
        logRecords: logs.map(({ body, attributes, ...ids }) => ({
          ...ids,
          timeUnixNano: nanoseconds(Date.now()),
          severityNumber: 9,
          body: { stringValue: body },
          attributes: toAttributes(attributes),
        })),
      }],
    }],
  });
}

/** Sends one sum with one point. */
export async function postCounter(
  url: string,
  name: string,
  attributes: Readonly<Record<string, Value>> = {},
): Promise<void> {
  const time = nanoseconds(Date.now());
  const point = { timeUnixNano: time, startTimeUnixNano: time, asInt: "1" };
  await post(url, "metrics", {
    resourceMetrics: [{
      resource: resource("posted"),
      scopeMetrics: [{
        scope,
        metrics: [{
          name,
          sum: {
            aggregationTemporality: 2,
            isMonotonic: true,
            dataPoints: [{ ...point, attributes: toAttributes(attributes) }],
          },
        }],
      }],
    }],
  });
}

async function post(url: string, signal: Signal, body: unknown): Promise<void> {
  const response = await fetch(`${url}/v1/${signal}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  assert.equal(`${response.status} ${await response.text()}`, `200 {"partialSuccess":{}}`);
}

function toSpan(span: PostedSpan): unknown {
  const { durationMillis = 1, kind = "INTERNAL", error, events = [] } = span;
  const start = Date.now() - durationMillis;
  return {
    traceId: span.traceId,
    spanId: span.spanId ?? spanId(1),
    parentSpanId: span.parentSpanId ?? "",
    name: span.name ?? "work",
    kind: KINDS[kind],
    startTimeUnixNano: nanoseconds(start),
    endTimeUnixNano: nanoseconds(start + durationMillis),
    attributes: toAttributes(span.attributes),
    events: events.map(({ name, attributes }) => ({
      name,
      timeUnixNano: nanoseconds(start),
      attributes: toAttributes(attributes),
    })),
    status: error === undefined ? {} : { code: 2, message: error },
  };
}

function resource(service: string): unknown {
  return { attributes: toAttributes({ "service.name": service }) };
}

function toAttributes(attributes: Readonly<Record<string, Value>> = {}): unknown[] {
  return Object.entries(attributes).map(([key, value]) => ({
    key,
    value: typeof value === "number" ? { doubleValue: value } : { stringValue: value },
  }));
}

function nanoseconds(millis: number): string {
  return `${BigInt(Math.round(millis)) * 1_000_000n}`;
}
