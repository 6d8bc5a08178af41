import { Buffer } from "node:buffer";
import { requestTypes } from "../_otlp/schema.ts";

const TRACES_IN_BATCH = 64;
const SPANS_IN_TRACE = 8;

/** What the batch processor sends at most at once, unless told otherwise. */
export const SPANS_IN_BATCH = TRACES_IN_BATCH * SPANS_IN_TRACE;

/**
 * Makes batches of traces as a small shop's requests leave them: a SERVER span, its middleware, its
 * handler and what that asks of the database. One trace in fifty failed.
 *
 * @returns Gives a batch of traces that are all new, encoded as protobuf.
 */
export function traceBatches(): () => Uint8Array<ArrayBuffer> {
  const ids = Array.from({ length: TRACES_IN_BATCH }, () => randomBytes(16));
  const template = Buffer.from(encodeBatch(ids));
  const places = ids.map((id) => occurrences(template, id));
  return () => {
    const batch = new Uint8Array(template);
    for (const offsets of places) {
      const id = randomBytes(16);
      for (const offset of offsets) batch.set(id, offset);
    }
    return batch;
  };
}

function occurrences(bytes: Buffer, id: Uint8Array): number[] {
  const found: number[] = [];
  for (let at = bytes.indexOf(id); at >= 0; at = bytes.indexOf(id, at + 1)) found.push(at);
  return found;
}

function encodeBatch(ids: readonly Uint8Array[]): Uint8Array {
  const { traces } = requestTypes;
  return traces.encode(traces.fromObject({
    resourceSpans: [{
      resource: {
        attributes: attributes({
          "service.name": "shop",
          "service.instance.id": crypto.randomUUID(),
          "telemetry.sdk.name": "opentelemetry",
          "process.runtime.name": "deno",
          "host.name": "shop-1",
        }),
      },
      scopeSpans: [{
        scope: { name: "@echelon/framework", version: "0.1.0" },
        spans: ids.flatMap((traceId, index) => traceSpans(traceId, index % 50 === 0)),
      }],
    }],
  })).finish();
}

function traceSpans(traceId: Uint8Array, failed: boolean): unknown[] {
  const spanIds = Array.from({ length: SPANS_IN_TRACE }, () => randomBytes(8));
  const start = BigInt(Date.now()) * 1_000_000n;
  return spanIds.map((spanId, depth) => ({
    traceId,
    spanId,
    ...(depth > 0 && { parentSpanId: spanIds[depth - 1] }),
    name: depth === 0 ? "POST /orders" : depth < 4 ? "middleware.requestId" : "kv.get",
    kind: depth === 0 ? 2 : depth < 4 ? 1 : 3,
    startTimeUnixNano: `${start + BigInt(depth) * 100_000n}`,
    endTimeUnixNano: `${start + 10_000_000n - BigInt(depth) * 100_000n}`,
    attributes: depth === 0 ? SERVER : depth < 4 ? MIDDLEWARE : DATABASE,
    status: failed ? { code: 2, message: "The warehouse does not answer" } : {},
  }));
}

function attributes(values: Readonly<Record<string, string>>): unknown[] {
  return Object.entries(values).map(([key, stringValue]) => ({ key, value: { stringValue } }));
}

function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(length));
}

const SERVER = attributes({
  "http.request.method": "POST",
  "http.route": "/orders",
  "http.response.status_code": "201",
  "url.path": "/orders",
  "url.scheme": "http",
  "server.address": "shop.example",
  "client.address": "198.51.100.7",
  "network.peer.address": "10.0.0.7",
  "user_agent.original": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
});
const MIDDLEWARE = attributes({ "middleware.name": "requestId", "middleware.index": "0" });
const DATABASE = attributes({
  "db.system.name": "deno.kv",
  "db.operation.name": "get",
  "db.namespace": "shop",
  "db.collection.name": "order",
});
