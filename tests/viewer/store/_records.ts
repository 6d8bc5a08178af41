import type { DecodedRequest } from "../../../viewer/otlp/request.ts";
import { readRequest } from "../../../viewer/otlp/request.ts";
import type { Message } from "../../../viewer/otlp/wire.ts";
import type { Signal } from "../../../viewer/api/model.ts";

/** Reads a request in OTLP's JSON as the receiver does. */
export function decode(signal: Signal, request: object): Promise<DecodedRequest> {
  return readRequest(JSON.parse(JSON.stringify(request)) as Message, signal);
}
