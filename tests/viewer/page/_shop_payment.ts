import type { SentSpan } from "./_otlp_json.ts";
import { exception, httpServer, PROVIDER_DOWN } from "./_shop_attributes.ts";
import type { ShopRecorder } from "./_shop_recorder.ts";

/** `POST /orders/:id/pay`, where the payment provider may be down. */
export function payOrder(shop: ShopRecorder, at: number, { fails = false } = {}): SentSpan {
  const traceId = shop.id(32);
  const chargeMs = fails ? 212 : shop.about(58);
  const ms = chargeMs + 9;
  const { request, inner } = shop.request(traceId, {
    at,
    ms,
    method: "POST",
    route: "/orders/:id/pay",
    status: fails ? 502 : 200,
    ...(fails && { error: PROVIDER_DOWN }),
  });
  shop.kv(inner, "atomic", { start: at + 1.5, ms: 3.1, collection: "order" });
  const span = shop.span("shop", {
    traceId,
    parentSpanId: inner.spanId,
    name: "shop.charge",
    start: at + 5,
    end: at + 5 + chargeMs,
    attributes: { "shop.order.total": 2880 },
    ...(fails && {
      error: PROVIDER_DOWN,
      events: [{ name: "exception", time: at + 4.6 + chargeMs, attributes: exception() }],
    }),
  });
  const attempts = fails ? 3 : 1;
  for (let attempt = 0; attempt < attempts; attempt++) {
    charge(shop, span, {
      at: at + 6 + attempt * 68,
      ms: fails ? 54 : chargeMs - 2,
      attempt,
      fails,
    });
  }
  if (fails) {
    shop.log("shop", span, {
      time: at + chargeMs + 4.9,
      severity: 17,
      body: "payment failed",
      attributes: { ...exception(), "shop.order.id": "o-88213" },
    });
  }
  return request;
}

function charge(
  shop: ShopRecorder,
  parent: SentSpan,
  { at, ms, attempt, fails }: { at: number; ms: number; attempt: number; fails: boolean },
): void {
  const status = fails ? 503 : 200;
  const call = shop.span("shop", {
    traceId: parent.traceId,
    parentSpanId: parent.spanId,
    name: "POST",
    kind: "client",
    start: at,
    end: at + ms,
    attributes: {
      "http.request.method": "POST",
      "server.address": "payments.internal",
      "server.port": 443,
      "url.full": "https://payments.internal/charges",
      "http.response.status_code": status,
      ...(attempt > 0 && { "http.request.resend_count": attempt }),
      ...(fails && { "error.type": "503" }),
    },
    ...(fails && { error: "" }),
  });
  const served = shop.span("payments", {
    traceId: parent.traceId,
    parentSpanId: call.spanId,
    name: "POST /charges",
    kind: "server",
    start: at + 2,
    end: at + ms - 2,
    attributes: httpServer("POST", "/charges", status),
    ...(fails && { error: "" }),
  });
  if (fails) {
    shop.log("payments", served, {
      time: at + ms - 3,
      severity: 13,
      body: "no acquirer available, asked 2 of 2",
      attributes: { "acquirer.tried": 2 },
    });
  }
  shop.span("payments", {
    traceId: parent.traceId,
    parentSpanId: served.spanId,
    name: "acquirer.authorize",
    kind: "client",
    start: at + 5,
    end: at + ms - 5,
    attributes: { "server.address": "acquirer.example", "server.port": 443 },
    ...(fails && { error: "connection refused" }),
  });
}
