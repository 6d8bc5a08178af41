import {
  createNoopMeter,
  type Meter,
  type MeterProvider,
  metrics,
  ProxyTracerProvider,
  trace,
  type Tracer,
  type TracerProvider,
} from "@opentelemetry/api";
import manifest from "../deno.json" with { type: "json" };
import { readEnv } from "../env.ts";
import { SCHEMA_URL } from "./attributes.ts";

/** The instrumentation scope of everything that the framework itself emits. */
export const SCOPE: Readonly<
  { name: string; version: string; schemaUrl: string }
> = {
  name: manifest.name,
  version: manifest.version,
  schemaUrl: SCHEMA_URL,
};

const NOOP_TRACER_PROVIDER: TracerProvider = new ProxyTracerProvider()
  .getDelegate();
const NOOP_METER: Meter = createNoopMeter();

// What is cached below is bound to the provider it came from, so that an SDK may be registered
// after the framework was imported, and tests may register one after another.
let disabled: boolean | undefined;
let tracing: { provider: TracerProvider; tracer: Tracer } | undefined;
let metering: { provider: MeterProvider; meter: Meter } | undefined;

function tracerProvider(): TracerProvider {
  const provider = trace.getTracerProvider();
  return provider instanceof ProxyTracerProvider ? provider.getDelegate() : provider;
}

/** The framework's own tracer, from the SDK that is registered now. */
export function getTracer(): Tracer {
  const provider = tracerProvider();
  if (tracing?.provider !== provider) {
    const { name, version, schemaUrl } = SCOPE;
    tracing = {
      provider,
      tracer: provider.getTracer(name, version, { schemaUrl }),
    };
  }
  return tracing.tracer;
}

/** The framework's own meter, from the SDK that is registered now. */
export function getMeter(): Meter {
  const provider = metrics.getMeterProvider();
  if (metering?.provider !== provider) {
    const { name, version, schemaUrl } = SCOPE;
    metering = {
      provider,
      meter: provider.getMeter(name, version, { schemaUrl }),
    };
  }
  return metering.meter;
}

/**
 * Whether telemetry is on: an SDK is registered, whichever it is, and `OTEL_SDK_DISABLED` is not
 * `true`. The variable is read once.
 *
 * @example
 * ```ts
 * import { isOTELEnabled } from "@echelon/framework/telemetry";
 *
 * if (isOTELEnabled()) {
 *   // worth computing an expensive attribute
 * }
 * ```
 */
export function isOTELEnabled(): boolean {
  disabled ??= readEnv("OTEL_SDK_DISABLED")?.trim().toLowerCase() === "true";
  return !disabled &&
    (tracerProvider() !== NOOP_TRACER_PROVIDER || getMeter() !== NOOP_METER);
}
