import type { Attributes } from "@opentelemetry/api";
import {
  ATTR_CLIENT_ADDRESS,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_REQUEST_METHOD_ORIGINAL,
  ATTR_HTTP_ROUTE,
  ATTR_NETWORK_PEER_ADDRESS,
  ATTR_NETWORK_PEER_PORT,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_URL_PATH,
  ATTR_URL_QUERY,
  ATTR_URL_SCHEME,
  ATTR_USER_AGENT_ORIGINAL,
} from "./attributes.ts";
import type { Redaction } from "./redaction.ts";

/** What the conventions call a known method; any other becomes `_OTHER`, to keep the values few. */
const KNOWN_METHODS: ReadonlySet<string> = new Set([
  "CONNECT",
  "DELETE",
  "GET",
  "HEAD",
  "OPTIONS",
  "PATCH",
  "POST",
  "PUT",
  "QUERY",
  "TRACE",
]);

/** The port that a scheme stands for where none is named. */
export const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  http: 80,
  https: 443,
};

/** What telemetry says of a request before it is served. */
export interface ServerRequest {
  /** The request as the runtime gave it. */
  readonly request: Request;
  /** The pattern of the route that matched, with every mount's prefix. */
  readonly route: string | undefined;
  /** The scheme the client used: `http` or `https`. */
  readonly scheme: string;
  /** The path, percent-encoded. */
  readonly path: string;
  /** The query without `?`. */
  readonly query: string;
  /** The host that the client asked for. */
  readonly host: string;
  /** Its port, where the client named one. */
  readonly port: number | undefined;
  /** The client's address: the peer's, or the first hop's behind a trusted proxy. */
  readonly clientAddress: string | undefined;
  /** The other end of the connection. */
  readonly peer:
    | { readonly hostname: string; readonly port: number }
    | undefined;
  /** What of it may be told; the usual unless told. */
  readonly redaction?: Redaction | undefined;
}

/** The method as the conventions count it: itself where known, else `_OTHER`. */
export function requestMethod(method: string): string {
  return KNOWN_METHODS.has(method) ? method : "_OTHER";
}

/** A SERVER span's name: `{method} {route}`, `{method}` with no route, `HTTP` for an unknown method. */
export function serverSpanName(
  method: string,
  route: string | undefined,
): string {
  const verb = methodName(method);
  return route === undefined ? verb : `${verb} ${route}`;
}

/** A method as a span is named after it: `HTTP` for an unknown one. */
export function methodName(method: string): string {
  return KNOWN_METHODS.has(method) ? method : "HTTP";
}

/** The method as a span's attributes tell it: the original beside `_OTHER`. */
export function methodAttributes(method: string): Attributes {
  return KNOWN_METHODS.has(method) ? { [ATTR_HTTP_REQUEST_METHOD]: method } : {
    [ATTR_HTTP_REQUEST_METHOD]: requestMethod(method),
    [ATTR_HTTP_REQUEST_METHOD_ORIGINAL]: method,
  };
}

/**
 * All that is known of a request when its span starts, so that a sampler can decide by it.
 *
 * @param incoming The request.
 * @param redaction What of it may be told.
 */
export function serverStartAttributes(incoming: ServerRequest, redaction: Redaction): Attributes {
  const { request, route, peer, query } = incoming;
  const attributes: Attributes = {
    ...methodAttributes(request.method),
    [ATTR_URL_PATH]: incoming.path,
    [ATTR_URL_SCHEME]: incoming.scheme,
    [ATTR_SERVER_ADDRESS]: incoming.host,
  };
  const port = incoming.port ?? DEFAULT_PORTS[incoming.scheme];
  if (port !== undefined) attributes[ATTR_SERVER_PORT] = port;
  if (route !== undefined) attributes[ATTR_HTTP_ROUTE] = route;
  if (query !== "") attributes[ATTR_URL_QUERY] = redaction.query(query);
  if (incoming.clientAddress) {
    attributes[ATTR_CLIENT_ADDRESS] = incoming.clientAddress;
  }
  if (peer !== undefined) {
    attributes[ATTR_NETWORK_PEER_ADDRESS] = peer.hostname;
    attributes[ATTR_NETWORK_PEER_PORT] = peer.port;
  }
  const userAgent = request.headers.get("user-agent");
  if (userAgent !== null) attributes[ATTR_USER_AGENT_ORIGINAL] = userAgent;
  redaction.addRequestHeaders(attributes, request.headers);
  return redaction.attributes(attributes);
}
