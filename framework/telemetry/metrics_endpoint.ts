import { activeMeter, exposeRegistry, scrapableSdk } from "./active_meter.ts";
import { attachObservers } from "./metric_observers.ts";
import type { MetricsRegistryOptions } from "./metrics_registry.ts";
import { prometheusLabels, prometheusName } from "./prometheus_names.ts";
import { markWhole } from "./response_body.ts";
import { EXPOSITION_TYPES, type ExpositionFormat, negotiateExposition } from "./prometheus_text.ts";

/** Serves metrics to whoever scrapes them. */
export interface MetricsHandler {
  /** Answers one scrape. */
  (request: Request): Promise<Response>;
  /** Ends it: metrics are no longer kept for this handler. */
  release(): void;
}

const NAMING = { family: prometheusName, labels: prometheusLabels };

/**
 * Has metrics kept, and makes the handler that serves them to Prometheus: those of the SDK where
 * one that can be scraped is registered, else those of the process's registry. From the registry
 * they come as OpenMetrics 1.0 where the scraper prefers it, else in the text format 0.0.4.
 *
 * @param options Of the registry; the first handler of the process decides.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createMetrics, metricsHandler } from "@echelon/framework/telemetry";
 *
 * const handler = metricsHandler();
 * createMetrics().counter("shop.orders").add(2);
 * const response = await handler(new Request("http://localhost/metrics"));
 * assert((await response.text()).includes("shop_orders_total 2"));
 * handler.release();
 * ```
 */
export function metricsHandler(options: MetricsRegistryOptions = {}): MetricsHandler {
  const { registry, release } = exposeRegistry(options);
  const handler = async (request: Request): Promise<Response> => {
    // Nothing may have been recorded since the meter became another one.
    attachObservers(activeMeter());
    const source = scrapableSdk();
    if (source !== undefined) return exposition(await source.scrape(NAMING), "prometheus");
    const format = negotiateExposition(request.headers.get("accept"));
    return exposition(await registry.expose(format), format);
  };
  return Object.assign(handler, { release });
}

function exposition(body: string, format: ExpositionFormat): Response {
  const headers = { "content-type": EXPOSITION_TYPES[format], "cache-control": "no-store" };
  return markWhole(new Response(body, { headers }));
}
