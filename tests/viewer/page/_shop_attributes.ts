import type { Values } from "./_otlp_json.ts";

/** Why a payment fails. */
export const PROVIDER_DOWN = "The payment provider is not available";

/** What a server tells of a request. */
export function httpServer(method: string, route: string, status: number): Values {
  return {
    "http.request.method": method,
    "http.route": route,
    "http.response.status_code": status,
    "url.path": route.replace(":id", "o-88213"),
    "url.scheme": "https",
    "server.address": "shop.example",
    "client.address": "203.0.113.24",
    "user_agent.original": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
    ...(status >= 500 && { "error.type": String(status) }),
  };
}

/** What is told of an operation on the queue. */
export function messaging(operation: string, type: string): Values {
  return {
    "messaging.system.name": "echelon",
    "messaging.operation.name": operation,
    "messaging.operation.type": type,
    "messaging.destination.name": "shop",
  };
}

/** An exception with a stack. */
export function exception(type = "PaymentUnavailableError", message = PROVIDER_DOWN): Values {
  return {
    "exception.type": type,
    "exception.message": message,
    "exception.stacktrace": [
      `${type}: ${message}`,
      "    at charge (file:///srv/shop/payments.ts:48:11)",
      "    at eventLoopTick (ext:core/01_core.js:187:7)",
      "    at async withSpan (file:///srv/shop/framework/telemetry/otel.ts:112:14)",
      "    at async payOrder (file:///srv/shop/orders.ts:97:7)",
    ].join("\n"),
  };
}
