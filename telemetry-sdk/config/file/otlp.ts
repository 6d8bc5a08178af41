import type {
  HttpTlsConfigModel,
  NameStringValuePairConfigModel,
  OtlpHttpExporterConfigModel,
} from "@opentelemetry/configuration";
import { parseHeaders } from "../parsers.ts";
import type { OtlpConfig } from "../schema.ts";
import type { FilePlace } from "./place.ts";

/**
 * Reads the settings of an OTLP exporter.
 *
 * @param model What the file says; null leaves everything to the other sources.
 * @param place Where that stands.
 * @throws {ConfigFileError} When something of it cannot be.
 */
export function readOtlp(
  model: NonNullable<OtlpHttpExporterConfigModel> | null | undefined,
  place: FilePlace,
): OtlpConfig {
  const given = model ?? {};
  return {
    endpoint: place.at("endpoint").option("traces.otlp.endpoint", given.endpoint),
    headers: readHeaders(given, place),
    timeoutMillis: place.at("timeout").option("traces.otlp.timeoutMillis", given.timeout),
    compression: place.at("compression").option("traces.otlp.compression", given.compression),
    protocol: place.at("encoding").option(
      "traces.otlp.protocol",
      given.encoding && `http/${given.encoding}`,
    ),
    ...readTls(given.tls, place.at("tls")),
  };
}

function readTls(tls: HttpTlsConfigModel | undefined, place: FilePlace): OtlpConfig {
  return {
    certificate: place.at("ca_file").option("traces.otlp.certificate", tls?.ca_file),
    clientKey: place.at("key_file").option("traces.otlp.clientKey", tls?.key_file),
    clientCertificate: place.at("cert_file").option(
      "traces.otlp.clientCertificate",
      tls?.cert_file,
    ),
  };
}

interface GivenHeaders {
  readonly headers?: readonly NameStringValuePairConfigModel[];
  readonly headers_list?: string | null;
}

/** What a header holds is a secret as often as not, so it is never shown. */
function readHeaders(
  { headers = [], headers_list: list }: GivenHeaders,
  place: FilePlace,
): Readonly<Record<string, string>> | undefined {
  const fromList = list ? parseHeaders(list) : {};
  if (fromList.problem !== undefined) place.at("headers_list").refuse(fromList.problem);
  const own = headers.flatMap(({ name, value }, index) => {
    if (value === null) return [];
    try {
      const [header] = new Headers([[name, value]]);
      return header === undefined ? [] : [header];
    } catch {
      return place.at("headers", index).refuse("this is no HTTP header");
    }
  });
  const joined = { ...fromList.value, ...Object.fromEntries(own) };
  return Object.keys(joined).length === 0 ? undefined : joined;
}
