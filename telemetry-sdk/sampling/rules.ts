import type { Attributes, Context, Link, SpanKind } from "@opentelemetry/api";
import { type Sampler, SamplingDecision, type SamplingResult } from "@opentelemetry/sdk-trace-base";
import { decided, followLocal, validParent } from "./decision.ts";
import { checkedNumber, checkedRatio, checkedSampler, checkKeys, shown } from "./option_checks.ts";
import { withThreshold } from "./ot_trace_state.ts";
import { probabilitySampler } from "./probability.ts";
import { rateLimitingSampler } from "./rate_limiting.ts";
import { type SpanMatch, type SpanMatcher, spanMatcher } from "./span_match.ts";

const ACTIONS = ["sampler", "ratio", "ratePerSecond", "keep", "drop"] as const;

/** What becomes of a span. */
export type SamplingAction =
  /** Another sampler decides. */
  | { readonly sampler: Sampler }
  /** A share of the traces is kept, as by {@linkcode probabilitySampler}. */
  | { readonly ratio: number }
  /** So many traces a second are kept, as by {@linkcode rateLimitingSampler}. */
  | { readonly ratePerSecond: number }
  | { readonly keep: true }
  | { readonly drop: true };

/** Spans, and what becomes of them. */
export type SamplingRule = SamplingAction & { readonly match: SpanMatch };

/** How {@linkcode ruleSampler} decides. */
export interface RuleSamplerOptions {
  /** The first that matches decides. */
  readonly rules: readonly SamplingRule[];
  /** Decides where none does. */
  readonly otherwise: SamplingAction;
}

/**
 * Decides by rules; the first that matches counts. Rules look at the spans that begin a trace or
 * bring it into the process, and what is below follows, so that traces stay whole. Only a rule whose
 * match says `parent: "local"` looks inside, and it can do no more than drop a span with all below
 * it, or keep it from a later rule that would: `{ match: { parent: "local", spanName: "cache.*" },
 * drop: true }`.
 *
 * What a remote caller decided plays no part, unless this is the root of {@linkcode parentSampler}.
 *
 * Cost: grows with the rules that are looked at; wildcards and exact texts never backtrack, an
 * expression is as fast as it is written. See `docs/sampling.md` for the ratios to `always_on`.
 *
 * @param options The rules.
 * @throws {TypeError | RangeError} When a rule cannot work; the message says which, and where in it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { ruleSampler } from "@echelon/telemetry-sdk";
 *
 * const sampler = ruleSampler({
 *   rules: [
 *     { match: { route: ["/health", "/metrics"] }, drop: true },
 *     { match: { route: "/checkout/*", method: "POST" }, keep: true },
 *     { match: { attributes: { "user_agent.original": /bot|crawler/i } }, ratePerSecond: 0.1 },
 *   ],
 *   otherwise: { ratio: 0.05 },
 * });
 * assert.equal(String(sampler), "RuleSampler{3 rules, otherwise=ProbabilitySampler{0.05}}");
 * ```
 */
export function ruleSampler(options: RuleSamplerOptions): Sampler {
  checkKeys("ruleSampler", options, ["rules", "otherwise"]);
  return new RuleSampler(options);
}

interface Rule {
  readonly matches: SpanMatcher;
  readonly sampler: Sampler;
}

interface InnerRule {
  readonly matches: SpanMatcher;
  readonly drop: boolean;
}

class RuleSampler implements Sampler {
  readonly #rules: readonly Rule[];
  /** The rules that look at spans inside a trace. */
  readonly #inner: readonly InnerRule[];
  readonly #otherwise: Sampler;

  constructor({ rules, otherwise }: RuleSamplerOptions) {
    if (!Array.isArray(rules)) {
      throw new TypeError(`Bad "rules" ${shown(rules)}: expected a list of rules`);
    }
    const entering: Rule[] = [];
    const inner: InnerRule[] = [];
    for (const [index, rule] of rules.entries()) {
      const name = `rules[${index}]`;
      checkKeys(name, rule, ["match", ...ACTIONS]);
      const matches = spanMatcher(`${name}.match`, rule.match);
      const sampler = samplerOf(name, rule);
      if (rule.match.parent !== "local") entering.push({ matches, sampler });
      else inner.push({ matches, drop: dropsInside(name, rule) });
    }
    this.#rules = entering;
    this.#inner = inner;
    checkKeys("otherwise", otherwise, ACTIONS);
    this.#otherwise = samplerOf("otherwise", otherwise);
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
      if (this.#inner.length === 0) return followLocal(context, parent);
      const span = { name, kind, attributes, parent: "local" } as const;
      return this.#inner.find(({ matches }) => matches(span))?.drop
        ? DROP.shouldSample(context)
        : followLocal(context, parent);
    }
    const span = { name, kind, attributes, parent: parent ? "remote" : "none" } as const;
    const rule = this.#rules.find(({ matches }) => matches(span));
    return (rule?.sampler ?? this.#otherwise)
      .shouldSample(context, traceId, name, kind, attributes, links);
  }

  toString(): string {
    const count = this.#rules.length + this.#inner.length;
    return `RuleSampler{${count} ${count === 1 ? "rule" : "rules"}, otherwise=${this.#otherwise}}`;
  }
}

/** Drops, and takes back what a caller's threshold promised. */
const DROP = {
  shouldSample(context: Context): SamplingResult {
    const traceState = validParent(context)?.traceState;
    return decided(SamplingDecision.NOT_RECORD, withThreshold(traceState, undefined));
  },
  toString: () => "Drop",
};

/** A share or a rate of the spans inside would leave traces with holes that nobody could explain. */
function dropsInside(name: string, rule: SamplingRule): boolean {
  if ("drop" in rule || "keep" in rule) return "drop" in rule;
  throw new TypeError(`Bad "${name}": a rule with parent "local" can only say drop or keep`);
}

function samplerOf(name: string, action: SamplingAction): Sampler {
  const given = ACTIONS.filter((key) => key in action);
  if (given.length !== 1) {
    throw new TypeError(
      `Bad "${name}": expected one of ${ACTIONS.join(", ")}, got ${given.join(" and ") || "none"}`,
    );
  }
  if ("sampler" in action) return checkedSampler(`${name}.sampler`, action.sampler);
  if ("ratio" in action) return probabilitySampler(checkedRatio(`${name}.ratio`, action.ratio));
  if ("ratePerSecond" in action) {
    const perSecond = checkedNumber(`${name}.ratePerSecond`, action.ratePerSecond, 0);
    return rateLimitingSampler({ tracesPerSecond: perSecond });
  }
  if ("keep" in action && action.keep === true) return probabilitySampler(1);
  if ("drop" in action && action.drop === true) return DROP;
  throw new TypeError(`Bad "${name}.${given[0]}": expected true`);
}
