import type { SentSpan, Values } from "./_otlp_json.ts";
import { exception, httpServer, messaging } from "./_shop_attributes.ts";
import type { ShopRecorder } from "./_shop_recorder.ts";

/** `POST /orders` through the storefront, and the receipt that is sent behind it. */
export function placeOrder(shop: ShopRecorder, at: number, { retried = false } = {}): SentSpan {
  const traceId = shop.id(32);
  const took = shop.about(24);
  const front = shop.span("storefront", {
    traceId,
    name: "POST /checkout",
    kind: "server",
    start: at,
    end: at + took + 9,
    attributes: httpServer("POST", "/checkout", 201),
  });
  const call = shop.span("storefront", {
    traceId,
    parentSpanId: front.spanId,
    name: "POST",
    kind: "client",
    start: at + 2.5,
    end: at + took + 6,
    attributes: { "http.request.method": "POST", "server.address": "shop.internal" },
  });
  const start = at + 4;
  const route = "/orders";
  const { request, inner } = shop.request(traceId, {
    at: start,
    ms: took,
    method: "POST",
    route,
    status: 201,
    parent: call,
  });
  const permission = shop.middleware(inner, "requirePermission", {
    start: start + 0.9,
    end: start + took - 0.4,
    index: 2,
  });
  const auth = shop.span("shop", {
    traceId,
    parentSpanId: permission.spanId,
    name: "auth.authenticate",
    start: start + 1.1,
    end: start + 5.2,
    attributes: { "auth.scheme": "bearer", "auth.success": true, "auth.user_id": "u-1042" },
    events: [{ name: "auth.success", time: start + 4.9 }],
  });
  shop.kv(auth, "get", { start: start + 1.6, ms: 3, collection: "user" });
  const controller = shop.span("shop", {
    traceId,
    parentSpanId: permission.spanId,
    name: "controller",
    start: start + 5.6,
    end: start + took - 0.8,
    attributes: {
      "http.route": route,
      "code.function.name": "placeOrder",
      "shop.order.total": 1440,
    },
  });
  shop.kv(controller, "get", { start: start + 6.2, ms: 2.6, collection: "product" });
  const enqueueAt = start + 9.4;
  const job = { "job.name": "receipt.send", "job.id": shop.id(16), "job.queue": "shop" };
  const enqueue = shop.span("shop", {
    traceId,
    parentSpanId: controller.spanId,
    name: "job.enqueue",
    kind: "producer",
    start: enqueueAt,
    end: enqueueAt + 1.1,
    attributes: { ...job, ...messaging("enqueue", "send") },
  });
  shop.kv(controller, "atomic", {
    start: enqueueAt + 1.6,
    ms: took - 12.6,
    collection: "order",
  });
  shop.log("shop", controller, {
    time: start + took - 1.2,
    severity: 9,
    body: "order placed",
    attributes: { "shop.order.total": 1440, "shop.product": "p7" },
  });
  receipt(shop, enqueue, job, { at: start + took + shop.about(14), retried });
  return request;
}

function receipt(
  shop: ShopRecorder,
  enqueue: SentSpan,
  job: Values,
  { at, retried }: { at: number; retried: boolean },
): void {
  const link = { traceId: enqueue.traceId, spanId: enqueue.spanId };
  const first = attempt(shop, job, { at, attempt: 1, fails: retried, links: [link] });
  if (!retried) return;
  const before = { traceId: first.traceId, spanId: first.spanId };
  attempt(shop, job, { at: at + 320, attempt: 2, fails: false, links: [link, before] });
}

function attempt(
  shop: ShopRecorder,
  job: Values,
  { at, attempt, fails, links }: {
    at: number;
    attempt: number;
    fails: boolean;
    links: readonly { traceId: string; spanId: string }[];
  },
): SentSpan {
  const traceId = shop.id(32);
  const ms = shop.about(11);
  const error = { "error.type": "MailServerBusy" };
  const process = shop.span("shop", {
    traceId,
    name: "job.process",
    kind: "consumer",
    start: at,
    end: at + ms,
    attributes: {
      ...job,
      ...messaging("process", "process"),
      "job.attempt": attempt,
      ...(fails && error),
    },
    links,
    ...(fails && {
      error: "The mail server is busy: try again later",
      events: [{
        name: "exception",
        time: at + ms - 3,
        attributes: exception("MailServerBusy", "The mail server is busy: try again later"),
      }],
    }),
  });
  shop.span("shop", {
    traceId,
    parentSpanId: process.spanId,
    name: fails ? "job.fail" : "job.complete",
    start: at + ms - 2.4,
    end: at + ms - 0.2,
    attributes: { "job.attempt": attempt, ...(fails && { "job.will_retry": true }) },
  });
  shop.log("shop", process, {
    time: at + ms - 2.8,
    severity: fails ? 13 : 9,
    body: fails ? "receipt not sent: the mail server is busy" : "receipt sent",
    attributes: { "job.attempt": attempt },
  });
  return process;
}
