import type { ExportResponse } from "@opentelemetry/otlp-exporter-base";
import { BatchTooLargeError } from "../batch/batch_too_large_error.ts";
import { redactedText } from "../config/endpoint.ts";
import { parseRetryAfter } from "./retry.ts";

/** What the protocol allows a response to hold (protocol/exporter.md). */
const MAX_RESPONSE_BYTES = 4 * 1024 * 1024;
/** The statuses after which the same data may be sent again (OTLP/HTTP, "Retryable Response Codes"). */
const RETRYABLE: ReadonlySet<number> = new Set([429, 502, 503, 504]);
const PAYLOAD_TOO_LARGE = 413;
const EXCERPT_CHARACTERS = 200;

/**
 * Turns a response into the outcome of an attempt. The body is read whole or cancelled in every case: a body
 * left open holds its connection.
 *
 * @param response The receiver's response.
 * @param contentType The media type that was sent, in which the answer is expected.
 */
export async function readResponse(
  response: Response,
  contentType: string,
): Promise<ExportResponse> {
  const body = await readBounded(response).catch((error) => {
    // With a 2xx the data was taken: what is wrong with the answer is no reason to send it again.
    if (response.ok) return new Uint8Array();
    throw error;
  });
  const type = response.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() ?? "";
  if (response.ok) return readSuccess({ status: response.status, type, body }, contentType);

  if (response.status >= 300 && response.status < 400) {
    const location = redactedText(response.headers.get("location") ?? "elsewhere");
    return failure(`the receiver redirects to ${location}: configure the address it really has`);
  }
  const excerpt = readable(type, body);
  const problem = `the receiver answered ${response.status}${excerpt === "" ? "" : `: ${excerpt}`}`;
  const error = response.status === PAYLOAD_TOO_LARGE
    ? new BatchTooLargeError(problem)
    : new Error(problem);
  if (!RETRYABLE.has(response.status)) return { status: "failure", error };
  const retryInMillis = parseRetryAfter(response.headers.get("retry-after"), Date.now());
  return { status: "retryable", error, ...(retryInMillis === undefined ? {} : { retryInMillis }) };
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: Uint8Array | undefined;
}

function readSuccess({ status, type, body }: Answer, contentType: string): ExportResponse {
  if (body === undefined) {
    return failure(`the receiver answered with more than ${MAX_RESPONSE_BYTES} bytes`);
  }
  if (body.length === 0 || type === "") return { status: "success" };
  if (type === contentType) return { status: "success", data: body };
  // A page is what a wrong address answers with. A collector may well answer in another encoding, or
  // in a word; its details are lost then, the data is not.
  return type === "text/html"
    ? failure(`the address answered ${status} with ${type}, so it is not an OTLP receiver`)
    : { status: "success" };
}

function failure(message: string): ExportResponse {
  return { status: "failure", error: new Error(message) };
}

/** The body, or `undefined` when it is longer than the protocol allows. */
async function readBounded(response: Response): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  // Leaving the loop early cancels the stream.
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > MAX_RESPONSE_BYTES) return undefined;
    chunks.push(chunk);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

/** The beginning of a body in one line, where it is text; protobuf is left out. */
function readable(type: string, body: Uint8Array | undefined): string {
  if (body === undefined || !/^(text\/|application\/json)/.test(type)) return "";
  const text = new TextDecoder().decode(body.subarray(0, EXCERPT_CHARACTERS * 4));
  return text.replaceAll(/[\s\p{C}]+/gu, " ").trim().slice(0, EXCERPT_CHARACTERS);
}
