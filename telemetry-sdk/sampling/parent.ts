import type { Attributes, Context, Link, SpanContext, SpanKind } from "@opentelemetry/api";
import { type Sampler, SamplingDecision, type SamplingResult } from "@opentelemetry/sdk-trace-base";
import { decided, followLocal, isSampled, validParent } from "./decision.ts";
import { checkedSampler, checkKeys } from "./option_checks.ts";
import { type RemoteParent, RemoteTrust } from "./remote_trust.ts";

/** Who decides on a span, by where its parent is. */
export interface ParentSamplerOptions {
  /** Decides on spans without a parent, and on those whose remote parent is not followed. */
  readonly root: Sampler;
  /** How far a caller's decision is followed; `trust` unless told. */
  readonly remoteParent?: RemoteParent | undefined;
  /** Decides on spans whose parent is in this process; they follow their parent unless told. */
  readonly localParent?: Sampler | undefined;
}

/**
 * Decides by the parent: spans within the process follow it, and how far a caller in another
 * process is followed is said outright. Whoever can reach a service can send `-01` and so force it
 * to record; `trust` is for callers that are one's own.
 *
 * | `remoteParent`     | the caller sampled           | the caller did not |
 * | ------------------ | ---------------------------- | ------------------ |
 * | `"trust"`          | sampled                      | not sampled        |
 * | `"ignore"`         | `root` decides               | `root` decides     |
 * | `"trustSampled"`   | sampled                      | `root` decides     |
 * | `"trustUnsampled"` | `root` decides               | not sampled        |
 * | `{ limit }`        | sampled, so many each second | not sampled        |
 *
 * What is over the limit, `root` decides. In every case the span stays in the caller's trace. A
 * `th` that no longer says how likely the span was to be sampled is erased.
 *
 * Cost: for a root span the root sampler's; for a child that of `parentbased_always_on`.
 *
 * @param options Who decides when.
 * @throws {TypeError | RangeError} When an option is not one.
 *
 * @example
 * ```ts
 * import { parentSampler, probabilitySampler } from "@echelon/telemetry-sdk";
 *
 * const atTheEdge = parentSampler({ root: probabilitySampler(0.1), remoteParent: "ignore" });
 * const inside = parentSampler({
 *   root: probabilitySampler(0.1),
 *   remoteParent: { limit: { tracesPerSecond: 5 } },
 * });
 * ```
 */
export function parentSampler(options: ParentSamplerOptions): Sampler {
  checkKeys("parentSampler", options, ["root", "remoteParent", "localParent"]);
  return new ParentSampler(options);
}

class ParentSampler implements Sampler {
  readonly #root: Sampler;
  readonly #localParent: Sampler | undefined;
  readonly #trust: RemoteTrust;

  constructor({ root, remoteParent = "trust", localParent }: ParentSamplerOptions) {
    this.#root = checkedSampler("parentSampler.root", root);
    this.#localParent = localParent && checkedSampler("parentSampler.localParent", localParent);
    this.#trust = new RemoteTrust(remoteParent);
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
    const ask = (sampler: Sampler) =>
      sampler.shouldSample(context, traceId, name, kind, attributes, links);
    if (parent === undefined) return ask(this.#root);
    if (!parent.isRemote) {
      return this.#localParent ? ask(this.#localParent) : followLocal(context, parent);
    }
    return this.#followRemote(parent, traceId, () => ask(this.#root));
  }

  #followRemote(parent: SpanContext, traceId: string, root: () => SamplingResult): SamplingResult {
    if (this.#trust.follows(isSampled(parent))) {
      const decision = isSampled(parent)
        ? SamplingDecision.RECORD_AND_SAMPLED
        : SamplingDecision.NOT_RECORD;
      return decided(decision, this.#trust.stateOfFollowed(parent, traceId));
    }
    const result = root();
    const traceState = this.#trust.stateOfRoot(parent, traceId, result);
    return traceState === result.traceState || traceState === undefined
      ? result
      : { ...result, traceState };
  }

  toString(): string {
    const local = this.#localParent ?? "follow";
    return `ParentSampler{root=${this.#root}, remoteParent=${this.#trust}, localParent=${local}}`;
  }
}
