import type { Resource } from "@opentelemetry/resources";
import {
  BasicTracerProvider,
  type IdGenerator,
  type Sampler,
  type SpanLimits,
  type SpanProcessor,
} from "@opentelemetry/sdk-trace-base";

/** Everything a tracer provider is made of; nothing is left to the environment. */
export interface EchelonTracerProviderOptions {
  readonly resource: Resource;
  readonly sampler: Sampler;
  readonly spanLimits: SpanLimits;
  readonly spanProcessors: readonly SpanProcessor[];
  /** Where ids come from; random ones unless told. */
  readonly idGenerator?: IdGenerator;
}

/**
 * The tracer provider of this SDK.
 *
 * The constructor of `BasicTracerProvider` reads `OTEL_*` variables even when each option is given, and throws
 * where the process may not read one. Its own base class does the work and reads nothing. So an instance is
 * made by {@linkcode EchelonTracerProvider.create}, which runs the base class's constructor alone; this class
 * must therefore hold no fields of its own.
 */
export class EchelonTracerProvider extends BasicTracerProvider {
  private constructor() {
    super();
  }

  /**
   * Makes a provider without reading the environment.
   *
   * @param options All that the provider needs.
   */
  static create(options: EchelonTracerProviderOptions): EchelonTracerProvider {
    const withoutEnvironment: unknown = Object.getPrototypeOf(BasicTracerProvider);
    if (typeof withoutEnvironment !== "function" || withoutEnvironment === Function.prototype) {
      throw new TypeError(
        "BasicTracerProvider has no base class that works without the environment",
      );
    }
    const config = { ...options, spanProcessors: [...options.spanProcessors] };
    return Reflect.construct(withoutEnvironment, [config], EchelonTracerProvider);
  }
}
