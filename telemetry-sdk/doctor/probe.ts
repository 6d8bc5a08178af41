import type { OtlpProtocol } from "../config/schema.ts";
import type { ResolvedOtlp } from "../config/resolved.ts";
import { rootMessage, withinTime } from "./time_limit.ts";

/** What a receiver answered to an export with nothing in it. */
export interface Answer {
  readonly status: number;
  /** The media type, in small letters, without parameters; empty where there is none. */
  readonly type: string;
  /** Where it redirects to. */
  readonly location: string | undefined;
  /** Whether it is gRPC that answered. */
  readonly isGrpc: boolean;
  /** How far its clock is ahead of this one's, where it told. */
  readonly clockAheadMillis: number | undefined;
}

/** No answer came, and why. */
export interface NoAnswer {
  readonly failure: string;
}

/** The media types of OTLP over HTTP. */
export const MEDIA_TYPES: Readonly<Record<OtlpProtocol, string>> = {
  "http/protobuf": "application/x-protobuf",
  "http/json": "application/json",
};

/**
 * Sends an export with nothing in it, which a receiver has to take as well as any other, and looks at the whole
 * answer: an exporter tells no more of it than what failed.
 *
 * @param otlp Where to send.
 * @param protocol The encoding.
 * @param limitMillis The longest to wait.
 */
export async function probe(
  otlp: ResolvedOtlp,
  protocol: OtlpProtocol,
  limitMillis: number,
): Promise<Answer | NoAnswer> {
  const { endpoint, headers, certificate, clientKey, clientCertificate } = otlp;
  try {
    using client = Deno.createHttpClient({
      ...(certificate !== undefined && { caCerts: [certificate] }),
      ...(clientKey !== undefined && clientCertificate !== undefined &&
        { key: clientKey, cert: clientCertificate }),
    });
    return await withinTime(limitMillis, async (signal) => {
      const sent = Date.now();
      const response = await fetch(endpoint, {
        method: "POST",
        headers: { ...headers, "content-type": MEDIA_TYPES[protocol] },
        // Nothing at all is a message without fields in protobuf.
        body: protocol === "http/json" ? "{}" : new Uint8Array(),
        redirect: "manual",
        signal,
        client,
      });
      const middle = (sent + Date.now()) / 2;
      await response.body?.cancel();
      return readAnswer(response, middle);
    });
  } catch (error) {
    return { failure: rootMessage(error) };
  }
}

function readAnswer({ status, headers }: Response, answeredAt: number): Answer {
  const type = headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() ?? "";
  const date = Date.parse(headers.get("date") ?? "");
  return {
    status,
    type,
    location: headers.get("location") ?? undefined,
    isGrpc: type.startsWith("application/grpc") || headers.has("grpc-status"),
    clockAheadMillis: Number.isNaN(date) ? undefined : date - answeredAt,
  };
}
