import {
  type Context,
  isSpanContextValid,
  type SpanContext,
  trace,
  TraceFlags,
  type TraceState,
} from "@opentelemetry/api";
import { SamplingDecision, type SamplingResult } from "@opentelemetry/sdk-trace-base";

/** The results that say nothing but the decision; a sampler's result is never changed by its reader. */
const PLAIN: Readonly<Record<SamplingDecision, SamplingResult>> = {
  [SamplingDecision.NOT_RECORD]: Object.freeze({ decision: SamplingDecision.NOT_RECORD }),
  [SamplingDecision.RECORD]: Object.freeze({ decision: SamplingDecision.RECORD }),
  [SamplingDecision.RECORD_AND_SAMPLED]: Object.freeze({
    decision: SamplingDecision.RECORD_AND_SAMPLED,
  }),
};

/**
 * The result of a decision.
 *
 * @param decision What becomes of the span.
 * @param traceState What it carries; where nothing is said, what its parent does.
 */
export function decided(decision: SamplingDecision, traceState?: TraceState): SamplingResult {
  return traceState === undefined ? PLAIN[decision] : { decision, traceState };
}

/** The parent, where there is one that a trace can go on from. */
export function validParent(context: Context): SpanContext | undefined {
  const parent = trace.getSpanContext(context);
  return parent !== undefined && isSpanContextValid(parent) ? parent : undefined;
}

/** Whether a span is sampled. */
export function isSampled({ traceFlags }: SpanContext): boolean {
  return (traceFlags & TraceFlags.SAMPLED) !== 0;
}

/**
 * What becomes of a span whose parent is in this process: the same as of its parent. A parent that
 * is recorded without being sampled waits for a decision at its end, and so must its children.
 */
export function followLocal(context: Context, parent: SpanContext): SamplingResult {
  if (isSampled(parent)) return PLAIN[SamplingDecision.RECORD_AND_SAMPLED];
  return trace.getSpan(context)?.isRecording()
    ? PLAIN[SamplingDecision.RECORD]
    : PLAIN[SamplingDecision.NOT_RECORD];
}
