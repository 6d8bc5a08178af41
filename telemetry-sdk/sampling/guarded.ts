import {
  type Attributes,
  type Context,
  diag,
  type Link,
  type SpanKind,
  type TraceState,
} from "@opentelemetry/api";
import { type Sampler, SamplingDecision, type SamplingResult } from "@opentelemetry/sdk-trace-base";
import { decided, isSampled, validParent } from "./decision.ts";
import { checkedSampler, shown } from "./option_checks.ts";

const DECISIONS: ReadonlySet<unknown> = new Set([
  SamplingDecision.NOT_RECORD,
  SamplingDecision.RECORD,
  SamplingDecision.RECORD_AND_SAMPLED,
]);

/**
 * Keeps a sampler's mistakes from the code that makes spans. One that throws, or answers with
 * anything but a sampling result, is reported to the diagnostics once, and for that span the parent
 * decides: sampled as it is; and where there is no parent, the span is recorded and sampled. A
 * promise is no answer: a sampler cannot wait.
 *
 * Cost: a `try` and a copy of the result; see `docs/sampling.md` for the ratio to `always_on`.
 *
 * @param sampler The application's.
 * @returns The same sampler where it is guarded already.
 * @throws {TypeError} When it is no sampler.
 */
export function guardedSampler(sampler: Sampler): Sampler {
  if (sampler instanceof GuardedSampler) return sampler;
  return new GuardedSampler(checkedSampler("sampler", sampler));
}

class GuardedSampler implements Sampler {
  readonly #sampler: Sampler;
  #reported = false;

  constructor(sampler: Sampler) {
    this.#sampler = sampler;
  }

  shouldSample(
    context: Context,
    traceId: string,
    name: string,
    kind: SpanKind,
    attributes: Attributes,
    links: Link[],
  ): SamplingResult {
    try {
      return soundResult(
        this.#sampler.shouldSample(context, traceId, name, kind, attributes, links),
      );
    } catch (error) {
      this.#report(error);
      const parent = validParent(context);
      return decided(
        parent === undefined || isSampled(parent)
          ? SamplingDecision.RECORD_AND_SAMPLED
          : SamplingDecision.NOT_RECORD,
      );
    }
  }

  #report(error: unknown): void {
    if (this.#reported) return;
    this.#reported = true;
    diag.error(`The sampler ${this} failed; for such spans the parent decides`, error);
  }

  toString(): string {
    try {
      return String(this.#sampler);
    } catch {
      return "unnamed";
    }
  }
}

/** Reads each part of a result once: what comes out cannot change or throw any more. */
function soundResult(result: unknown): SamplingResult {
  if (typeof result !== "object" || result === null) throw rubbish(result);
  if (result instanceof Promise) {
    // Nobody else will hear of its failure, and an unheard one would end the process.
    result.catch(() => {});
    throw rubbish(result);
  }
  const { decision, attributes, traceState }: Partial<SamplingResult> = result;
  if (decision === undefined || !DECISIONS.has(decision)) throw rubbish(decision);
  if (attributes === undefined && traceState === undefined) return decided(decision);
  if (traceState !== undefined && !isTraceState(traceState)) throw rubbish(traceState);
  return {
    decision,
    ...(attributes && { attributes: { ...attributes } }),
    ...(traceState && { traceState }),
  };
}

function isTraceState(value: unknown): value is TraceState {
  return typeof value === "object" && value !== null && "serialize" in value &&
    typeof value.serialize === "function" && "get" in value && typeof value.get === "function" &&
    "set" in value && typeof value.set === "function" && "unset" in value &&
    typeof value.unset === "function";
}

function rubbish(value: unknown): TypeError {
  return new TypeError(`Bad sampling result ${shown(value)}: expected a decision`);
}
