import {
  type Attributes,
  type Context,
  isSpanContextValid,
  type Link,
  type SpanKind,
  trace,
  TraceFlags,
} from "@opentelemetry/api";
import {
  type ReadableSpan,
  type Sampler,
  SamplingDecision,
  type SamplingResult,
  type Span,
  type SpanProcessor,
} from "@opentelemetry/sdk-trace-base";

/** Where the parent of a span is (`otel.span.parent.origin`). */
export type ParentOrigin = "none" | "local" | "remote";
/** What a sampler decided (`otel.span.sampling_result`). */
export type SamplingResultName = "DROP" | "RECORD_ONLY" | "RECORD_AND_SAMPLE";

const ORIGINS: readonly ParentOrigin[] = ["none", "local", "remote"];
const RESULTS: Readonly<Record<SamplingDecision, SamplingResultName>> = {
  [SamplingDecision.NOT_RECORD]: "DROP",
  [SamplingDecision.RECORD]: "RECORD_ONLY",
  [SamplingDecision.RECORD_AND_SAMPLED]: "RECORD_AND_SAMPLE",
};

/** A number of spans that have something in common. */
export interface CountedSpans {
  readonly count: number;
  readonly result: SamplingResultName;
  readonly origin: ParentOrigin;
}

/**
 * Counts spans where they are decided on and where they end. Plain numbers, read when metrics are collected:
 * an instrument's call for each span would cost as much as the span itself.
 */
export class SpanCounts implements SpanProcessor {
  readonly #started = new Array<number>(ORIGINS.length * 3).fill(0);
  readonly #live = { RECORD_ONLY: 0, RECORD_AND_SAMPLE: 0 };

  /** Spans started so far. */
  started(): CountedSpans[] {
    return this.#started.flatMap((count, index) => {
      const result = RESULTS[Math.floor(index / ORIGINS.length) as SamplingDecision];
      const origin = ORIGINS[index % ORIGINS.length];
      return count === 0 || origin === undefined ? [] : [{ count, result, origin }];
    });
  }

  /** Recorded spans that have not ended. */
  live(): Readonly<Record<"RECORD_ONLY" | "RECORD_AND_SAMPLE", number>> {
    return { ...this.#live };
  }

  /** A sampler that decides as another does, and has its decisions counted. */
  counting(sampler: Sampler): Sampler {
    const count = (parent: Context, { decision }: SamplingResult) => {
      const index = decision * ORIGINS.length + originOf(parent);
      this.#started[index] = (this.#started[index] ?? 0) + 1;
    };
    return {
      shouldSample(
        parent: Context,
        traceId: string,
        name: string,
        kind: SpanKind,
        attributes: Attributes,
        links: Link[],
      ): SamplingResult {
        const result = sampler.shouldSample(parent, traceId, name, kind, attributes, links);
        count(parent, result);
        return result;
      },
      toString: () => String(sampler),
    };
  }

  /** Counts a recorded span in. */
  onStart(span: Span): void {
    this.#live[recordedAs(span)]++;
  }

  /** Counts a recorded span out. */
  onEnd(span: ReadableSpan): void {
    this.#live[recordedAs(span)]--;
  }

  /** Nothing waits. */
  forceFlush(): Promise<void> {
    return Promise.resolve();
  }

  /** Nothing is held. */
  shutdown(): Promise<void> {
    return Promise.resolve();
  }
}

function recordedAs(span: ReadableSpan): "RECORD_ONLY" | "RECORD_AND_SAMPLE" {
  return (span.spanContext().traceFlags & TraceFlags.SAMPLED) === 0
    ? "RECORD_ONLY"
    : "RECORD_AND_SAMPLE";
}

/** The place of the parent's origin among {@linkcode ORIGINS}. */
function originOf(parent: Context): number {
  const spanContext = trace.getSpanContext(parent);
  if (spanContext === undefined || !isSpanContextValid(spanContext)) return 0;
  return spanContext.isRemote === true ? 2 : 1;
}
