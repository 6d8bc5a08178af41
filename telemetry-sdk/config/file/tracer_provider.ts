import type { TracerProviderConfigModel } from "@opentelemetry/configuration";
import type { TracesConfig } from "../traces_schema.ts";
import { refuseSwitchedOff } from "./configurator.ts";
import { shownValue } from "./document.ts";
import type { FilePlace } from "./place.ts";
import { readProcessor } from "./processor.ts";
import { readSampling } from "./sampler.ts";

/**
 * Reads the traces signal.
 *
 * @param model What the file says.
 * @param place Where that stands.
 * @throws {ConfigFileError} When something of it cannot be.
 */
export function readTracerProvider(
  model: TracerProviderConfigModel,
  place: FilePlace,
): TracesConfig {
  const { limits, sampler, id_generator: generator } = model;
  const [kind = "random"] = Object.keys(generator ?? {});
  if (kind !== "random") {
    place.at("id_generator", kind)
      .warn(`the generator ${shownValue(kind)} is not known; ids are random`);
  }
  const configurator = model["tracer_configurator/development"];
  refuseSwitchedOff(
    {
      defaultConfig: configurator?.default_config,
      entries: configurator?.tracers,
      list: "tracers",
    },
    place.at("tracer_configurator/development"),
  );
  const at = place.at("limits");
  return {
    exporters: model.processors.flatMap((processor, index) =>
      readProcessor(processor, place.at("processors", index))
    ),
    ...(sampler && readSampling(sampler, place.at("sampler"))),
    ...(limits && {
      spanLimits: {
        attributeValueLengthLimit: at.at("attribute_value_length_limit").option(
          "traces.spanLimits.attributeValueLengthLimit",
          limits.attribute_value_length_limit,
        ),
        attributeCountLimit: at.at("attribute_count_limit").option(
          "traces.spanLimits.attributeCountLimit",
          limits.attribute_count_limit,
        ),
        eventCountLimit: at.at("event_count_limit")
          .option("traces.spanLimits.eventCountLimit", limits.event_count_limit),
        linkCountLimit: at.at("link_count_limit")
          .option("traces.spanLimits.linkCountLimit", limits.link_count_limit),
        attributePerEventCountLimit: at.at("event_attribute_count_limit").option(
          "traces.spanLimits.attributePerEventCountLimit",
          limits.event_attribute_count_limit,
        ),
        attributePerLinkCountLimit: at.at("link_attribute_count_limit").option(
          "traces.spanLimits.attributePerLinkCountLimit",
          limits.link_attribute_count_limit,
        ),
      },
    }),
  };
}
