import protobuf from "protobufjs";
import type { Received } from "./_collector.ts";

const root = protobuf.parse(`
  syntax = "proto3";
  message Request { repeated ResourceSpans resource_spans = 1; }
  message ResourceSpans { repeated ScopeSpans scope_spans = 2; }
  message ScopeSpans { repeated Span spans = 2; }
  message Span { string name = 5; }
`).root;
const RequestType = root.lookupType("Request");

interface DecodedRequest {
  readonly resourceSpans?: readonly {
    readonly scopeSpans?: readonly { readonly spans?: readonly { name: string }[] }[];
  }[];
}

/** The names of the spans in one request, of either encoding. */
export function decodeSpanNames({ headers, body }: Received): string[] {
  const decoded: DecodedRequest = headers.get("content-type") === "application/json"
    ? JSON.parse(new TextDecoder().decode(body))
    : RequestType.toObject(RequestType.decode(body));
  return (decoded.resourceSpans ?? []).flatMap(({ scopeSpans }) =>
    (scopeSpans ?? []).flatMap(({ spans }) => (spans ?? []).map(({ name }) => name))
  );
}
