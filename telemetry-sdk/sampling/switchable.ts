import type { Attributes, Context, Link, SpanKind } from "@opentelemetry/api";
import type { Sampler, SamplingResult } from "@opentelemetry/sdk-trace-base";
import { guardedSampler } from "./guarded.ts";
import { checkedSampler } from "./option_checks.ts";

/**
 * A sampler that can be changed while the application runs. Each decision is made by one sampler or
 * by the next, never by a mixture. A trace that is under way stays whole where the samplers follow
 * local parents, as {@linkcode parentSampler}, {@linkcode ruleSampler} and
 * {@linkcode rateLimitingSampler} do.
 *
 * Cost: the check of the current sampler's result, see {@linkcode guardedSampler}.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parentSampler, probabilitySampler, SwitchableSampler } from "@echelon/telemetry-sdk";
 *
 * const sampler = new SwitchableSampler(parentSampler({ root: probabilitySampler(0.01) }));
 * sampler.set(parentSampler({ root: probabilitySampler(1) })); // while something is looked into
 * assert.match(String(sampler), /ProbabilitySampler\{1\}/);
 * ```
 */
export class SwitchableSampler implements Sampler {
  #current: Sampler;
  #guarded: Sampler;

  /**
   * @param initial Decides until another is set.
   * @throws {TypeError} When it is no sampler.
   */
  constructor(initial: Sampler) {
    this.#current = checkedSampler("initial", initial);
    this.#guarded = guardedSampler(initial);
  }

  /** The sampler that decides now, as it was given. */
  get current(): Sampler {
    return this.#current;
  }

  /**
   * Has another sampler decide from now on.
   *
   * @param next The sampler.
   * @throws {TypeError} When it is none; the current one then stays.
   */
  set(next: Sampler): void {
    const guarded = guardedSampler(checkedSampler("next", next));
    this.#current = next;
    this.#guarded = guarded;
  }

  /** Asks the current sampler. */
  shouldSample(
    context: Context,
    traceId: string,
    name: string,
    kind: SpanKind,
    attributes: Attributes,
    links: Link[],
  ): SamplingResult {
    return this.#guarded.shouldSample(context, traceId, name, kind, attributes, links);
  }

  /** The current sampler's description. */
  toString(): string {
    return String(this.#guarded);
  }
}
