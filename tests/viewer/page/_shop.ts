import { logRequest, metricRequest, send, traceRequest, type Values } from "./_otlp_json.ts";
import { shopMetrics } from "./_shop_metrics.ts";
import { listProducts, login, showOrder } from "./_shop_browsing.ts";
import { placeOrder } from "./_shop_checkout.ts";
import { payOrder } from "./_shop_payment.ts";
import { ShopRecorder } from "./_shop_recorder.ts";

/** The moment at which the made-up shop is looked at. */
export const SHOP_NOW = Date.UTC(2026, 9, 14, 9, 41, 20);

const LENGTH_MILLIS = 15 * 60_000;

/** What is seen at first is in the order of time; before that, larger batches will do. */
const RECENT_MILLIS = 120_000;
const BATCH_MILLIS = 5000;
const LONG_BATCH_MILLIS = 60_000;

/** What was made, for who wants to open some of it. */
export interface SentShop {
  /** A checkout whose receipt was sent at the second attempt. */
  readonly orderTraceId: string;
  /** A payment that failed. */
  readonly failedTraceId: string;
}

/** Sends a quarter of an hour of a made-up shop to a viewer: always the same. */
export async function sendShop(url: string): Promise<SentShop> {
  const shop = new ShopRecorder(20_261_014);
  const from = SHOP_NOW - LENGTH_MILLIS;
  const begin = from + 1000;
  const turns = 760;
  const spread = (LENGTH_MILLIS - 12_000) / turns;
  for (let turn = 0; turn < turns; turn++) {
    const at = begin + (turn + shop.random() * 0.8) * spread;
    const dice = shop.random();
    if (dice < 0.42) listProducts(shop, at);
    else if (dice < 0.68) showOrder(shop, at);
    else if (dice < 0.78) login(shop, at);
    else if (dice < 0.92) placeOrder(shop, at, { retried: shop.random() < 0.15 });
    else payOrder(shop, at, { fails: shop.random() < 0.14 });
  }
  const failed = payOrder(shop, SHOP_NOW - 6100, { fails: true });
  const order = placeOrder(shop, SHOP_NOW - 2600, { retried: true });

  // As batches would bring them: what ended within some seconds, service by service.
  for (let begin = from, end = from; begin < SHOP_NOW; begin = end) {
    end = begin + (begin < SHOP_NOW - RECENT_MILLIS ? LONG_BATCH_MILLIS : BATCH_MILLIS);
    const isNow = (time: number) => time >= begin && time < end;
    for (const [service, all] of shop.services) {
      const spans = all.spans.filter((span) => isNow(span.end)).sort((a, b) => a.end - b.end);
      const logs = all.logs.filter(({ time }) => isNow(time)).sort((a, b) => a.time - b.time);
      const resource = resourceOf(service);
      if (spans.length > 0) await send(url, "traces", traceRequest(resource, spans));
      if (logs.length > 0) await send(url, "logs", logRequest(resource, logs));
    }
  }
  const metrics = shopMetrics(shop, { from, to: SHOP_NOW });
  await send(url, "metrics", metricRequest(resourceOf("shop"), metrics));
  return { orderTraceId: order.traceId, failedTraceId: failed.traceId };
}

function resourceOf(service: string): Values {
  return {
    "service.name": service,
    "service.version": "1.4.2",
    "service.instance.id": INSTANCES[service] ?? "",
    "deployment.environment.name": "demonstration",
    "telemetry.sdk.name": "opentelemetry",
    "telemetry.sdk.language": "nodejs",
    "telemetry.distro.name": "echelon",
    "process.runtime.name": "deno",
    "process.runtime.version": "2.9.6",
    "host.name": `${service}-1`,
  };
}

const INSTANCES: Readonly<Record<string, string>> = {
  storefront: "7f0c2a4e-93b1-4c0d-8a6e-1d5be2f70911",
  shop: "b41d8c57-2e6a-4f39-9c08-63a7d0f5e2c4",
  payments: "e9a3710b-58cd-4b72-a1f4-0c6d29b8573f",
};
