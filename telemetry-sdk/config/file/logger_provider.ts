import type { LoggerProviderConfigModel } from "@opentelemetry/configuration";
import type { LogsConfig } from "../logs_schema.ts";
import { readLoggerRules } from "./logger_rules.ts";
import type { FilePlace } from "./place.ts";
import { readProcessor } from "./processor.ts";

/**
 * Reads the logs signal.
 *
 * @param model What the file says.
 * @param place Where that stands.
 * @throws {ConfigFileError} When something of it cannot be.
 */
export function readLoggerProvider(model: LoggerProviderConfigModel, place: FilePlace): LogsConfig {
  const { limits } = model;
  const at = place.at("limits");
  const { minimumSeverity, filter } = readLoggerRules(
    model["logger_configurator/development"],
    place.at("logger_configurator/development"),
  );
  return {
    exporters: model.processors.flatMap((processor, index) =>
      readProcessor(processor, place.at("processors", index))
        .map((destination) => ({ ...destination, ...(filter && { filter }) }))
    ),
    ...(limits && {
      limits: {
        attributeValueLengthLimit: at.at("attribute_value_length_limit").option(
          "logs.limits.attributeValueLengthLimit",
          limits.attribute_value_length_limit,
        ),
        attributeCountLimit: at.at("attribute_count_limit").option(
          "logs.limits.attributeCountLimit",
          limits.attribute_count_limit,
        ),
      },
    }),
    ...(minimumSeverity && { minimumSeverity }),
  };
}
