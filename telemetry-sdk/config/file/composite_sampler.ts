import type { SamplerConfigModel } from "@opentelemetry/configuration";
import type { Attributes, Context, Link, SpanKind } from "@opentelemetry/api";
import type { Sampler, SamplingResult } from "@opentelemetry/sdk-trace-base";
import { validParent } from "../../sampling/decision.ts";
import { parentSampler } from "../../sampling/parent.ts";
import { probabilitySampler } from "../../sampling/probability.ts";
import { type SpanMatcher, spanMatcher, type StartingSpan } from "../../sampling/span_match.ts";
import { shownValue } from "./document.ts";
import { nameFilter } from "./name_pattern.ts";
import type { FilePlace } from "./place.ts";

type Composite = NonNullable<SamplerConfigModel["composite/development"]>;
type Rules = NonNullable<NonNullable<Composite["rule_based"]>["rules"]>;
type Rule = Rules[number];

/**
 * Reads a sampler that is put together of others. Each of them is one that writes the share it keeps into the
 * trace state, or takes it out.
 *
 * @param model What the file says.
 * @param place Where that stands.
 * @throws {ConfigFileError} When it is not one that there is here.
 */
export function compositeSampler(model: Composite, place: FilePlace): Sampler {
  const [kind] = Object.keys(model);
  switch (kind) {
    case undefined:
      return place.refuse("expected a sampler, such as always_on");
    case "always_on":
      return probabilitySampler(1);
    case "always_off":
      return probabilitySampler(0);
    case "probability": {
      const ratio = place.at(kind, "ratio").option("traces.samplerRatio", model[kind]?.ratio);
      return probabilitySampler(ratio ?? 1);
    }
    case "parent_threshold": {
      const root = model[kind]?.root ?? place.at(kind).refuse("expected the key root");
      return parentSampler({ root: compositeSampler(root, place.at(kind, "root")) });
    }
    case "rule_based": {
      const here = place.at(kind, "rules");
      return new RuleBasedSampler(
        (model[kind]?.rules ?? []).map((rule, index) => ({
          matches: ruleMatcher(rule, here.at(index)),
          sampler: compositeSampler(rule.sampler, here.at(index, "sampler")),
        })),
      );
    }
    default:
      return place.at(kind).refuse(
        `the sampler ${shownValue(kind)} is not known; expected always_on, always_off, ` +
          "probability, parent_threshold or rule_based",
      );
  }
}

interface SamplerRule {
  readonly matches: SpanMatcher;
  readonly sampler: Sampler;
}

/** The first rule that holds decides, for every span: unlike `ruleSampler`, it looks inside traces by itself. */
class RuleBasedSampler implements Sampler {
  readonly #rules: readonly SamplerRule[];
  readonly #otherwise = probabilitySampler(0);

  constructor(rules: readonly SamplerRule[]) {
    this.#rules = rules;
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
    const place = parent === undefined ? "none" : parent.isRemote ? "remote" : "local";
    const span = { name, kind, attributes, parent: place } as const;
    const rule = this.#rules.find(({ matches }) => matches(span));
    return (rule?.sampler ?? this.#otherwise)
      .shouldSample(context, traceId, name, kind, attributes, links);
  }

  toString(): string {
    const count = this.#rules.length;
    return `RuleBasedSampler{${count} ${count === 1 ? "rule" : "rules"}}`;
  }
}

function ruleMatcher(rule: Rule, place: FilePlace): SpanMatcher {
  const { attribute_values: values, attribute_patterns: patterns } = rule;
  const kind = rule.span_kinds?.filter((one) => one !== null) ?? [];
  const parents = rule.parent?.filter((one) => one !== null) ?? [];
  if (rule.sampler === undefined) place.refuse("expected the key sampler");
  const conditions: SpanMatcher[] = [
    ...(kind.length > 0 ? [spanMatcher("span_kinds", { kind })] : []),
    ...(parents.length > 0 ? [({ parent }: StartingSpan) => parents.includes(parent)] : []),
    ...(values ? [attributeMatcher(values.key, (text) => values.values.includes(text))] : []),
    ...(patterns ? [attributeMatcher(patterns.key, nameFilter(patterns))] : []),
  ];
  return (span) => conditions.every((holds) => holds(span));
}

/** Of a list of values one is enough; a number is met by its text. */
function attributeMatcher(key: string, isMeant: (text: string) => boolean): SpanMatcher {
  return ({ attributes }) => {
    const value = attributes[key];
    if (value === undefined) return false;
    return (Array.isArray(value) ? value : [value]).some((one) => isMeant(String(one)));
  };
}
