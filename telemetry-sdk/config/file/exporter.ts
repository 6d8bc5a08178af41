import type {
  LogRecordExporterConfigModel,
  PushMetricExporterConfigModel,
  SpanExporterConfigModel,
} from "@opentelemetry/configuration";
import { REFUSED_EXPORTERS } from "../names.ts";
import type { OtlpConfig } from "../schema.ts";
import type { ExporterName } from "../traces_schema.ts";
import { shownValue } from "./document.ts";
import { readOtlp } from "./otlp.ts";
import type { FilePlace } from "./place.ts";

type ExporterModel =
  | SpanExporterConfigModel
  | LogRecordExporterConfigModel
  | PushMetricExporterConfigModel;

/** What exports, and to where. */
export interface ReadExporter {
  readonly exporter: ExporterName;
  readonly otlp?: OtlpConfig;
}

/**
 * Reads an exporter. One that is not made here is refused, for the data would go somewhere else, or nowhere.
 *
 * @param model What the file says.
 * @param place Where that stands.
 * @throws {ConfigFileError} When it is not one that there is here.
 */
export function readExporter(model: ExporterModel, place: FilePlace): ReadExporter {
  const [kind] = Object.keys(model);
  switch (kind) {
    case undefined:
      return place.refuse("expected an exporter, such as otlp_http");
    case "otlp_http":
      return { exporter: "otlp", otlp: readOtlp(model[kind], place.at(kind)) };
    case "otlp_file/development": {
      const stream = model[kind]?.output_stream ?? "stdout";
      if (stream === "stdout") return { exporter: "otlp/stdout" };
      return place.at(kind, "output_stream").refuse(
        `${shownValue(stream)}: no file is written; expected stdout`,
      );
    }
    case "console":
      return { exporter: "console" };
    default: {
      const reason = Object.entries(REFUSED_EXPORTERS).find(([name]) => kind === name)?.[1];
      return place.at(kind).refuse(
        `the exporter ${shownValue(kind)} is not known; ` +
          (reason ?? "expected otlp_http, otlp_file/development or console"),
      );
    }
  }
}
