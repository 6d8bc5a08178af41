import {
  decodeTelemetry,
  encodeAnswer,
  type Encoding,
  encodingOf,
  gunzip,
  mediaTypes,
  noTelemetry,
  type Telemetry,
} from "./body.ts";
import type { Signal } from "./schema.ts";

/** One export request, as it came in and as it was answered. */
export interface ReceivedRequest {
  readonly signal: Signal;
  readonly encoding: Encoding;
  readonly headers: Headers;
  /** The body's size on the wire, before it was inflated. */
  readonly wireBytes: number;
  /** What the body held; nothing when it could not be decoded. */
  readonly telemetry: Telemetry;
  /** Why the body could not be decoded. */
  readonly problem: string | undefined;
  /** The status it was answered with; undefined as long as it has not been. */
  readonly status: number | undefined;
}

const SIGNALS: Readonly<Record<string, Signal>> = {
  "/v1/traces": "traces",
  "/v1/metrics": "metrics",
  "/v1/logs": "logs",
};

/** A request whose answer is still to come. */
export type OpenRequest = Omit<ReceivedRequest, "status"> & {
  status: number | undefined;
};

/**
 * Reads an export request.
 *
 * @returns The answer instead, when it is not one that can be read at all.
 */
export async function readRequest(
  request: Request,
): Promise<OpenRequest | Response> {
  const signal = SIGNALS[new URL(request.url).pathname];
  if (signal === undefined) return new Response(null, { status: 404 });
  if (request.method !== "POST") {
    return new Response(null, { status: 405, headers: { allow: "POST" } });
  }
  const encoding = encodingOf(request.headers.get("content-type"));
  const compression = request.headers.get("content-encoding") ?? "identity";
  if (encoding === undefined || !["gzip", "identity"].includes(compression)) {
    return new Response(null, { status: 415 });
  }
  const wire = new Uint8Array(await request.arrayBuffer());
  return {
    signal,
    encoding,
    headers: request.headers,
    wireBytes: wire.byteLength,
    status: undefined,
    ...await decode(
      compression === "gzip" ? gunzip(wire) : wire,
      signal,
      encoding,
    ),
  };
}

async function decode(
  body: Uint8Array | Promise<Uint8Array>,
  signal: Signal,
  encoding: Encoding,
): Promise<Pick<ReceivedRequest, "telemetry" | "problem">> {
  try {
    return {
      telemetry: decodeTelemetry(await body, signal, encoding),
      problem: undefined,
    };
  } catch (error) {
    return { telemetry: noTelemetry, problem: String(error) };
  }
}

/** An answer of the protocol's own kind, in the encoding of its request. */
export function protocolAnswer(
  encoding: Encoding,
  status: number,
  reason: string | undefined,
): Response {
  return new Response(encodeAnswer(encoding, reason), {
    status,
    headers: { "content-type": mediaTypes[encoding] },
  });
}
