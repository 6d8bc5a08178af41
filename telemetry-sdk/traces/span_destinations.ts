import { diag, ROOT_CONTEXT, TraceFlags } from "@opentelemetry/api";
import {
  type ReadableSpan,
  type Sampler,
  SamplingDecision,
  type SpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import type { RedactAttribute } from "../config/schema.ts";
import { redactSpan } from "./redact_span.ts";

/** One place that ended spans go to. */
export interface SpanSink {
  /** What gathers and exports them. */
  readonly processor: SpanProcessor;
  /** Which spans it gets. */
  readonly filter?: ((span: ReadableSpan) => boolean) | undefined;
  /** Which of the recorded traces it gets. */
  readonly sampler?: Sampler | undefined;
}

/** Hands each ended span to the destinations that want it. */
export class SpanDestinations implements SpanProcessor {
  readonly #sinks: readonly SpanSink[];
  readonly #redact: RedactAttribute | undefined;

  /**
   * @param sinks The destinations.
   * @param redact What every attribute passes on its way out.
   */
  constructor(sinks: readonly SpanSink[], redact?: RedactAttribute) {
    this.#sinks = sinks;
    this.#redact = redact;
  }

  /** The destinations want ended spans only. */
  onStart(): void {}

  /** Hands a span on. */
  onEnd(span: ReadableSpan): void {
    if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) === 0) return;
    const shown = this.#redact === undefined ? span : redactSpan(span, this.#redact);
    for (const { processor, filter, sampler } of this.#sinks) {
      if (isWanted(shown, filter) && isSampled(span, sampler)) processor.onEnd(shown);
    }
  }

  /** Flushes every destination. */
  async forceFlush(): Promise<void> {
    await Promise.all(this.#sinks.map(({ processor }) => processor.forceFlush()));
  }

  /** Shuts every destination down. */
  async shutdown(): Promise<void> {
    await Promise.all(this.#sinks.map(({ processor }) => processor.shutdown()));
  }
}

/** Better a span too many than one that is lost to a mistake in a filter. */
function isWanted(span: ReadableSpan, filter: SpanSink["filter"]): boolean {
  try {
    return filter === undefined || filter(span);
  } catch (error) {
    diag.error("The filter of a span destination failed", error);
    return true;
  }
}

/**
 * Asks a sampler about an ended span, as if it were about to start and had no parent: one that follows the parent
 * would drop the first span of a trace and let all the others through.
 */
function isSampled(span: ReadableSpan, sampler: Sampler | undefined): boolean {
  if (sampler === undefined) return true;
  try {
    const { name, kind, attributes, links } = span;
    const { traceId } = span.spanContext();
    const { decision } = sampler.shouldSample(
      ROOT_CONTEXT,
      traceId,
      name,
      kind,
      attributes,
      links,
    );
    return decision === SamplingDecision.RECORD_AND_SAMPLED;
  } catch (error) {
    diag.error("The sampler of a span destination failed", error);
    return true;
  }
}
