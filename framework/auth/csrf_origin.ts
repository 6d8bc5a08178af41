import type { RequestOrigin } from "../http/origin.ts";

/** Where a request was made, as far as its browser says. */
export type OriginVerdict =
  | { readonly kind: "trusted" | "unknown" }
  | { readonly kind: "foreign"; readonly message: string };

/**
 * Judges where a request was made. `Sec-Fetch-Site` counts first, as no proxy changes what it means;
 * browsers send it over HTTPS and to localhost. `Origin` counts otherwise.
 */
export function judgeOrigin(
  request: { readonly headers: Headers; readonly origin: RequestOrigin },
  trustedOrigins: ReadonlySet<string>,
): OriginVerdict {
  const site = request.headers.get("sec-fetch-site");
  const origin = request.headers.get("origin");
  if (site === "same-origin" || site === "none") return { kind: "trusted" };
  if (origin !== null && trustedOrigins.has(origin)) return { kind: "trusted" };
  if (site !== null) {
    return foreign(`The request comes from another site ("${site}"), which is not trusted`);
  }
  if (origin === null) return { kind: "unknown" };
  const own = ownOrigin(request.origin);
  return origin === own
    ? { kind: "trusted" }
    : foreign(`The request comes from the origin "${origin}": expected "${own}"`);
}

/**
 * Refuses what could never match an `Origin` header.
 *
 * @throws {TypeError} When one is no origin.
 */
export function assertTrustedOrigins(origins: readonly string[]): void {
  for (const origin of origins) {
    if (URL.parse(origin)?.origin === origin) continue;
    throw new TypeError(
      `The trusted origin "${origin}" is not valid: expected one such as "https://app.example"`,
    );
  }
}

function foreign(message: string): OriginVerdict {
  return { kind: "foreign", message };
}

/** In the form in which browsers write it: lower case, without a default port. */
function ownOrigin({ scheme, host, port }: RequestOrigin): string {
  const name = host.includes(":") ? `[${host}]` : host;
  const written = `${scheme}://${name}${port === undefined ? "" : `:${port}`}`;
  return URL.parse(written)?.origin ?? written;
}
