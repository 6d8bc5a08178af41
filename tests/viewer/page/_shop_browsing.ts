import type { ShopRecorder } from "./_shop_recorder.ts";

/** `GET /products`, from the cache or from the database. */
export function listProducts(shop: ShopRecorder, at: number): void {
  const hit = shop.random() < 0.8;
  const kv = shop.about(9);
  const ms = hit ? shop.about(1.6) : kv + shop.about(4);
  const traceId = shop.id(32);
  const { inner } = shop.request(traceId, { at, ms, method: "GET", route: "/products" });
  const get = shop.span("shop", {
    traceId,
    parentSpanId: inner.spanId,
    name: "cache.get",
    start: at + 0.5,
    end: at + ms - 0.4,
    attributes: { "cache.key": "products", "cache.hit": hit, "cache.source": "memory" },
    events: [{ name: hit ? "cache.hit" : "cache.miss", time: at + 0.7 }],
  });
  if (!hit) shop.kv(get, "list", { start: at + 1, ms: kv, collection: "product" });
}

/** `GET /orders/:id`, now and then of an order that is not there. */
export function showOrder(shop: ShopRecorder, at: number): void {
  const status = shop.random() < 0.12 ? 404 : 200;
  const ms = shop.about(5);
  const traceId = shop.id(32);
  const { inner } = shop.request(traceId, {
    at,
    ms,
    method: "GET",
    route: "/orders/:id",
    status,
  });
  shop.kv(inner, "get", { start: at + 0.8, ms: ms - 1.4, collection: "order" });
}

/** `POST /login`; a wrong password is an outcome and no error. */
export function login(shop: ShopRecorder, at: number): void {
  const success = shop.random() < 0.8;
  const ms = shop.about(62);
  const traceId = shop.id(32);
  const status = success ? 200 : 401;
  const { inner } = shop.request(traceId, { at, ms, method: "POST", route: "/login", status });
  const check = shop.span("shop", {
    traceId,
    parentSpanId: inner.spanId,
    name: "auth.authenticate",
    start: at + 0.6,
    end: at + ms - 0.5,
    attributes: { "auth.scheme": "password", "auth.success": success },
    events: [{ name: success ? "auth.success" : "auth.failure", time: at + ms - 0.8 }],
  });
  shop.kv(check, "get", { start: at + 1.1, ms: shop.about(3), collection: "user" });
  if (!success) {
    shop.log("shop", check, { time: at + ms - 0.7, severity: 13, body: "login refused" });
  }
}
