import type { Attributes, Context, Link, SpanKind } from "@opentelemetry/api";
import {
  type Sampler,
  SamplingDecision,
  type SamplingResult,
  type SpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { IsolatedSpanProcessor } from "../traces/isolated_processor.ts";
import { decided, followLocal, isSampled, validParent } from "./decision.ts";
import { localTraceOf } from "./local_trace.ts";
import { withThreshold } from "./ot_trace_state.ts";
import { type KeepWhatMattersOptions, type TailOptions, tailOptions } from "./tail_options.ts";
import { TailProcessor } from "./tail_processor.ts";
import { TailCounts, type TailStats } from "./tail_stats.ts";

/** The two halves of a decision that is taken when a local trace ends, and what became of the traces. */
export interface KeepWhatMatters {
  /** Has every trace recorded; the sampler of the tracer provider. */
  readonly sampler: Sampler;
  /**
   * Stands before all other processors.
   *
   * @param next What gets the spans that are kept; all the processors there are.
   * @throws {TypeError} When it is called twice, or without a processor.
   */
  processor(...next: SpanProcessor[]): SpanProcessor;
  /** What became of the traces so far. */
  stats(): TailStats;
}

/**
 * Keeps every trace that failed, was slow or carries a mark, and of the rest a share. The decision is
 * taken when the local root ends: the span by which the trace began in this process or came into it.
 * Until then its ended spans wait, bounded in bytes and in time; the oldest trace is decided early, by
 * what is known of it, where there are too many. A failure, a mark at once has the whole trace kept.
 * Spans that end after their root follow the decision; so do those that start then.
 *
 * The services that are called must be told at once whether a trace is sampled. They are told what the
 * base rate says, so that the flag never promises what is not kept: sampled means kept, here and there.
 * Where a trace that is not in the base rate turns out to matter, this service has all of its part, and
 * the others theirs where it mattered to them.
 *
 * A span that is kept because it matters carries `th:0`: all such are kept, so each counts once. The
 * others carry the base rate's.
 *
 * Cost: every request is recorded in full, whatever the base rate; on top come the holding and the
 * estimate of each span's size. See `docs/sampling.md` for the ratio to `always_on`.
 *
 * @param options What is kept, and what it may take.
 * @throws {TypeError | RangeError} When an option is not one.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { keepWhatMatters } from "@echelon/telemetry-sdk";
 *
 * const tail = keepWhatMatters({
 *   baseRatio: 0.01,
 *   slowerThan: { default: 500, "/reports/*": 10_000 },
 *   ignore: [{ route: "/health" }],
 * });
 * assert.equal(tail.stats().held.traces, 0);
 * ```
 */
export function keepWhatMatters(options: KeepWhatMattersOptions): KeepWhatMatters {
  const checked = tailOptions(options);
  let processor: TailProcessor | undefined;
  return {
    sampler: new RecordingSampler(checked),
    processor(...next) {
      if (processor !== undefined || next.length === 0) {
        throw new TypeError("Cannot make a processor: call it once, with all that follow");
      }
      processor = new TailProcessor(
        checked,
        next.map((one) => new IsolatedSpanProcessor(one)),
      );
      return new IsolatedSpanProcessor(processor);
    },
    stats: () => processor?.stats() ?? NOTHING_SEEN,
  };
}

const NOTHING_SEEN: TailStats = { ...new TailCounts(), held: { traces: 0, spans: 0, bytes: 0 } };

/** Records all, and samples what the base rate would. */
class RecordingSampler implements Sampler {
  readonly #options: TailOptions;

  constructor(options: TailOptions) {
    this.#options = options;
  }

  shouldSample(
    context: Context,
    traceId: string,
    name: string,
    kind: SpanKind,
    attributes: Attributes,
    links: Link[],
  ): SamplingResult {
    const parent = validParent(context);
    if (parent !== undefined && !parent.isRemote) {
      const trace = localTraceOf(parent, this.#options);
      if (trace === undefined) return followLocal(context, parent);
      if (trace.verdict === "dropped") return decided(SamplingDecision.NOT_RECORD);
      return decided(
        isSampled(parent) ? SamplingDecision.RECORD_AND_SAMPLED : SamplingDecision.RECORD,
      );
    }
    const place = parent === undefined ? "none" : "remote";
    if (this.#options.ignored({ name, kind, attributes, parent: place })) {
      return decided(
        SamplingDecision.NOT_RECORD,
        withThreshold(parent?.traceState, undefined),
      );
    }
    const result = this.#options.base
      .shouldSample(context, traceId, name, kind, attributes, links);
    return result.decision === SamplingDecision.RECORD_AND_SAMPLED
      ? result
      : { ...result, decision: SamplingDecision.RECORD };
  }

  toString(): string {
    return `KeepWhatMatters{base=${this.#options.base}}`;
  }
}
