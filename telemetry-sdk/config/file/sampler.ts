import type {
  ParentBasedSamplerConfigModel,
  SamplerConfigModel,
} from "@opentelemetry/configuration";
import { ParentBasedSampler, type Sampler } from "@opentelemetry/sdk-trace-base";
import { createSampler } from "../../sampling/standard.ts";
import { probabilitySampler } from "../../sampling/probability.ts";
import type { SamplerName, TracesConfig } from "../traces_schema.ts";
import { compositeSampler } from "./composite_sampler.ts";
import { shownValue } from "./document.ts";
import type { FilePlace } from "./place.ts";

/** A sampler as the configuration takes it: by name and share where it is one of the six. */
type Sampling = Pick<TracesConfig, "sampler" | "samplerRatio">;

/**
 * Reads a sampler.
 *
 * @param model What the file says.
 * @param place Where that stands.
 * @throws {ConfigFileError} When it is not one that there is here: another one would keep more traces, or fewer.
 */
export function readSampling(model: SamplerConfigModel, place: FilePlace): Sampling {
  const kind = kindOf(model, place);
  switch (kind) {
    case "always_on":
    case "always_off":
      return { sampler: kind };
    case "trace_id_ratio_based": {
      const here = place.at(kind, "ratio");
      const ratio = here.option("traces.samplerRatio", model[kind]?.ratio);
      return { sampler: "traceidratio", samplerRatio: ratio ?? 1 };
    }
    case "parent_based":
      return parentBased(model[kind] ?? {}, place.at(kind));
    case "probability/development": {
      const ratio = place.at(kind, "ratio").option("traces.samplerRatio", model[kind]?.ratio);
      return { sampler: probabilitySampler(ratio ?? 1) };
    }
    case "composite/development":
      return { sampler: compositeSampler(model[kind] ?? {}, place.at(kind)) };
    default:
      return place.at(kind).refuse(
        `the sampler ${shownValue(kind)} is not known; expected always_on, always_off, ` +
          "trace_id_ratio_based, parent_based, probability/development or composite/development",
      );
  }
}

/** The places where a parent can be, and who decides there where the file says nothing. */
const PARENTS = {
  remote_parent_sampled: "always_on",
  remote_parent_not_sampled: "always_off",
  local_parent_sampled: "always_on",
  local_parent_not_sampled: "always_off",
} as const;

function parentBased(
  model: NonNullable<ParentBasedSamplerConfigModel>,
  place: FilePlace,
): Sampling {
  const read = (key: keyof typeof PARENTS | "root", otherwise: SamplerName): Sampling => {
    const given = model[key];
    return given === undefined ? { sampler: otherwise } : readSampling(given, place.at(key));
  };
  const root = read("root", "always_on");
  const parents = Object.entries(PARENTS).map(([key, otherwise]) =>
    // `Object.entries` forgets which keys the table has.
    [key, read(key as keyof typeof PARENTS, otherwise), otherwise] as const
  );
  const named = typeof root.sampler === "string" ? PARENT_BASED[root.sampler] : undefined;
  if (named !== undefined && parents.every(([, { sampler }, usual]) => sampler === usual)) {
    return { ...root, sampler: named };
  }
  const [remoteSampled, remoteNotSampled, localSampled, localNotSampled] = parents.map((
    [, given],
  ) => made(given));
  return {
    sampler: new ParentBasedSampler({
      root: made(root),
      ...(remoteSampled && { remoteParentSampled: remoteSampled }),
      ...(remoteNotSampled && { remoteParentNotSampled: remoteNotSampled }),
      ...(localSampled && { localParentSampled: localSampled }),
      ...(localNotSampled && { localParentNotSampled: localNotSampled }),
    }),
  };
}

/** The samplers that have a name of their own where the parent decides in the usual way. */
const PARENT_BASED: Readonly<Partial<Record<string, SamplerName>>> = {
  always_on: "parentbased_always_on",
  always_off: "parentbased_always_off",
  traceidratio: "parentbased_traceidratio",
};

function made({ sampler, samplerRatio }: Sampling): Sampler {
  if (typeof sampler === "string") return createSampler(sampler, samplerRatio);
  // None of those that the file can say decides at the end.
  return sampler as Sampler;
}

function kindOf(model: SamplerConfigModel, place: FilePlace): string {
  const [kind] = Object.keys(model);
  return kind ?? place.refuse("expected a sampler, such as always_on");
}
