import { parseBaseEndpoint, parseEndpoint, redactedText } from "./endpoint.ts";
import { COMPRESSIONS, OTLP_PROTOCOLS, REFUSED_PROTOCOLS, TRANSPORTS } from "./names.ts";
import { oneOf, parseHeaders, parseText, parseTimeout } from "./parsers.ts";
import { row, type Setting } from "./setting.ts";

/** The OTLP settings of one scope: those that the signals share, or a signal's own. */
export function otlpSettings(
  section: "otlp." | "traces.otlp." | "metrics.otlp." | "logs.otlp.",
): readonly Setting[] {
  const signal = section === "otlp." ? "" : section.slice(0, -"otlp.".length - 1).toUpperCase();
  const prefix = `OTEL_EXPORTER_OTLP_${signal === "" ? "" : `${signal}_`}`;
  return [
    row(
      `${section}endpoint`,
      `${prefix}ENDPOINT`,
      signal === "" ? parseBaseEndpoint : parseEndpoint,
      signal === ""
        ? "the collector; `localhost:4318` will do"
        : "the receiver of this signal, used as it stands",
      { show: redactedText },
    ),
    row(
      `${section}headers`,
      `${prefix}HEADERS`,
      parseHeaders,
      "`key=value,…`, percent-encoded; never shown",
      { secret: true },
    ),
    row(
      `${section}timeoutMillis`,
      `${prefix}TIMEOUT`,
      parseTimeout,
      "how long one export may take with all its attempts, in ms; 0: no limit",
    ),
    row(`${section}compression`, `${prefix}COMPRESSION`, oneOf(COMPRESSIONS), "`none` or `gzip`"),
    row(
      `${section}protocol`,
      `${prefix}PROTOCOL`,
      oneOf(OTLP_PROTOCOLS, REFUSED_PROTOCOLS),
      "`http/protobuf` or `http/json`",
    ),
    row(
      `${section}transport`,
      undefined,
      oneOf(TRANSPORTS),
      "`fetch`, this package's own, or `node`, the stock exporters whole",
    ),
    row(
      `${section}certificate`,
      `${prefix}CERTIFICATE`,
      parseText,
      "a PEM file with the authorities that are trusted",
    ),
    row(
      `${section}clientKey`,
      `${prefix}CLIENT_KEY`,
      parseText,
      "a PEM file with the client's private key",
      { secret: true },
    ),
    row(
      `${section}clientCertificate`,
      `${prefix}CLIENT_CERTIFICATE`,
      parseText,
      "a PEM file with the client's certificate",
    ),
  ];
}
