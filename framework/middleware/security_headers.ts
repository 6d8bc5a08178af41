import type { Middleware } from "../http/types.ts";

/** A content security policy: its text, or the sources of each directive. */
export type ContentSecurityPolicy =
  | string
  | Readonly<Record<string, readonly string[]>>;

/** Each header's value, or `false` to leave it out. */
export interface SecurityHeadersOptions {
  /** What a page may load and run; left out unless told. */
  readonly contentSecurityPolicy?: ContentSecurityPolicy | false;
  /** A policy that is only reported on, to try it out; left out unless told. */
  readonly contentSecurityPolicyReportOnly?: ContentSecurityPolicy | false;
  /** Whether a page embeds only what agrees to it; left out unless told. */
  readonly crossOriginEmbedderPolicy?: "require-corp" | "credentialless" | "unsafe-none" | false;
  /** Which windows keep hold of each other; `same-origin` unless told. */
  readonly crossOriginOpenerPolicy?:
    | "same-origin"
    | "same-origin-allow-popups"
    | "noopener-allow-popups"
    | "unsafe-none"
    | false;
  /** Whose pages may embed the response; `same-origin` unless told. */
  readonly crossOriginResourcePolicy?: "same-origin" | "same-site" | "cross-origin" | false;
  /** Whether pages are kept apart by origin; `?1` unless told. */
  readonly originAgentCluster?: "?1" | "?0" | false;
  /** What a page may use of the browser, such as `camera=()`; left out unless told. */
  readonly permissionsPolicy?: string | false;
  /** How much of a page's address goes along to others; `no-referrer` unless told. */
  readonly referrerPolicy?: string | false;
  /**
   * For how long a browser comes by HTTPS only; a year with subdomains unless told. Sent over HTTPS
   * only.
   */
  readonly strictTransportSecurity?: string | false;
  /** Keeps browsers from guessing another content type; `nosniff` unless told. */
  readonly xContentTypeOptions?: "nosniff" | false;
  /** Whether a page's links are looked up ahead; `off` unless told. */
  readonly xDnsPrefetchControl?: "on" | "off" | false;
  /** Whether a page may stand in a frame; `SAMEORIGIN` unless told. */
  readonly xFrameOptions?: "DENY" | "SAMEORIGIN" | false;
  /** Whether documents of other sites may load data, as PDF readers do; `none` unless told. */
  readonly xPermittedCrossDomainPolicies?:
    | "none"
    | "master-only"
    | "by-content-type"
    | "all"
    | false;
  /** The filter of old browsers, which opened holes of its own; `0` unless told. */
  readonly xXssProtection?: "0" | false;
}

const DEFAULTS: SecurityHeadersOptions = {
  crossOriginOpenerPolicy: "same-origin",
  crossOriginResourcePolicy: "same-origin",
  originAgentCluster: "?1",
  referrerPolicy: "no-referrer",
  strictTransportSecurity: "max-age=31536000; includeSubDomains",
  xContentTypeOptions: "nosniff",
  xDnsPrefetchControl: "off",
  xFrameOptions: "SAMEORIGIN",
  xPermittedCrossDomainPolicies: "none",
  xXssProtection: "0",
};

const HSTS = "strict-transport-security";

/**
 * Sets the headers that make browsers careful with the responses, errors too. A response that has
 * one of them of its own keeps it, as a page with a nonce in its policy does.
 *
 * @throws {TypeError} When a value cannot stand in a header, or a directive holds `;` or `,`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Application } from "@echelon/framework";
 * import { securityHeaders } from "@echelon/framework/middleware";
 *
 * const app = new Application();
 * app.use(securityHeaders({
 *   contentSecurityPolicy: { "default-src": ["'self'"], "img-src": ["'self'", "data:"] },
 *   xFrameOptions: "DENY",
 *   originAgentCluster: false,
 * }));
 * app.get("/", (ctx) => ctx.html("<h1>Hello</h1>"));
 *
 * const { headers } = await app.handle(new Request("http://localhost/"));
 * assert(headers.get("x-frame-options") === "DENY");
 * assert(headers.get("x-content-type-options") === "nosniff");
 * ```
 */
export function securityHeaders(options: SecurityHeadersOptions = {}): Middleware<object> {
  const settings = Object.entries({ ...DEFAULTS, ...options });
  const headers = [...new Headers(settings.flatMap(toHeader))];
  const insecure = headers.filter(([name]) => name !== HSTS);

  return function securityHeaders(ctx, next) {
    // RFC 6797, section 7.2: over plain HTTP it must not be sent.
    const sent = ctx.origin.scheme === "https" ? headers : insecure;
    for (const [name, value] of sent) ctx.responseHeaders.set(name, value);
    return next();
  };
}

function toHeader(
  [option, value]: [string, ContentSecurityPolicy | false | undefined],
): [string, string][] {
  if (value === undefined || value === false) return [];
  const name = option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return [[name, typeof value === "string" ? value : policyText(value)]];
}

function policyText(policy: Readonly<Record<string, readonly string[]>>): string {
  const directives = Object.entries(policy).map(([name, sources]) => {
    const directive = [name, ...sources].join(" ");
    if (!/[;,]/.test(directive)) return directive;
    throw new TypeError(
      `Cannot use "${directive}" in a content security policy: ";" and "," would end the directive`,
    );
  });
  return directives.join("; ");
}
