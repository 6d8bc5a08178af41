import { createNoopMeter } from "@opentelemetry/api";
import { MetricsRegistry, type MetricsRegistryOptions } from "./metrics_registry.ts";
import { type InstrumentMeter, registryMeter } from "./metrics_registry_meter.ts";
import { teeMeter } from "./metrics_tee.ts";
import { type PrometheusSource, prometheusSource } from "./prometheus_source.ts";
import { getMeter, isOTELEnabled } from "./scope.ts";

const NOOP_METER: InstrumentMeter = createNoopMeter();

let exposed: { registry: MetricsRegistry; meter: InstrumentMeter; users: number } | undefined;
let tee: { sdk: InstrumentMeter; registry: InstrumentMeter; meter: InstrumentMeter } | undefined;

/**
 * Has metrics kept for `/metrics`, in the one registry of the process, from now on.
 *
 * @param options Of the registry; the first who asks decides.
 * @returns The registry, and what ends it: the last one to do so does.
 */
export function exposeRegistry(
  options: MetricsRegistryOptions = {},
): { readonly registry: MetricsRegistry; readonly release: () => void } {
  if (exposed === undefined) {
    const registry = new MetricsRegistry(options);
    exposed = { registry, meter: registryMeter(registry), users: 0 };
  }
  const mine = exposed;
  mine.users += 1;
  let released = false;
  const release = () => {
    if (released) return;
    released = true;
    mine.users -= 1;
    if (mine.users === 0) exposed = tee = undefined;
  };
  return { registry: mine.registry, release };
}

/** Whether anybody reads metrics: an SDK, or the registry for `/metrics`. */
export function isMeasured(): boolean {
  return exposed !== undefined || isOTELEnabled();
}

/** The SDK, where one is registered that can be scraped: then `/metrics` serves what it has. */
export function scrapableSdk(): PrometheusSource | undefined {
  return sdkMeter() === NOOP_METER ? undefined : prometheusSource();
}

function sdkMeter(): InstrumentMeter {
  return isOTELEnabled() ? getMeter() : NOOP_METER;
}

/** Where the framework's instruments are made now. It is another one when an SDK comes or goes. */
export function activeMeter(): InstrumentMeter {
  const sdk = sdkMeter();
  if (exposed === undefined) return sdk;
  if (sdk === NOOP_METER) return exposed.meter;
  if (prometheusSource() !== undefined) return sdk;
  if (tee?.sdk !== sdk || tee.registry !== exposed.meter) {
    tee = { sdk, registry: exposed.meter, meter: teeMeter(sdk, exposed.meter) };
  }
  return tee.meter;
}
