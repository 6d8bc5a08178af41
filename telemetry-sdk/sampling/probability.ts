import { type Context, createTraceState, type TraceState } from "@opentelemetry/api";
import { type Sampler, SamplingDecision, type SamplingResult } from "@opentelemetry/sdk-trace-base";
import { decided, validParent } from "./decision.ts";
import { checkedRatio } from "./option_checks.ts";
import { NOTHING_REJECTED, passes, randomnessOf, withThreshold } from "./ot_trace_state.ts";

const DIGITS = 14;
const POPULATION = 1n << 56n;
const SMALLEST_RATIO = 2 ** -56;
/** What the specification recommends, counted after the leading `f` of a small ratio. */
const SIGNIFICANT_DIGITS = 4;

/**
 * Samples a share of all traces, the same ones in every service that asks for as many, and writes
 * the share into the trace state (`ot=th:…`), so that counts can be extrapolated from what is kept.
 * What is kept at 1 % is also kept at 10 %.
 *
 * The parent's decision plays no part; as the root of {@linkcode parentSampler} it does.
 *
 * Cost: for a root span that of `always_on`; below a parent, the check of the parent's ids comes
 * on top. See `docs/sampling.md` for the ratios.
 *
 * @param ratio The share, from 0 to 1. It is rounded to four significant hexadecimal digits, as the
 * specification recommends: 0.1 keeps 10.0006 %.
 * @throws {RangeError} When the ratio is out of range.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { probabilitySampler } from "@echelon/telemetry-sdk";
 *
 * assert.equal(String(probabilitySampler(0.1)), "ProbabilitySampler{0.1}");
 * ```
 *
 * @see https://opentelemetry.io/docs/specs/otel/trace/tracestate-probability-sampling/
 */
export function probabilitySampler(ratio: number): Sampler {
  return new ProbabilitySampler(checkedRatio("ratio", ratio));
}

class ProbabilitySampler implements Sampler {
  readonly #ratio: number;
  /** As `th` writes it; nothing where no trace is kept. */
  readonly #written: string | undefined;
  readonly #threshold: string;
  readonly #sampledRoot: SamplingResult;

  constructor(ratio: number) {
    this.#ratio = ratio;
    this.#written = rejectionThreshold(ratio);
    this.#threshold = this.#written?.padEnd(DIGITS, "0") ?? "";
    this.#sampledRoot = decided(
      SamplingDecision.RECORD_AND_SAMPLED,
      createTraceState(`ot=th:${this.#written}`),
    );
  }

  shouldSample(context: Context, traceId: string): SamplingResult {
    const before = validParent(context)?.traceState;
    if (!this.#keeps(traceId, before)) {
      return decided(SamplingDecision.NOT_RECORD, withThreshold(before, undefined));
    }
    if (before === undefined) return this.#sampledRoot;
    return decided(SamplingDecision.RECORD_AND_SAMPLED, withThreshold(before, this.#written));
  }

  #keeps(traceId: string, traceState: TraceState | undefined): boolean {
    if (this.#written === undefined) return false;
    return this.#written === NOTHING_REJECTED ||
      passes(randomnessOf(traceId, traceState), this.#threshold);
  }

  toString(): string {
    return `ProbabilitySampler{${this.#ratio}}`;
  }
}

/** Of the 2^56 randomnesses, how many are rejected: hexadecimal digits, without those zeros that end them. */
function rejectionThreshold(ratio: number): string | undefined {
  if (ratio < SMALLEST_RATIO) return undefined;
  const exact = POPULATION - BigInt(Math.round(ratio * 2 ** 56));
  const leading = /^f*/.exec(exact.toString(16).padStart(DIGITS, "0"))?.[0].length ?? 0;
  const unit = 16n ** BigInt(Math.max(0, DIGITS - SIGNIFICANT_DIGITS - leading));
  const rounded = ((exact + unit / 2n) / unit) * unit;
  const threshold = rounded < POPULATION ? rounded : POPULATION - unit;
  return threshold.toString(16).padStart(DIGITS, "0").replace(/0+$/, "") || NOTHING_REJECTED;
}
