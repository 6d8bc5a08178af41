import { TraceFlags } from "@opentelemetry/api";
import type { LoggerProviderConfigModel } from "@opentelemetry/configuration";
import type { SdkLogRecord } from "@opentelemetry/sdk-logs";
import { SEVERITY_NUMBERS } from "../../logs/severity.ts";
import type { LogDestination, Severity } from "../logs_schema.ts";
import { nameMatcher } from "./name_pattern.ts";
import type { FilePlace } from "./place.ts";
import { readSeverity } from "./severity.ts";

type Configurator = NonNullable<LoggerProviderConfigModel["logger_configurator/development"]>;
type LoggerModel = NonNullable<Configurator["default_config"]>;

/** Which log records are kept. */
export interface LoggerRules {
  /** The least severity of all loggers, where no logger has rules of its own. */
  readonly minimumSeverity?: Severity | undefined;
  /** The rest, for each destination. */
  readonly filter?: NonNullable<LogDestination["filter"]> | undefined;
}

interface Rule {
  readonly enabled: boolean;
  readonly severity: Severity | undefined;
  readonly traceBased: boolean;
}

/**
 * Reads which log records are kept, by logger.
 *
 * @param model What the file says.
 * @param place Where that stands.
 */
export function readLoggerRules(model: Configurator | undefined, place: FilePlace): LoggerRules {
  const otherwise = readRule(model?.default_config, place.at("default_config"));
  const rules = (model?.loggers ?? []).map(({ name, config }, index) => ({
    isMeant: nameMatcher(name),
    rule: readRule(config, place.at("loggers", index, "config")),
  }));
  const isPlain = rules.length === 0 && otherwise.enabled && !otherwise.traceBased;
  if (isPlain) return { minimumSeverity: otherwise.severity };
  return {
    filter(record) {
      const { name } = record.instrumentationScope;
      const rule = rules.find(({ isMeant }) => isMeant(name))?.rule ?? otherwise;
      return isKept(record, rule);
    },
  };
}

function readRule(model: LoggerModel | undefined, place: FilePlace): Rule {
  return {
    enabled: model?.enabled ?? true,
    severity: readSeverity(model?.minimum_severity, place.at("minimum_severity")),
    traceBased: model?.trace_based ?? false,
  };
}

function isKept(
  { severityNumber, spanContext }: Pick<SdkLogRecord, "severityNumber" | "spanContext">,
  { enabled, severity, traceBased }: Rule,
): boolean {
  if (!enabled) return false;
  // A record that says nothing of its severity is not known to be less grave.
  const isGrave = severity === undefined || !severityNumber ||
    severityNumber >= SEVERITY_NUMBERS[severity];
  const isSampled = spanContext === undefined ||
    (spanContext.traceFlags & TraceFlags.SAMPLED) !== 0;
  return isGrave && (!traceBased || isSampled);
}
