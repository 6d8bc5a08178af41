import type { Attributes } from "@opentelemetry/api";
import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_URL_FULL,
} from "./attributes.ts";
import { DEFAULT_PORTS, methodAttributes, requestMethod } from "./http_attributes.ts";
import type { OutgoingCall } from "./http_client_call.ts";
import type { HttpClientRequestRecord } from "./metric_records.ts";
import type { Redaction } from "./redaction.ts";

/** Where a request goes: a host, an IPv6 address without its brackets, and a port. */
export function serverOf(url: URL): { readonly host: string; readonly port: number | undefined } {
  const { hostname, port, protocol } = url;
  return {
    host: hostname.startsWith("[") ? hostname.slice(1, -1) : hostname,
    port: port === "" ? DEFAULT_PORTS[protocol.slice(0, -1)] : Number(port),
  };
}

/**
 * All that is known of a request before it is sent, so that a sampler can decide by it.
 *
 * @param call The request.
 * @param redaction What of it may be told.
 */
export function clientStartAttributes(call: OutgoingCall, redaction: Redaction): Attributes {
  const { host, port } = serverOf(call.url);
  const attributes: Attributes = {
    ...methodAttributes(call.method),
    [ATTR_SERVER_ADDRESS]: host,
    [ATTR_URL_FULL]: redaction.url(call.url.href),
  };
  if (port !== undefined) attributes[ATTR_SERVER_PORT] = port;
  redaction.addRequestHeaders(attributes, call.headers);
  return redaction.attributes(attributes);
}

/** What the duration of a request that was made is told with; never anything of its path or query. */
export function clientMetricAttributes(record: HttpClientRequestRecord): Attributes {
  const { host, port, status, errorType } = record;
  const attributes: Attributes = {
    [ATTR_HTTP_REQUEST_METHOD]: requestMethod(record.method),
    [ATTR_SERVER_ADDRESS]: host,
  };
  if (port !== undefined) attributes[ATTR_SERVER_PORT] = port;
  if (status !== undefined) attributes[ATTR_HTTP_RESPONSE_STATUS_CODE] = status;
  if (errorType !== undefined) attributes[ATTR_ERROR_TYPE] = errorType;
  return attributes;
}
