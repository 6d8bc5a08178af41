import type { Context } from "@opentelemetry/api";
import { type Sampler, SamplingDecision, type SamplingResult } from "@opentelemetry/sdk-trace-base";
import { decided, followLocal, validParent } from "./decision.ts";
import { checkKeys } from "./option_checks.ts";
import { withThreshold } from "./ot_trace_state.ts";
import { RATE_LIMIT_KEYS, type RateLimit, TokenBucket } from "./token_bucket.ts";

/**
 * Samples so many traces a second and no more: a bucket of tokens, filled by a clock. A span whose
 * parent is in this process costs no token and follows its parent, so that traces stay whole.
 *
 * How likely a trace was to be kept is not known, so a sampled span carries no `th`.
 *
 * Cost: one look at the clock for each trace; see `docs/sampling.md` for the ratio to `always_on`.
 *
 * @param limit The rate, and the burst on top of it.
 * @throws {RangeError | TypeError} When the limit is not one.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { rateLimitingSampler } from "@echelon/telemetry-sdk";
 *
 * const sampler = rateLimitingSampler({ tracesPerSecond: 10, burst: 50 });
 * assert.equal(String(sampler), "RateLimitingSampler{10/s}");
 * ```
 */
export function rateLimitingSampler(limit: RateLimit): Sampler {
  checkKeys("rateLimitingSampler", limit, RATE_LIMIT_KEYS);
  return new RateLimitingSampler(limit);
}

class RateLimitingSampler implements Sampler {
  readonly #bucket: TokenBucket;
  readonly #description: string;

  constructor(limit: RateLimit) {
    this.#bucket = new TokenBucket(limit, "rateLimitingSampler");
    this.#description = `RateLimitingSampler{${limit.tracesPerSecond}/s}`;
  }

  shouldSample(context: Context): SamplingResult {
    const parent = validParent(context);
    if (parent !== undefined && !parent.isRemote) return followLocal(context, parent);
    const before = parent?.traceState;
    const decision = this.#bucket.take()
      ? SamplingDecision.RECORD_AND_SAMPLED
      : SamplingDecision.NOT_RECORD;
    return decided(decision, withThreshold(before, undefined));
  }

  toString(): string {
    return this.#description;
  }
}
