import type { MetricsRegistry } from "./metrics_registry.ts";
import { registryMeter } from "./metrics_registry_meter.ts";
import { OTelMetrics } from "./otel_metrics.ts";

/** The framework's metrics on a registry: the same instruments as with an SDK, kept in it. */
export class RegistryMetrics extends OTelMetrics {
  /** The registry that keeps them. */
  readonly registry: MetricsRegistry;

  /** @param registry Where the instruments are made. */
  constructor(registry: MetricsRegistry) {
    super(registryMeter(registry));
    this.registry = registry;
  }
}
