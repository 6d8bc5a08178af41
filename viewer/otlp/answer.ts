import { Writer } from "protobufjs/minimal";
import type { Signal } from "../api/model.ts";
import type { Encoding } from "./request.ts";

const MEDIA_TYPES: Readonly<Record<Encoding, string>> = {
  json: "application/json",
  protobuf: "application/x-protobuf",
};

/** The encoding that a `Content-Type` header names, whatever parameters follow it. */
export function encodingOf(contentType: string | null): Encoding | undefined {
  const mediaType = contentType?.split(";", 1)[0]?.trim().toLowerCase();
  if (mediaType === MEDIA_TYPES.json) return "json";
  return mediaType === MEDIA_TYPES.protobuf ? "protobuf" : undefined;
}

const REJECTED: Readonly<Record<Signal, string>> = {
  traces: "rejectedSpans",
  metrics: "rejectedDataPoints",
  logs: "rejectedLogRecords",
};

/** The length-delimited field 1, where the export responses have their partial success. */
const PARTIAL_SUCCESS_TAG = 1 << 3 | 2;
const REJECTED_TAG = 1 << 3;
/** `error_message`, and `message` in google.rpc.Status. */
const MESSAGE_TAG = 2 << 3 | 2;
const CODE_TAG = 1 << 3;

/**
 * A 200: empty when all was taken, and else how many items were not and why.
 *
 * @param encoding That of the request, as the protocol demands.
 * @param signal What kind of request it was.
 * @param refused The items that were not taken.
 */
export function successAnswer(
  encoding: Encoding,
  signal: Signal,
  { refused, problem }: { readonly refused: number; readonly problem: string | undefined },
): Response {
  if (encoding === "json") {
    const partialSuccess = { [REJECTED[signal]]: String(refused), errorMessage: problem ?? "" };
    return answer(encoding, 200, JSON.stringify(refused === 0 ? {} : { partialSuccess }));
  }
  const writer = Writer.create();
  if (refused > 0) {
    writer.uint32(PARTIAL_SUCCESS_TAG).fork();
    writer.uint32(REJECTED_TAG).int64(refused);
    writer.uint32(MESSAGE_TAG).string(problem ?? "").ldelim();
  }
  return answer(encoding, 200, new Uint8Array(writer.finish()));
}

/** The codes of google.rpc.Code that say the same as a status of HTTP; 2 is UNKNOWN. */
const RPC_CODES: Readonly<Record<number, number>> = { 400: 3, 413: 8, 415: 3, 503: 14 };

/** An answer that is no success: google.rpc.Status in the encoding of the request. */
export function failureAnswer(encoding: Encoding, status: number, message: string): Response {
  const code = RPC_CODES[status] ?? 2;
  if (encoding === "json") return answer(encoding, status, JSON.stringify({ code, message }));
  const writer = Writer.create();
  writer.uint32(CODE_TAG).int32(code).uint32(MESSAGE_TAG).string(message);
  return answer(encoding, status, new Uint8Array(writer.finish()));
}

function answer(
  encoding: Encoding,
  status: number,
  body: string | Uint8Array<ArrayBuffer>,
): Response {
  const headers = new Headers({ "content-type": MEDIA_TYPES[encoding] });
  if (status === 503) headers.set("retry-after", "1");
  return new Response(body, { status, headers });
}
