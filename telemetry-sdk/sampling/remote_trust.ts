import type { SpanContext, TraceState } from "@opentelemetry/api";
import { SamplingDecision, type SamplingResult } from "@opentelemetry/sdk-trace-base";
import { isSampled } from "./decision.ts";
import { checkKeys, shown } from "./option_checks.ts";
import { passes, randomnessOf, thresholdOf, withThreshold } from "./ot_trace_state.ts";
import { RATE_LIMIT_KEYS, type RateLimit, TokenBucket } from "./token_bucket.ts";

const WORDS = ["trust", "ignore", "trustSampled", "trustUnsampled"] as const;

/** How far the decision of a caller in another process is followed. */
export type RemoteParent =
  | typeof WORDS[number]
  /** A caller's yes is followed at this rate, its no always. */
  | { readonly limit: RateLimit };

/** Says whether a caller is followed, and what that makes of the threshold. */
export class RemoteTrust {
  readonly #followsSampled: boolean;
  readonly #followsUnsampled: boolean;
  readonly #bucket: TokenBucket | undefined;
  readonly #description: string;

  /**
   * @param choice The trust.
   * @throws {TypeError | RangeError} When it is none.
   */
  constructor(choice: RemoteParent) {
    if (typeof choice === "object" && choice !== null) {
      checkKeys("parentSampler.remoteParent", choice, ["limit"]);
      checkKeys("parentSampler.remoteParent.limit", choice.limit, RATE_LIMIT_KEYS);
      this.#bucket = new TokenBucket(choice.limit, "parentSampler.remoteParent.limit");
      this.#description = `limit(${choice.limit.tracesPerSecond}/s)`;
    } else if (WORDS.includes(choice)) {
      this.#description = choice;
    } else {
      throw new TypeError(
        `Bad "parentSampler.remoteParent" ${shown(choice)}: expected one of ${WORDS.join(", ")}, ` +
          "or an object with a limit",
      );
    }
    this.#followsSampled = choice === "trust" || choice === "trustSampled";
    this.#followsUnsampled = choice !== "ignore" && choice !== "trustSampled";
  }

  /** Whether a caller that sampled, or did not, is followed this time. */
  follows(sampled: boolean): boolean {
    if (!sampled) return this.#followsUnsampled;
    return this.#bucket?.take() ?? this.#followsSampled;
  }

  /**
   * The trace state of a span that follows its remote parent. The parent's threshold holds on only
   * where the caller alone decides; and the specification has an evidently wrong one erased.
   */
  stateOfFollowed(parent: SpanContext, traceId: string): TraceState | undefined {
    const { traceState } = parent;
    if (traceState === undefined) return undefined;
    const alone = this.#followsSampled && this.#followsUnsampled;
    const holds = isSampled(parent) && alone && soundThreshold(parent, traceId) !== undefined;
    return holds ? traceState : withThreshold(traceState, undefined);
  }

  /**
   * The trace state of a span that the root sampler decided on after the caller's word. Where a
   * caller's no would have been followed, a trace must pass both thresholds, so the higher counts;
   * where a caller's yes may be followed too, nobody knows.
   */
  stateOfRoot(
    parent: SpanContext,
    traceId: string,
    result: SamplingResult,
  ): TraceState | undefined {
    const state = result.traceState ?? withThreshold(parent.traceState, undefined);
    if (result.decision !== SamplingDecision.RECORD_AND_SAMPLED) return state;
    if (this.#bucket !== undefined || this.#followsSampled) return withThreshold(state, undefined);
    if (!this.#followsUnsampled) return state;
    const own = thresholdOf(result.traceState);
    const callers = soundThreshold(parent, traceId);
    if (own === undefined || callers === undefined) return withThreshold(state, undefined);
    const higher = own > callers ? own : callers;
    return withThreshold(state, higher.replace(/0+$/, "") || "0");
  }

  /** The trust in words. */
  toString(): string {
    return this.#description;
  }
}

/** The threshold by which the parent was sampled, unless its own randomness gives it the lie. */
function soundThreshold({ traceState }: SpanContext, traceId: string): string | undefined {
  const threshold = thresholdOf(traceState);
  return threshold !== undefined && passes(randomnessOf(traceId, traceState), threshold)
    ? threshold
    : undefined;
}
