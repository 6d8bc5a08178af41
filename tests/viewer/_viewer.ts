import assert from "node:assert/strict";
import { startViewer, type Viewer, type ViewerOptions } from "../../viewer/mod.ts";
import type { TraceDetail } from "../../viewer/api/model.ts";

/** Starts a viewer on a free port; an error within it fails the test. */
export function startTestViewer(options: ViewerOptions = {}): Promise<Viewer> {
  return startViewer({
    port: 0,
    onError: (error) => {
      throw error;
    },
    ...options,
  });
}

export const TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
export const SPAN_ID = "b7ad6b7169203331";
/** When the made-up telemetry happened, in milliseconds. */
export const THEN = 1_700_000_000_000;

/** An attribute in OTLP's JSON. */
export function attribute(key: string, value: string | number | boolean): object {
  if (typeof value === "string") return { key, value: { stringValue: value } };
  if (typeof value === "boolean") return { key, value: { boolValue: value } };
  return { key, value: Number.isInteger(value) ? { intValue: value } : { doubleValue: value } };
}

/** A time in OTLP's JSON, so many milliseconds after {@linkcode THEN}. */
export function nanos(afterMillis: number): string {
  return String(BigInt(THEN + Math.floor(afterMillis)) * 1_000_000n);
}

/** What a made-up span is like; what is left out has a sensible value. */
export interface SpanShape {
  readonly traceId?: string;
  readonly spanId?: string;
  readonly parentSpanId?: string;
  readonly name?: string;
  readonly kind?: number;
  readonly at?: number;
  readonly lasts?: number;
  readonly status?: number;
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
}

/** A span in OTLP's JSON. */
export function span(shape: SpanShape = {}): object {
  const { at = 0, lasts = 10, status = 0, attributes = {}, ...rest } = shape;
  return {
    traceId: TRACE_ID,
    spanId: SPAN_ID,
    name: "GET /",
    kind: 2,
    startTimeUnixNano: nanos(at),
    endTimeUnixNano: nanos(at + lasts),
    attributes: Object.entries(attributes).map(([key, value]) => attribute(key, value)),
    status: { code: status },
    ...rest,
  };
}

/** A request to `/v1/traces`. */
export function tracesRequest(spans: readonly object[], service = "shop"): object {
  return {
    resourceSpans: [{
      resource: { attributes: [attribute("service.name", service)] },
      scopeSpans: [{ scope: { name: "test" }, spans }],
    }],
  };
}

/** A request to `/v1/logs`. */
export function logsRequest(logRecords: readonly object[], service = "shop"): object {
  return {
    resourceLogs: [{
      resource: { attributes: [attribute("service.name", service)] },
      scopeLogs: [{ scope: { name: "test" }, logRecords }],
    }],
  };
}

/** A request to `/v1/metrics`. */
export function metricsRequest(metrics: readonly object[], service = "shop"): object {
  return {
    resourceMetrics: [{
      resource: { attributes: [attribute("service.name", service)] },
      scopeMetrics: [{ scope: { name: "test" }, metrics }],
    }],
  };
}

/** Posts a request in JSON to the path that it is for, and demands that all of it is taken. */
export async function send(viewer: Viewer, request: object): Promise<void> {
  const signal = "resourceSpans" in request
    ? "traces"
    : "resourceLogs" in request
    ? "logs"
    : "metrics";
  const answer = await fetch(`${viewer.url}/v1/${signal}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(request),
  });
  assert.deepEqual([answer.status, await answer.json()], [200, {}]);
}

/** Asks the API, and demands an answer. */
export async function ask<Answer>(viewer: Viewer, path: string): Promise<Answer> {
  const answer = await fetch(viewer.url + path);
  const body = await answer.json();
  assert.equal(answer.status, 200, JSON.stringify(body));
  return body;
}

/** Asks the API for what it refuses. */
export async function askRefused(
  viewer: Viewer,
  path: string,
): Promise<{ readonly status: number; readonly message: string }> {
  const answer = await fetch(viewer.url + path);
  const { error } = await answer.json();
  assert.equal(answer.status, error.status);
  return error;
}

/** The whole of a trace. */
export function askTrace(viewer: Viewer, traceId: string = TRACE_ID): Promise<TraceDetail> {
  return ask(viewer, `/api/traces/${traceId}`);
}

/** An identifier made of a number. */
export function id(number: number, digits: 16 | 32 = 16): string {
  return number.toString(16).padStart(digits, "0");
}
