import type { Parser } from "./parsers.ts";

/** The signals that are exported, as OTLP spells them in its paths. */
export type SignalName = "traces" | "metrics" | "logs";

/**
 * Parses an OTLP/HTTP endpoint. A missing scheme means `http://`: the URL parser would take `localhost:` of
 * `localhost:4318` for the scheme, and every export would fail.
 */
export const parseEndpoint: Parser<string> = (text) => {
  const problem = "expected an http:// or https:// URL, like http://localhost:4318";
  const hasScheme = /^[a-z][a-z0-9+.-]*:\//i.test(text);
  if (hasScheme && !/^https?:\/\//i.test(text)) return { problem };
  const spelled = hasScheme ? text : `http://${text}`;
  // The URL parser drops or encodes white space, which would send to a place nobody wrote.
  if (/\s/.test(spelled) || !URL.canParse(spelled)) return { problem };
  const url = new URL(spelled);
  if (url.protocol !== "http:" && url.protocol !== "https:") return { problem };
  url.hash = "";
  return { value: url.href };
};

/** The same as {@linkcode parseEndpoint} for a base to which each signal's own path is added. */
export const parseBaseEndpoint: Parser<string> = (text) => {
  const { value, problem } = parseEndpoint(text);
  if (value === undefined) return problem === undefined ? {} : { problem };
  const url = new URL(value);
  const base = url.pathname.replace(/\/v1\/(traces|metrics|logs)\/?$/, "");
  if (base === url.pathname) return { value };
  url.pathname = base;
  return {
    value: url.href,
    problem:
      "expected the base of the collector, to which v1/traces, v1/metrics and v1/logs are added; left the path's end out",
  };
};

/**
 * The URL of one signal under a base endpoint.
 *
 * @param base A base endpoint, already parsed.
 * @param signal The signal to send there.
 */
export function signalEndpoint(base: string, signal: SignalName): string {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/v1/${signal}`;
  return url.href;
}

/** An endpoint as it was written, sound or not, without what must not be shown. */
export function redactedText(text: string): string {
  return text.replace(/(^|\/\/)[^/@\s]*@/, "$1REDACTED@")
    .replaceAll(/([?&][^=&\s]*=)[^&\s]*/g, "$1REDACTED");
}

/** The URL without what must not be shown: user, password and the query's values. */
export function redactedUrl(href: string): string {
  const url = new URL(href);
  url.username = "";
  url.password = "";
  for (const key of new Set(url.searchParams.keys())) url.searchParams.set(key, "REDACTED");
  return url.href;
}
