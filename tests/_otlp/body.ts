import { readLogs, type ReceivedLog } from "./logs.ts";
import { readMetrics, type ReceivedMetric } from "./metrics.ts";
import { errorStatusType, requestTypes, type Signal } from "./schema.ts";
import { readSpans, type ReceivedSpan } from "./spans.ts";

/** The two encodings of OTLP over HTTP. */
export type Encoding = "json" | "protobuf";

/** The media type of each encoding, of a request as of its answer. */
export const mediaTypes: Readonly<Record<Encoding, string>> = {
  json: "application/json",
  protobuf: "application/x-protobuf",
};

/** What one request carried: the records of its signal, and none of the others. */
export interface Telemetry {
  readonly spans: readonly ReceivedSpan[];
  readonly metrics: readonly ReceivedMetric[];
  readonly logs: readonly ReceivedLog[];
}

/** What a request carries that could not be decoded. */
export const noTelemetry: Telemetry = { spans: [], metrics: [], logs: [] };

/** The encoding that a `Content-Type` header names, whatever parameters follow it. */
export function encodingOf(contentType: string | null): Encoding | undefined {
  const mediaType = contentType?.split(";", 1)[0]?.trim().toLowerCase();
  if (mediaType === mediaTypes.json) return "json";
  if (mediaType === mediaTypes.protobuf) return "protobuf";
  return undefined;
}

/** Undoes `Content-Encoding: gzip`. */
export async function gunzip(
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const inflated = new Blob([bytes]).stream().pipeThrough(
    new DecompressionStream("gzip"),
  );
  return new Uint8Array(await new Response(inflated).arrayBuffer());
}

/**
 * Decodes the body of an export request.
 *
 * @throws {Error} When the body is not what the protocol describes.
 */
export function decodeTelemetry(
  bytes: Uint8Array,
  signal: Signal,
  encoding: Encoding,
): Telemetry {
  const body = encoding === "json"
    ? JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes))
    : decodeProtobuf(bytes, signal);
  switch (signal) {
    case "traces":
      return { ...noTelemetry, spans: readSpans(body) };
    case "metrics":
      return { ...noTelemetry, metrics: readMetrics(body) };
    case "logs":
      return { ...noTelemetry, logs: readLogs(body) };
  }
}

function decodeProtobuf(bytes: Uint8Array, signal: Signal): unknown {
  const type = requestTypes[signal];
  return type.toObject(type.decode(bytes), { longs: BigInt });
}

/** The body of an answer in the encoding of its request: empty for a success, else the reason. */
export function encodeAnswer(
  encoding: Encoding,
  reason: string | undefined,
): Uint8Array<ArrayBuffer> {
  const content = reason === undefined ? {} : { message: reason };
  return encoding === "json"
    ? new TextEncoder().encode(JSON.stringify(content))
    : new Uint8Array(errorStatusType.encode(content).finish());
}
