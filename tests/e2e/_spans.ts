import type { ReceivedSpan, SpanTree } from "../_otlp_receiver.ts";

// The spans that the shop's requests are made of, as a test writes them down.

type More = Partial<Omit<SpanTree, "children">> & { readonly children?: readonly SpanTree[] };

/** A span. */
export function span(name: string, more: More = {}): SpanTree {
  return { name, kind: "INTERNAL", attributes: {}, children: [], ...more };
}

/** What every SERVER span of the shop says, for a client on loopback. */
export function serverAttributes(
  url: string,
  method: string,
  path: string,
): Record<string, unknown> {
  return {
    "http.request.method": method,
    "url.path": path,
    "url.scheme": "http",
    "server.address": "127.0.0.1",
    "server.port": Number(new URL(url).port),
    "client.address": "127.0.0.1",
    "network.peer.address": "127.0.0.1",
    "network.peer.port": "a port",
    "user_agent.original": "e2e/1",
  };
}

/** What stands around every handler of the shop. */
export function throughMiddleware(...children: SpanTree[]): SpanTree[] {
  return ["securityHeaders", "requestId"].reduce((inner, name) => [
    span(`middleware.${name}`, {
      attributes: { "middleware.name": name, "middleware.index": name === "requestId" ? 0 : 1 },
      children: inner,
    }),
  ], children);
}

/** A handler. */
export function controller(route: string, more: More = {}): SpanTree {
  const { attributes = {}, ...rest } = more;
  return span("controller", { attributes: { "http.route": route, ...attributes }, ...rest });
}

/** An operation of the shop's KV. */
export function kv(operation: string, attributes: Record<string, unknown>): SpanTree {
  return span(`kv.${operation}`, {
    kind: "CLIENT",
    attributes: {
      "db.system.name": "deno.kv",
      "db.operation.name": operation,
      "db.namespace": "shop",
      ...attributes,
    },
  });
}

/**
 * The spans with what differs from run to run replaced by what it is.
 *
 * @param values What a value is, by the value.
 */
export function named(
  spans: readonly ReceivedSpan[],
  values: ReadonlyMap<unknown, string> = new Map(),
): ReceivedSpan[] {
  return spans.map((span) => ({
    ...span,
    attributes: Object.fromEntries(
      Object.entries(span.attributes).map(([key, value]) => [
        key,
        key === "network.peer.port" ? "a port" : values.get(value) ?? value,
      ]),
    ),
  }));
}
