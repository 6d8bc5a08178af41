import type { ConfigurationModel } from "@opentelemetry/configuration";
import type { ReadVariable } from "../env.ts";
import type { TelemetryConfig } from "../schema.ts";
import type { SourceConfig } from "../source.ts";
import { ConfigFileError, inFile } from "./config_file_error.ts";
import { ConfigDocument, shownValue } from "./document.ts";
import { refuseUnknownKeys, warnUnused } from "./known_keys.ts";
import { readLoggerProvider } from "./logger_provider.ts";
import { readMeterProvider } from "./meter_provider.ts";
import { readModel, referredVariables } from "./model.ts";
import { FilePlace } from "./place.ts";
import { readPropagators } from "./propagator.ts";
import { readResource } from "./resource.ts";
import { readDiagnosticLevel } from "./severity.ts";
import { readText } from "./text.ts";
import { readTracerProvider } from "./tracer_provider.ts";

/** Which file is read, and what it may refer to. */
export interface FileOptions {
  /** Where it is, from the working directory. */
  readonly path: string;
  /** Gives the variables that the file refers to. */
  readonly env: ReadVariable;
}

/** What a configuration file says. */
export interface FileConfig extends SourceConfig {
  /**
   * What the file's silence means: a signal without a provider is off, and so are propagation and resource
   * detection. It counts after the environment.
   */
  readonly defaults: TelemetryConfig;
  /** The same as the standard's package has it, to be compared with a later one. */
  readonly model: ConfigurationModel;
}

/**
 * Reads a declarative configuration file.
 *
 * @param options Which file, and what it may refer to.
 * @throws {ConfigFileError} When the file cannot be read, or says something that cannot be: with the line, the
 * key and what would be right.
 */
export function configFromFile({ path, env }: FileOptions): FileConfig {
  try {
    return read(path, env);
  } catch (error) {
    if (error instanceof ConfigFileError) throw error;
    const problem = error instanceof RangeError
      ? "it is nested too deeply"
      : error instanceof Error
      ? error.message
      : String(error);
    throw new ConfigFileError(path, problem, { cause: error });
  }
}

function read(path: string, env: ReadVariable): FileConfig {
  const document = new ConfigDocument(path, readText(path));
  refuseUnknownKeys(document);
  const warnings: string[] = [];
  const variables = referredVariables(document, env, (name, problem) => {
    const position = document.references().find((reference) => reference.name === name)?.position;
    warnings.push(inFile(path, problem, { position, key: name }));
  });
  const model = readModel(document, variables);
  const place = new FilePlace({ document, warnings });
  warnIfNewer(document, place.at("file_format"));
  warnUnused(model, place);
  return { config: readConfig(model, place), defaults: silence(model), warnings, model };
}

/** The format promises that a newer minor version changes nothing that was there before. */
function warnIfNewer(document: ConfigDocument, place: FilePlace): void {
  const version = document.scalar("file_format");
  const [, minor = "0"] = /^1\.(\d+)/.exec(String(version)) ?? [];
  if (Number(minor) <= NEWEST_MINOR) return;
  place.warn(`${shownValue(version)} is newer than "1.${NEWEST_MINOR}", which is read here`);
}

const NEWEST_MINOR = 1;

function readConfig(model: ConfigurationModel, place: FilePlace): TelemetryConfig {
  const at = place.at("attribute_limits");
  const { attribute_limits: limits, propagator, resource } = model;
  const { tracer_provider: tracer, meter_provider: meter, logger_provider: logger } = model;
  return {
    disabled: model.disabled ?? undefined,
    diagnosticLevel: readDiagnosticLevel(model.log_level, place.at("log_level")),
    ...(resource && readResource(resource, place.at("resource"))),
    ...(propagator && { propagators: readPropagators(propagator, place.at("propagator")) }),
    ...(limits && {
      limits: {
        attributeValueLengthLimit: at.at("attribute_value_length_limit").option(
          "limits.attributeValueLengthLimit",
          limits.attribute_value_length_limit,
        ),
        attributeCountLimit: at.at("attribute_count_limit")
          .option("limits.attributeCountLimit", limits.attribute_count_limit),
      },
    }),
    ...(tracer && { traces: readTracerProvider(tracer, place.at("tracer_provider")) }),
    ...(meter && { metrics: readMeterProvider(meter, place.at("meter_provider")) }),
    ...(logger && { logs: readLoggerProvider(logger, place.at("logger_provider")) }),
  };
}

function silence(model: ConfigurationModel): TelemetryConfig {
  const off = { exporters: [] };
  return {
    ...(model.propagator ? {} : { propagators: [] }),
    ...(model.resource?.["detection/development"]?.detectors ? {} : { resourceDetectors: [] }),
    ...(model.tracer_provider ? {} : { traces: off }),
    ...(model.meter_provider ? {} : { metrics: off }),
    ...(model.logger_provider ? {} : { logs: off }),
  };
}
