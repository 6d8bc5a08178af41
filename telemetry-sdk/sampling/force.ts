import {
  type Attributes,
  type Context,
  createContextKey,
  type Link,
  type SpanKind,
  type TextMapGetter,
  type TextMapPropagator,
} from "@opentelemetry/api";
import { type Sampler, SamplingDecision, type SamplingResult } from "@opentelemetry/sdk-trace-base";
import { FORCED_ATTRIBUTE } from "./attribute_names.ts";
import { decided, validParent } from "./decision.ts";
import {
  checkSecret,
  FORCE_TRACE_HEADER,
  type ForceTraceSecret,
  verifyTraceHeader,
} from "./force_header.ts";
import { checkedSampler } from "./option_checks.ts";
import { NOTHING_REJECTED, withThreshold } from "./ot_trace_state.ts";

/** In the context of everything that a forced request does. */
const FORCED = createContextKey("echelon.forced");

/** What a {@linkcode ForceTracePropagator} needs. */
export interface ForceTraceOptions {
  /** At least 32 bytes, shared with those who may force a trace. */
  readonly secret: ForceTraceSecret;
  /** The time now, in milliseconds since 1970; `Date.now` unless told. */
  readonly now?: (() => number) | undefined;
}

/**
 * Reads the header `x-echelon-trace` where a request comes in, and marks the context of that request
 * for {@linkcode forceSampler}. A header that is not right is passed over without a word, in the
 * same way whatever is wrong with it. Nothing is written into outgoing requests: other services see
 * the sampled flag.
 *
 * Cost: nothing where the header is absent; one HMAC where it has the right form.
 *
 * @example
 * ```ts
 * import {
 *   forceSampler,
 *   ForceTracePropagator,
 *   parentSampler,
 *   probabilitySampler,
 *   startTelemetry,
 * } from "@echelon/telemetry-sdk";
 *
 * const secret = "correct horse battery staple, 32 bytes";
 * const telemetry = startTelemetry({
 *   propagators: ["tracecontext", "baggage", new ForceTracePropagator({ secret })],
 *   traces: {
 *     exporters: [],
 *     sampler: forceSampler(parentSampler({ root: probabilitySampler(0.01) })),
 *   },
 *   metrics: { exporters: [] },
 * });
 * await telemetry.shutdown();
 * ```
 */
export class ForceTracePropagator implements TextMapPropagator {
  readonly #secret: ForceTraceSecret;
  readonly #now: () => number;

  /**
   * @param options The secret.
   * @throws {TypeError} When the secret is too short.
   */
  constructor({ secret, now = Date.now }: ForceTraceOptions) {
    checkSecret(secret);
    this.#secret = secret;
    this.#now = now;
  }

  /** Writes nothing. */
  inject(): void {}

  /** Marks the context where the carrier has a good header. */
  extract(context: Context, carrier: unknown, getter: TextMapGetter): Context {
    const header = getter.get(carrier, FORCE_TRACE_HEADER);
    const value = Array.isArray(header) && header.length === 1 ? header[0] : header;
    return typeof value === "string" && verifyTraceHeader(this.#secret, value, this.#now())
      ? context.setValue(FORCED, true)
      : context;
  }

  /** The header that is read. */
  fields(): string[] {
    return [FORCE_TRACE_HEADER];
  }
}

/**
 * Samples whatever a signed header forces, and asks another sampler about everything else. The span
 * at which a forced trace enters gets `echelon.forced`, by which {@linkcode keepWhatMatters} keeps
 * the trace.
 *
 * Cost: one look into the context.
 *
 * @param inner Decides where nothing is forced.
 * @throws {TypeError} When it is no sampler.
 */
export function forceSampler(inner: Sampler): Sampler {
  return new ForceSampler(checkedSampler("inner", inner));
}

class ForceSampler implements Sampler {
  readonly #inner: Sampler;

  constructor(inner: Sampler) {
    this.#inner = inner;
  }

  shouldSample(
    context: Context,
    traceId: string,
    name: string,
    kind: SpanKind,
    attributes: Attributes,
    links: Link[],
  ): SamplingResult {
    if (context.getValue(FORCED) !== true) {
      return this.#inner.shouldSample(context, traceId, name, kind, attributes, links);
    }
    const parent = validParent(context);
    // Every forced trace is kept, so each stands for itself alone.
    const state = withThreshold(parent?.traceState, NOTHING_REJECTED);
    const result = decided(SamplingDecision.RECORD_AND_SAMPLED, state);
    return parent !== undefined && !parent.isRemote
      ? result
      : { ...result, attributes: { [FORCED_ATTRIBUTE]: true } };
  }

  toString(): string {
    return `ForceSampler{${this.#inner}}`;
  }
}
